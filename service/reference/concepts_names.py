"""What a whole phrase means, through the ways clinicians write it."""

import re
from collections.abc import Iterator

from service.reference import concepts_words as words
from service.reference.concepts_index import QUIET, Index
from service.reference.concepts_text import Coder
from service.schemas.concept import ConceptKind

Numbers = tuple[int, ...]

_PARENTHESIS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
_GRADING = (
    r"(?:ajcc |figo |who |ds |iss |tnm )?(?:stage|grade|phase)s? ?(?:[ivxⅠⅡⅢⅣ]+|\d|0)(?:[a-d]\d?)?"
    r"(?:\s*(?:[/,-]|to|or|and)\s*(?:[ivx]+|\d)[a-d]?\d?)*|ajcc v\d(?: and v\d)?|v\d"
)
_RELATION = re.compile(
    r"\s+(?:due to|following|associated with|related to|secondary to|caused by|induced by|after|with|without|in"
    r"|including|involving|and|or|of the|classified)\s+|\s*[,;:+&–]\s*|\s-\s|/",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(r"^[A-Z]\.\s+")
_CONTRARY = {"non", "not", "no", "anti", "without", "pseudo", "pre", "post", "never"}
_HEADS = {ConceptKind.DISEASE, ConceptKind.FINDING}
_LONGEST = 300  # characters; longer text is no name


class Names:
    """Lookup of whole phrases."""

    def __init__(self, index: Index, coder: Coder) -> None:
        self._index, self._coder, self._idle = index, coder, words.SEPARATORS | coder.stop
        self._qualifiers = (_any_of(index.qualifiers), _any_of((*index.qualifiers, *index.weak_qualifiers)))

    def exact(self, text: str) -> Numbers:
        """The phrase as it stands, in another word order, in capitals, or the same thing with itself in parentheses."""
        if len(text) > _LONGEST:
            return ()
        outside = _PARENTHESIS.sub(" ", text).strip() if "(" in text or "[" in text else text.strip()
        capitals = "" if text.strip().lower() in self._index.ordinary else text.upper()
        for spelling in dict.fromkeys((text, capitals, outside)):
            if found := self._phrase(spelling):
                return found
        return ()

    def resolve(self, text: str) -> tuple[Numbers, tuple[str, ...]]:
        """The phrase without its qualifiers, or the thing its other words are about; and those other words."""
        if found := self.exact(text):
            return found, ()
        if len(text) > _LONGEST:
            return (), ()
        for candidate, rest in self._candidates(_ENUMERATION.sub("", text)):
            if found := self._phrase(candidate):
                return found, rest
            for pattern in self._qualifiers:
                qualifiers = tuple(match.group() for match in pattern.finditer(candidate))
                if qualifiers and (found := self._phrase(_without(pattern, candidate))):
                    return found, (*qualifiers, *rest)
        return self._head(text)

    def _candidates(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The phrase and its parts, what it is about first; each with what is left over."""
        inside = _PARENTHESIS.findall(text)
        outside = _PARENTHESIS.sub(" ", text).strip()
        yield outside, tuple(inside)
        for part in inside:
            yield part, (outside,)
        for relation in reversed(list(_RELATION.finditer(outside))):
            yield _RELATION.sub(" ", outside[: relation.start()]), (outside[relation.start() :].strip(), *inside)
        for relation in _RELATION.finditer(outside):
            yield outside[relation.end() :], (outside[: relation.end()].strip(), *inside)

    def _phrase(self, text: str) -> Numbers:
        code = self._coder.code(words.split(text)[1:-1])
        number = self._index.phrases.get(code)
        if number is not None:
            return self._index.concepts(self._index.meanings[number] & ~QUIET)
        if words.BREAK not in code:
            number = self._index.bags.get(words.JOIN.join(words.bag(code, self._idle)))
            if number is not None:
                return self._index.concepts(self._index.bag_meanings[number])
        return ()

    def _head(self, text: str) -> tuple[Numbers, tuple[str, ...]]:
        """The longest disease that the phrase, up to its first relation, ends in: what its first words narrow."""
        first = _RELATION.split(_PARENTHESIS.sub(" ", text).strip())[0]
        starts = [match.start() for match in re.finditer(r"(?<!\S)\S", first)][1:]
        for start in starts:
            before = first[:start].split()
            found = self._phrase(first[start:])
            if found and any(self._index.kind(number) in _HEADS for number in found):
                if before[-1].lower().strip("-") in _CONTRARY:
                    return (), ()
                return found, (first[:start].strip(),)
        return (), ()


def _any_of(spoken: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(sorted(map(re.escape, spoken), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{_GRADING}|{longest_first})(?![\w-])", re.IGNORECASE)


def _without(pattern: re.Pattern[str], text: str) -> str:
    return " ".join(pattern.sub(" ", text).replace("/", " ").split()).strip(" ,;-")
