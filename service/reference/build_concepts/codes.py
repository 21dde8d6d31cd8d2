"""Codes → concepts: ICD-10-CM by title, cross-reference or the code above; the others by cross-reference."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from service.reference.build_concepts.entry import Entries
from service.reference.build_concepts.hierarchy import reaches
from service.reference.build_concepts.icd10 import Code
from service.reference.build_concepts.names import key_of
from service.schemas.concept import ConceptKind

CODED = {ConceptKind.DISEASE, ConceptKind.FINDING, ConceptKind.OTHER, ConceptKind.PROCEDURE}


def table(entries: Entries, tabular: Mapping[str, Code], ours: Mapping[str, str]) -> dict[str, list[str]]:
    """Every known code, as `SYSTEM code`."""
    found: dict[str, list[str]] = {}
    crossed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries.values():
        for coded in entry.codes:
            crossed[coded].append(entry.id)
    for (system, number), ids in crossed.items():
        if system != "ICD10CM":
            found[f"{system} {number.removeprefix(system + ':')}"] = sorted(ids)
    by_title = _titles(entries)
    for code in tabular.values():
        above = found.get(f"ICD10CM {code.parent.replace('.', '')}", [])
        ids = [ours[code.code]] if code.code in ours else _meaning(code, by_title, crossed, entries)
        if code.code not in ours and ids and above and reaches(entries, above[0], ids[0]):
            ids = above
        found[f"ICD10CM {code.code.replace('.', '')}"] = ids or above
    return found


def _titles(entries: Entries) -> dict[str, str]:
    titles: dict[str, tuple[int, str]] = {}
    for entry in entries.values():
        if entry.kind in CODED:
            for name, trust in entry.names.items():
                key = key_of(name)
                titles[key] = min((trust, entry.id), titles.get(key, (9, "")))
    return {key: id_ for key, (_, id_) in titles.items()}


def _meaning(
    code: Code, titles: Mapping[str, str], crossed: Mapping[tuple[str, str], list[str]], entries: Entries
) -> list[str]:
    """What the code's title says; else what a terminology says it is, if that is one thing."""
    for name in code.names:
        if id_ := titles.get(key_of(name)):
            return [id_]
    ids = crossed.get(("ICD10CM", code.code), [])
    return _broadest(ids, entries)


def _broadest(ids: Iterable[str], entries: Entries) -> list[str]:
    """The one that covers all the others, or none: a code may never claim more than it says."""
    ids = sorted(set(ids))
    return [top for top in ids if all(reaches(entries, id_, top) for id_ in ids)][:1]
