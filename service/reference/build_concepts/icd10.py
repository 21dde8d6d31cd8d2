"""ICD-10-CM: every code of the tabular list, and the concepts the better-known ones mean."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_BRACKETS = re.compile(
    r"\s*\[[^\]]*\]|,? unspecified\b|\bunspecified ?|,? not elsewhere classified|\(acute\) |,? NOS\b"
)
_TAIL = re.compile(
    r",? (not having achieved remission|in remission|in relapse|without complications?|with unspecified complications?"
    r"|uncomplicated|initial encounter|subsequent encounter|unspecified (site|organ|eye|ear|limb|side)"
    r"|of unspecified (site|organ|part).*|unspecified)$"
)


class Code:
    """`names` are the code's title and inclusion terms; `parent` is the code it stands under."""

    def __init__(self, code: str, names: list[str], parent: str) -> None:
        self.code, self.names, self.parent = code, names, parent


def read(tabular: bytes) -> dict[str, Code]:
    """Every chapter section and code, broader ones first."""
    root = ElementTree.fromstring(tabular)  # noqa: S314 – a pinned release of a package
    codes: dict[str, Code] = {}
    for section in root.iter("section"):
        block = section.get("id", "")
        codes[block] = Code(block, [re.sub(r"\s*\([^)]*\)$", "", section.findtext("desc", ""))], "")
        for node in section.findall("diag"):
            codes |= {code.code: code for code in _walk(node, block)}
    return codes


def _walk(node: ElementTree.Element, parent: str) -> Iterator[Code]:
    code, title = node.findtext("name", ""), node.findtext("desc", "")
    notes = [note.text or "" for note in node.findall("inclusionTerm/note")]
    yield Code(code, list(_spoken([title, *notes])), parent)
    for child in node.findall("diag"):
        yield from _walk(child, code)


def _spoken(titles: list[str]) -> Iterator[str]:
    """Each title as a clinician would say it: without brackets, `unspecified` and encounter tails."""
    for title in titles:
        yield title
        bare = re.sub(r"\s*\[[^\]]*\]", "", title)
        yield bare
        shorter = _TAIL.sub("", bare)
        yield shorter
        yield _BRACKETS.sub("", shorter).strip(" ,")
        if bare.startswith("Malignant neoplasm of "):
            part = _BRACKETS.sub("", shorter).removeprefix("Malignant neoplasm of ")
            yield part + " cancer"
