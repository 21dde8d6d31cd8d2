"""Expressions in a line that a clinician can read: `all(age ≥ 3 ≤ 18 a, weight ≥ 10 kg)`."""

from service.schemas.expression import (
    Age,
    Allergy,
    AllOf,
    AnyOf,
    AtLeast,
    Attestation,
    Biomarker,
    ConditionIs,
    Expression,
    If,
    Limit,
    Measurement,
    Not,
    Pregnancy,
    ScaleScore,
    SexIs,
    Survival,
    TobaccoIs,
    TreatmentIs,
    Unparsed,
    Window,
)
from service.schemas.quantity import Quantity, Range


def spelled(node: Expression) -> str:
    """The whole tree."""
    match node:
        case AllOf():
            return f"all({', '.join(map(spelled, node.of))})"
        case AnyOf():
            return f"any({', '.join(map(spelled, node.of))})"
        case AtLeast():
            return f"at_least({node.n}; {', '.join(map(spelled, node.of))})"
        case Not():
            return f"not({spelled(node.of)})"
        case If():
            otherwise = "" if node.otherwise is None else f" else {spelled(node.otherwise)}"
            return f"if({spelled(node.when)} then {spelled(node.then)}{otherwise})"
        case _:
            return _leaf(node) + _window(getattr(node, "window", None)) + _exceptions(node)


def _leaf(node: Expression) -> str:  # noqa: C901, PLR0911 – one line a leaf type
    match node:
        case Age():
            return f"age {_range(node.range)}"
        case SexIs():
            return node.sex.value
        case Measurement():
            return f"{node.analyte or repr(node.name)} {_range(node.range, node.relative_to)}".strip()
        case ScaleScore():
            return f"{node.scale}{f' of {node.of}' if node.of else ''} {_range(node.range)}"
        case Survival():
            return f"survival {_range(node.range)}"
        case ConditionIs():
            return " ".join((*(f"{qualifier}:" for qualifier in node.qualifiers), f"<{node.name}>"))
        case Biomarker():
            found = f" {node.result.value}" if node.result else ""
            return f"marker {node.marker}{found}{' ' + _range(node.range) if node.range else ''}"
        case TreatmentIs():
            outcome = f" {node.outcome.value}" if node.outcome else ""
            name = " ".join((*(f"{qualifier}:" for qualifier in node.qualifiers), f"[{node.name}]"))
            return f"{node.timing.value} {name}{outcome}{' lines ' + _range(node.lines) if node.lines else ''}"
        case Pregnancy():
            return node.state.value
        case Allergy():
            return f"allergy to {node.to}"
        case TobaccoIs():
            return f"tobacco {node.use.value}"
        case Attestation():
            return f"attest {node.about}"
        case Unparsed():
            return f"?{node.text}?"
        case _:
            raise AssertionError(node)


def _range(range_: Range, limit: Limit | None = None) -> str:
    low = "" if range_.low is None else f"{'≥' if range_.low_inclusive else '>'} {range_.low:g}"
    high = "" if range_.high is None else f"{'≤' if range_.high_inclusive else '<'} {range_.high:g}"
    return " ".join(part for part in (low, high, range_.unit or "", limit.value if limit else "") if part)


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    lengths = (("within", window.within), ("for", window.at_least))
    said = [f"{name} {_length(value)}" for name, value in lengths if value is not None]
    said += [f"{name} {event}" for name, event in (("before", window.before), ("after", window.after)) if event]
    return f" @{' '.join(said)}"


def _length(value: Quantity) -> str:
    return f"{value.value:g} {value.unit}"


def _exceptions(node: Expression) -> str:
    if not isinstance(node, ConditionIs | TreatmentIs) or not node.other_than:
        return ""
    return f" but {' | '.join(map(spelled, node.other_than))}"
