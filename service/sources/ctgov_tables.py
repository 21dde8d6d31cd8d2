"""The tables and lists of the classic ClinicalTrials.gov page: conditions, arms and outcomes."""

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from service.reference.concepts import ConceptKind, concept, is_a, lookup
from service.schemas.trial import Arm, Intervention, MeshTerm, Outcome, Outcomes, Phase
from service.sources import glued, page, wording
from service.sources.page import Line
from service.sources.traced import plain

CONDITIONS_HEADER = re.compile(
    r"Conditions? or disease\b.*|Conditions?[ |]+Interventions?(?:[ |]+Phase)?", re.IGNORECASE
)
ARMS_HEADER = re.compile(r"(?:Arms?|Groups?/Cohorts?)[ |]*(?:Assigned )?Interventions?(?:/treatments?)?", re.IGNORECASE)
OUTCOME_RANKS = {
    "primary outcome measures": "primary",
    "secondary outcome measures": "secondary",
    "other outcome measures": "other",
    "other pre-specified outcome measures": "other",
}
CONDITIONS_END = re.compile(r"Study Type ?:|Detailed Description ?:|Study Design$|Layout table")
DESIGN_END = re.compile(
    r"Choosing to participate|Ages Eligible for Study|Eligibility(?: Criteria)?$|Information from the Nat"
)
DESIGN_ROW = re.compile(r"(?:Actual |Estimated )?(?:Enrollment|(?:Study Start|(?:Primary|Study) Completion) Date) ?:")
TIME_FRAME = re.compile(
    r"(?P<measure>.*?) ?\[ ?Time Frame: ?(?P<time>(?:[^\[\]]|\[[^\[\]]*\])*?) ?\] ?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
SAFETY_ISSUE = re.compile(r"\[ ?Designated as safety issue: ?\w+ ?\]\s*")
ARM_TYPE = re.compile(r"(Experimental|Active Comparator|Placebo Comparator|Sham Comparator|No Intervention|Other): ")
SET_BELOW = re.compile(r"Go to$|Layout table |Condition or disease|Information from the National")
KEYWORDS = re.compile(r"Keywords provided by .*:")
MESH = re.compile(r"Additional relevant MeSH terms ?:")
DRUGS = frozenset({ConceptKind.DRUG, ConceptKind.DRUG_CLASS})
OTHER_NAMES = re.compile(r"\s*\bOther Names?:\s*")
LIST_MARK = re.compile(r"^(?:[-*•] |\d{1,2}\. )\s*")
HEADING = re.compile(
    r"(?:Study Description|Study Design|Arms and Interventions|Outcome Measures|Eligibility Criteria"
    r"|Contacts and Locations|More Information|Layout table .*|Go to)$"
)


def prose_end(lines: Sequence[Line]) -> int:
    """Where prose stops: at the table of conditions, or at a heading of the site, which `Go to` or a table follows."""
    for at, line in enumerate(lines):
        below = page.first_words(lines[at + 1 :]) or ""
        if CONDITIONS_HEADER.fullmatch(line.words) or (HEADING.match(line.words) and SET_BELOW.match(below)):
            return at
    return len(lines)


def conditions(lines: Sequence[Line]) -> tuple[tuple[str, ...], tuple[Intervention, ...], tuple[Phase, ...]]:
    """The first table: conditions, interventions (each with its type), phase."""
    start = _find(lines, CONDITIONS_HEADER.fullmatch)
    text = "\n".join(line.text for line in _between(lines, start + 1, CONDITIONS_END) if not _is_rule(line))
    barred = start < len(lines) and "|" in lines[start].text
    cells = [_tidy(cell) for cell in text.split("|")] if barred else _unbarred(text)
    named, given, phases, *_ = [*cells, "", "", ""]
    interventions = tuple(each for line in given.split("\n") if line for each in wording.interventions(line))
    names = [each.name for each in interventions]
    items = tuple(item for line in named.split("\n") if line for item in glued.parted(line, names))
    return items, interventions, wording.phases(phases)


def _unbarred(text: str) -> list[str]:
    """Without bars: interventions begin at the first type, the phase is what stands last."""
    text = _tidy(text)
    found = re.search(rf"[\s]*((?:(?:{wording.PHASE.pattern})[\s/]*)*)$", text, re.IGNORECASE)
    phase = found[1] if found else ""
    rest = text[: len(text) - len(phase)].rstrip() if phase else text
    first = wording.INTERVENTION.search(rest)
    return [rest[: first.start()].strip(), rest[first.start() :], phase] if first else [rest, "", phase]


def arms(lines: Sequence[Line], known: Sequence[Intervention]) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """The arms, and the interventions with the descriptions and other names that the arms' table gives them."""
    found: list[Arm] = []
    told: dict[str, Intervention] = {}
    cells, barred = _arm_cells(lines, known)
    given: list[Intervention] = []
    for cell in cells:
        # Between bars, arms and interventions take turns: an arm may be called `Other: Diet`, as an intervention is.
        given = [] if barred and (given or not found) else _given(cell, known)
        if not given:
            found.append(_arm(cell))
        for each in given:
            name = wording.linked(each)
            told.setdefault(name, each)
            if found and name not in found[-1].intervention_names:
                found[-1] = replace(found[-1], intervention_names=(*found[-1].intervention_names, name))
    return tuple(found), tuple(told.get(wording.linked(each), each) for each in known)


def _arm_cells(lines: Sequence[Line], known: Sequence[Intervention]) -> tuple[list[str], bool]:
    """The table's cells in order, and whether bars part them; else one starts with each type of arm or known name."""
    start = _find(lines, ARMS_HEADER.fullmatch)
    body = _arms_body(lines, start)
    if start < len(lines) and "|" in lines[start].text:
        text = "\n".join(line.text for line in body if not _is_rule(line))
        return [cell for cell in map(_tidy, text.split("|")) if cell], True
    cells: list[str] = []
    for line in page.filled(body):
        opens = ARM_TYPE.match(line.words) or _known_at(line.words, known)
        if opens or not cells:
            cells.append(_tidy(line.text))
        else:
            cells[-1] += "\n" + _tidy(line.text)
    return cells, False


def _arms_body(lines: Sequence[Line], start: int) -> Sequence[Line]:
    """Up to the outcomes; a page without the table may list interventions as bullets below its design."""
    if start == len(lines):
        design = _between(lines, _find(lines, CONDITIONS_END.match), DESIGN_END)
        return [line for line in design if LIST_MARK.match(line.text) and wording.INTERVENTION.match(line.words)]
    body = _between(lines, start + 1, DESIGN_END)
    for at, line in enumerate(body):
        above = next((each.text for each in reversed(body[:at]) if each.text), "")
        listed = LIST_MARK.match(line.text) and above.endswith("|")
        if listed or TIME_FRAME.fullmatch(line.words) or line.label in OUTCOME_RANKS or HEADING.match(line.words):
            return body[:at]
    return body


def _is_rule(line: Line) -> bool:
    """`---|---|`, under the head of a table."""
    return "--" in line.text and set(line.text) <= set("-| ")


def _known_at(words: str, known: Sequence[Intervention]) -> bool:
    return any(words.startswith(wording.linked(each)) for each in known)


def _given(cell: str, known: Sequence[Intervention]) -> list[Intervention]:
    """`Drug: A 30 mg Other Name: X Drug: B …`: parted at the names that the first table lists."""
    if not _known_at(LIST_MARK.sub("", cell, count=1), known):
        return []
    by_name = {wording.linked(each): each for each in known}
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    parts = re.split(rf"(?:^|(?<=\s))(?:[-•*] )?({names})(?=\s|$)", cell)
    return [_described(by_name[name], text) for name, text in zip(parts[1::2], parts[2::2], strict=True)]


def _described(given: Intervention, text: str) -> Intervention:
    description, *others = OTHER_NAMES.split(text)
    names = (LIST_MARK.sub("", name, count=1).strip() for other in others for name in other.split("\n"))
    return replace(given, description=description.strip() or None, other_names=tuple(filter(None, names)))


def _arm(cell: str) -> Arm:
    first, _, description = cell.partition("\n")
    kind = ARM_TYPE.match(first)
    label = first[kind.end() :] if kind else first
    return wording.arm(label, kind[1] if kind else None, description.strip() or None)


def outcomes(lines: Sequence[Line]) -> Outcomes | None:
    """Measures by rank; where the page has lost the headings the first is primary, the registry's first list."""
    ranked: dict[str, list[Outcome]] = {"primary": [], "secondary": [], "other": [], "unranked": []}
    for rank, outcome in _outcome_items(lines):
        ranked[rank or ("unranked" if ranked["primary"] else "primary")].append(outcome)
    found = Outcomes(**{rank: tuple(listed) for rank, listed in ranked.items()})
    return None if found == Outcomes() else found


def _outcome_items(lines: Sequence[Line]) -> Iterator[tuple[str | None, Outcome]]:
    """From the list or lists below the arms; before 2017 they stood above them."""
    start = _find(lines, ARMS_HEADER.fullmatch)
    in_arms = {line.number for line in (*lines[start : start + 1], *_arms_body(lines, start))}
    design = _between(lines, _find(lines, CONDITIONS_END.match), DESIGN_END)
    body = [line for line in page.filled(design) if line.number not in in_arms]
    timed = any(TIME_FRAME.fullmatch(line.words) for line in body)
    rank: str | None = None
    item: list[str] = []
    for line in body:
        opens = TIME_FRAME.fullmatch(line.words) if timed else LIST_MARK.match(line.text)
        if item and (opens or line.label in OUTCOME_RANKS or DESIGN_ROW.match(line.words)):
            yield rank, _outcome("\n".join(item))
            item = []
        if line.label in OUTCOME_RANKS:
            rank = OUTCOME_RANKS[line.label]
        elif opens or item:
            item.append(LIST_MARK.sub("", _tidy(line.text), count=1) if opens else _tidy(line.text))
    if item:
        yield rank, _outcome("\n".join(item))


def _outcome(item: str) -> Outcome:
    found = TIME_FRAME.fullmatch(item)
    if found is None:
        return Outcome(measure=item)
    description = SAFETY_ISSUE.sub("", found["rest"]).strip()
    return Outcome(measure=found["measure"], time_frame=found["time"] or None, description=description or None)


def terms_start(lines: Sequence[Line]) -> int:
    """Where keywords or MeSH terms begin."""
    return min(_find(lines, KEYWORDS.match), _find(lines, MESH.match))


def keywords(tail: Sequence[Line]) -> tuple[str, ...]:
    """Those under `Keywords provided by …`, each on its line, or all run together."""
    start = _find(tail, KEYWORDS.match)
    cells = _cells(tail[start + 1 : start + 1 + _find(tail[start + 1 :], MESH.match)])
    return tuple(cells) if len(cells) > 1 else tuple(glued.parted(cells[0], (), glued.ANY_KIND) if cells else ())


def mesh_terms(tail: Sequence[Line]) -> tuple[MeshTerm, ...]:
    """Those under `Additional relevant MeSH terms`, or, where headings are lost, what the vocabulary knows."""
    start = _find(tail, MESH.match)
    headed = start < len(tail)
    if not headed and _find(tail, KEYWORDS.match) < len(tail):
        return ()
    cells = _cells(tail[start + 1 :] if headed else tail)
    if headed and len(cells) > 1:
        terms = [glued.Term(cell, tuple(each.id for each in lookup(cell))) for cell in cells]
    else:
        terms = [term for cell in cells for term in glued.vocabulary_terms(cell)]
    unknown = sum(len(term.text) for term in terms if not term.concepts and "," not in term.text)
    if not headed and unknown > sum(len(term.text) for term in terms) / 10:
        return ()
    listed = {code for term in terms for code in term.concepts}
    return tuple(_mesh_term(term, listed) for term in terms)


def _mesh_term(term: glued.Term, listed: set[str]) -> MeshTerm:
    """`ancestor`: a narrower term is listed too. The registry sets diseases apart from drugs; the kind tells which."""
    kinds = {concept(code).kind for code in term.concepts}
    ids = [code.removeprefix("MESH:") for code in term.concepts if code.startswith("MESH:")]
    return MeshTerm(
        term=term.text,
        id=next(iter(ids), None),
        branch="condition" if kinds & glued.DISEASES else "intervention" if kinds & DRUGS else None,
        ancestor=any(is_a(other, code) for code in term.concepts for other in listed - set(term.concepts)),
    )


def _cells(lines: Sequence[Line]) -> list[str]:
    return [cell for line in lines for cell in map(_tidy, line.text.split("|")) if cell]


def _tidy(text: str) -> str:
    """Escapes undone, blanks single, line breaks kept."""
    return "\n".join(
        filter(None, (" ".join(plain(line).split()) for line in text.split("\n") if set(line) - set("- ")))
    )


def _find(lines: Sequence[Line], fits: Callable[[str], object]) -> int:
    """The first line that fits; past the end if none does."""
    return next((at for at, line in enumerate(lines) if fits(line.words)), len(lines))


def _between(lines: Sequence[Line], start: int, end: re.Pattern[str]) -> Sequence[Line]:
    return lines[start : start + _find(lines[start:], end.match)]
