"""ICD-10-CM: every code of the tabular list, and the names under which a vocabulary may know what it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

# what a clinician leaves out of a title, in this order; a broader meaning is sound, a narrower one never
_LESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\s*\[[^\]]*\]",
        r",? (not having achieved remission|in remission|in relapse|(initial|subsequent) encounter|sequela)$",
        r"^other (and unspecified |specified |or unspecified )?",
        r"unspecified (site|part|area) of (unspecified |right |left )?",
        r",? (single episode|recurrent)\b.*",
        r",? (in )?(occipito-atlanto-axial|(mid-|high )?cervical|cervicothoracic|thoracic|thoracolumbar|lumbar"
        r"|lumbosacral|sacral and sacrococcygeal|unspecified cervical) region$",
        r",? (right|left|bilateral|unspecified) (eye|ear|side|limb|knee|hip|shoulder|hand|foot|breast|lung)$",
        r",? (without|with unspecified|with other specified) complications?$",
        r"\s*\([^)]*\)",
        r",? unspecified\b|\bunspecified |,? not elsewhere classified|,? NOS\b|,? uncomplicated$",
        r"\b(right|left) ",
    )
)
_MALIGNANT = re.compile(r"malignant neoplasm of (?:other )?(?:parts of )?", re.IGNORECASE)


@dataclass(frozen=True)
class Code:
    """`names`: the title and what is left of it, the fullest first; `parent`: the code it stands under."""

    code: str
    names: tuple[str, ...]
    parent: str


def read(tabular: bytes, listed: str) -> dict[str, Code]:
    """Every section and code, broader ones first; codes that only the list has (seventh characters) come last."""
    root = ElementTree.fromstring(tabular)  # noqa: S314 – a pinned release of a package
    codes: dict[str, Code] = {}
    for section in root.iter("section"):
        block = section.get("id", "")
        codes[block] = Code(block, _spoken(section.findtext("desc", "")), "")
        for node in section.findall("diag"):
            codes |= {code.code: code for code in _walk(node, block)}
    known = {code.replace(".", ""): code for code in codes}
    for full in listed.split():
        if full not in known and "-" not in full:
            stem = next((full[:size] for size in range(len(full) - 1, 2, -1) if full[:size] in known), "")
            codes[full] = Code(full, (), known.get(stem, ""))
    return codes


def _walk(node: ElementTree.Element, parent: str) -> Iterator[Code]:
    code = node.findtext("name", "")
    same = [note.text or "" for note in node.findall("inclusionTerm/note")]
    names = (*_spoken(node.findtext("desc", "")), *(n for note in same if note.endswith(" NOS") for n in _spoken(note)))
    yield Code(code, names, parent)
    for child in node.findall("diag"):
        yield from _walk(child, code)


def _spoken(title: str) -> tuple[str, ...]:
    names = [title]
    for pattern in _LESS:
        names.append(pattern.sub("", names[-1]).strip(" ,"))
    names += [_MALIGNANT.sub("", name) + " cancer" for name in names if _MALIGNANT.match(name)]
    return tuple(dict.fromkeys(name for name in names if name))
