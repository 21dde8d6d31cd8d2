"""Read parameters strictly: known names, right types, every fault named."""

import re
from urllib.parse import parse_qsl

from service.api.asked.faults import listed, suggestion
from service.errors import Fault, InvalidParameter
from service.schemas.trial import ANY_NCT_ID


def canonical_nct_id(text: str) -> str:
    """`nct04691349`, `NCT4691349` → `NCT04691349`. Raises InvalidParameter for what is no NCT number."""
    if not re.fullmatch(ANY_NCT_ID, text):
        fault = Fault("expected an NCT number, for example `NCT04691349`", parameter="nctId")
        raise InvalidParameter("the address names no NCT number", fault)
    return f"NCT{int(text[3:]):08d}"


def query_pairs(query_string: bytes) -> list[tuple[str, str]]:
    """The parameters as sent. Raises InvalidParameter where the query is not UTF-8."""
    try:
        return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=2_000)
    except ValueError:
        raise InvalidParameter("the query is not UTF-8, or has too many parameters") from None


def query_value(query_string: bytes, name: str) -> str | None:
    """The one value of a parameter, None where it is not given. Raises InvalidParameter for two."""
    values = [value for each, value in query_pairs(query_string) if each == name]
    if len(values) > 1:
        raise InvalidParameter(f"`{name}` is given more than once", Fault("given more than once", parameter=name))
    return values[0] if values else None


def whole_number(query_string: bytes, name: str) -> int | None:
    """A parameter that counts from 1, None where it is not given. Raises InvalidParameter for anything else."""
    value = query_value(query_string, name) if query_string else None
    if value is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,8}|10{9}", value, re.ASCII):
        fault = Fault("expected a whole number from 1 to 1000000000", parameter=name)
        raise InvalidParameter(f"`{name}` is no number that there can be", fault)
    return int(value)


def refuse_unknown(pairs: list[tuple[str, str]], known: tuple[str, ...]) -> None:
    """Raises InvalidParameter, with a suggestion when a known name is close."""
    wrong = [
        Fault(f"unknown parameter{suggestion(name, known) or expected(known)}", parameter=name[:100])
        for name, _ in pairs
        if name not in known
    ]
    if wrong:
        raise InvalidParameter("the query has unknown parameters; see `errors`", *wrong)


def expected(known: tuple[str, ...]) -> str:
    """What could have been asked."""
    return f"; expected {listed(known)}" if known else "; none is expected"
