"""How many numeric bounds of real criteria are read: `python -m tests.eval.constraints [--show N]`.

Compiles the annotated trials of ../shared and hands the leaves with ranges to the scorer that lies there; then says how
much of the criteria is read at all.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from service.criteria import compile_text
from service.criteria.tree import leaves
from service.reference.concepts import lookup
from service.schemas.criterion import Coverage, Criterion
from service.schemas.expression import Allergy, Attestation, Biomarker, ConditionIs, Leaf, Measurement, TreatmentIs

SHARED = Path(__file__).parents[3] / "shared"


def texts(archive: Path) -> Iterator[tuple[str, str]]:
    """Trial and eligibility text of every annotated trial."""
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda each: each.name):
            file = tar.extractfile(member) if member.name.endswith(".txt") else None
            if file is not None:
                yield Path(member.name).stem, file.read().decode("utf-8")


def scored(gold: Path, compiled: list[tuple[str, Criterion]], show: str) -> str:
    """What the scorer prints for these criteria."""
    rows = [{**msgspec.to_builtins(criterion), "id": trial} for trial, criterion in compiled]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted:
        predicted.write(_run("constraints_from_compiled.py", stdin=lines))
        predicted.flush()
        return _run("score_constraints.py", str(gold), predicted.name, "--show", show)


def _run(tool: str, *arguments: str, stdin: str = "") -> str:
    command = [sys.executable, str(SHARED / "tools" / tool), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout


def main() -> int:
    """0 when scored; 1 where the annotated trials are absent."""
    if not SHARED.is_dir():
        print(f"no annotated trials: {SHARED.name}/ is not beside the project", file=sys.stderr)
        return 1
    show = sys.argv[sys.argv.index("--show") + 1] if "--show" in sys.argv else "0"
    found = list(texts(SHARED / "data" / "lct-dev.tar.gz"))
    compiled = [(trial, criterion) for trial, text in found for criterion in compile_text(text)]
    print(f"numeric bounds, {len(found)} annotated trials")
    print(scored(SHARED / "data" / "lct-constraints-dev.jsonl", compiled, show), end="")
    coverage = Counter(criterion.coverage.value for _, criterion in compiled)
    shares = ", ".join(f"{name} {count / len(compiled):.3f}" for name, count in sorted(coverage.items()))
    print(f"criteria read, of {len(compiled)}: {shares}")
    full = [criterion for _, criterion in compiled if criterion.coverage is Coverage.FULL]
    opaque = sum(any(map(_is_opaque, leaves(criterion.expression))) for criterion in full)
    attested = sum(any(isinstance(leaf, Attestation) for leaf in leaves(criterion.expression)) for criterion in full)
    print(f"of those read in full: with a name that no vocabulary has {opaque / len(full):.3f}")
    print(f"                       with what only the site can attest {attested / len(full):.3f}")
    return 0


def _is_opaque(leaf: Leaf) -> bool:
    """Whether only a record in the same words can tell: a name without a concept, a value without an analyte."""
    match leaf:
        case ConditionIs() | TreatmentIs():
            return leaf.concept is None and not lookup(leaf.name)
        case Biomarker():
            return leaf.concept is None and not lookup(leaf.marker)
        case Allergy():
            return leaf.concept is None and not lookup(leaf.to)
        case Measurement():
            return leaf.analyte is None
        case _:
            return False


if __name__ == "__main__":
    sys.exit(main())
