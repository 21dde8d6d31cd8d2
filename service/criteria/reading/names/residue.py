"""Leftover words beside an item: whether they only narrow it or might turn it round."""

import re

from service.criteria.reading.tokens.lex import Token

_NARROWING = re.compile(
    r"^(?:to|over|under|at|requiring|requires|require|that|which|who|with|in|of|on|by|for|from|as|at|involving|affecting|caused|treated|confirmed|documented"
    r"|diagnosed|defined|associated|related|secondary|due|resulting|needing|necessitating|according|under|per|despite|following|after|before"
    r"|during|including|detected|measured|assessed|determined|demonstrated|using|via|through|within|prior|leading|causing|on|undergoing"
    r"|receiving|presenting|accompanied|complicated|classified|based|meeting|fulfilling|having|located|limited|not|without|where|because)\b"
)
_TURNING = re.compile(
    r"(?<![\w-])(?:able|ability|unable|inability|avoid\w*|refus\w*|resolv\w*|screen\w*|prevent\w*|prophyla\w*|vaccin\w*|candidat\w*|famil\w*|relative\w*"
    r"|mother\w*|father\w*|parent\w*|sibling\w*|partner\w*|donor\w*|exposure|contact|questionnaire|knowledge|compar\w*|control\w*|anti|non(?!-)|free|lack"
    r"|absen\w*|exclu\w*|cannot|can\s+not|can't|symptoms?|signs?|rule|ruled|without|no|not|never|unless|except|suspect\w*|possible|potential\w*|risk|fear|concern|attitude|research|study"
    r"|allow\w*|permit\w*|accept\w*|(?:in)?eligible|unsuitable|include\w*|other\s+than|if|when|unlikely|likely|may|might|could|would|history|wait\w*|stop\w*"
    r"|discontinu\w*|withdraw\w*|before|until|instead|rather|either|treat\w*|therapy|manag\w*|improv\w*|recover\w*|caus\w*|heal\w*|remission|unrelated|negativ\w*|predispos\w*|contribut\w*|promot\w*|contraindic\w*|specialist\w*|clinic|ward|unit)\b"
)
_MODIFIERS = 3
_VERBS = re.compile(
    r"(?<![\w-])(?:develop\w*|mimic\w*|induc\w*|exacerbat\w*|worsen\w*|affect\w*|undergo\w*|underwent|receiv\w*|tolerat\w*|evaluat\w*|assess\w*"
    r"|understand\w*|interfer\w*|increas\w*|decreas\w*|reduc\w*|experienc\w*|report\w*|identif\w*|reject\w*|simulat\w*|detect\w*)\b"
)


_DEMANDING = re.compile(
    r"^(?:that|which|who)?\s*(?:\w+ly\s+)?(?:requir\w+|need\w*|necessitat\w+|demand\w+|confirmed|documented|diagnosed|proven|associated"
    r"|related|caused|secondary|due|resulting|involving|affecting|treated|requiring)\b"
)
_DENYING = re.compile(
    r"\b(?:no|not|never|without|unless|except|resolv\w*|free|absen\w*|allow\w*|permit\w*|accept\w*|eligible)\b"
)


def narrows(run: list[Token], tokens: list[Token], text: str) -> bool:
    """Whether the words only make the statement beside them more special, so that its being false stays decisive."""
    if any({"comparator", "range_open"} & token.tags.keys() for token in run):
        return False
    words = text[run[0].start : run[-1].end].lower()
    behind = any(token.reading is not None and token.end <= run[0].start for token in tokens)
    ahead = any(token.reading is not None and token.start >= run[-1].end for token in tokens)
    if behind and not ahead and _DEMANDING.match(words):
        return not _DENYING.search(words)
    if behind and not ahead:
        return bool(_NARROWING.match(words)) and not _TURNING.search(words)
    return len(run) <= _MODIFIERS and not _TURNING.search(words) and not _VERBS.search(words)


_REVERSING = re.compile(
    r"\b(?:inab\w*|unable|incapab\w*|fail\w*|lack\w*|absen\w*|rarely|however|allow\w*|permit\w*|accept\w*|regardless|irrespective|except\w*"
    r"|unless|instead|decreas(?!ed)\w*|increas(?!ed)\w*|reduc(?!ed)\w*|refus\w*|avoid\w*|risk|prevent\w*|eligible\s+if|not|no|never|without|may|might|could)\W*$"
)


def turns(words: str) -> bool:
    """Whether words right before a bound may deny or loosen it."""
    return bool(_REVERSING.search(words.lower()))
