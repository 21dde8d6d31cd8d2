"""How well the vocabulary knows real trials: `python -m tests.eval.concepts [--misses]`.

Against the registry records of `../shared`: how many condition strings resolve, weighted by use; how often what
they resolve to agrees with the registry's own MeSH terms; speed, size, memory and load time. The registry gives its
terms to a record, not to a string, so agreement is judged where a record has one condition, and diseases only.
"""

import gzip
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.reference.concepts import Concept, ConceptKind, by_code, is_a, mentions, resolve
from service.reference.concepts_index import PACK, load
from service.schemas.coding import MESH

JUDGED = (ConceptKind.DISEASE, ConceptKind.FINDING)
RECORDS = Path(__file__).parents[3] / "shared" / "data" / "ctgov-v2-dev.jsonl.gz"

Record = dict[str, Any]


def records() -> Iterator[Record]:
    """The development records."""
    with gzip.open(RECORDS, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def conditions(record: Record) -> list[str]:
    """Condition strings as registered."""
    strings: list[str] = record["protocolSection"]["conditionsModule"].get("conditions", [])
    return strings


def registry_terms(record: Record) -> list[str]:
    """Ids of the MeSH terms that the registry itself gave the record, in our vocabulary."""
    meshes = record["derivedSection"].get("conditionBrowseModule", {}).get("meshes", [])
    return [concept.id for mesh in meshes for concept in by_code(MESH, mesh["id"])]


def relation(ours: tuple[Concept, ...], theirs: list[str]) -> str:
    """How our reading of a string stands to the registry's terms for its record."""
    ids = [concept.id for concept in ours]
    if set(ids) & set(theirs):
        return "same"
    if any(is_a(i, t) for i in ids for t in theirs):
        return "narrower"
    return "broader" if any(is_a(t, i) for i in ids for t in theirs) else "other"


def main(arguments: list[str]) -> None:
    """Print the figures, and with --misses the strings behind the losses."""
    if not RECORDS.exists():
        sys.exit(f"needs the registry records at ../shared/data/{RECORDS.name}")
    uses: Counter[str] = Counter()
    relations: Counter[str] = Counter()
    misses: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for record in records():
        theirs = registry_terms(record)
        for string in conditions(record):
            ours = resolve(string).concepts
            uses[string] += 1
            if not ours:
                misses[string] += 1
            elif theirs and len(conditions(record)) == 1 and any(concept.kind in JUDGED for concept in ours):
                found = relation(ours, theirs)
                relations[found] += 1
                if found == "other":
                    others[f"{string} → {', '.join(c.name for c in ours)}, not {', '.join(theirs)}"] += 1
    resolved = 1 - misses.total() / uses.total()
    agreed = 1 - relations["other"] / relations.total()
    print(f"condition strings resolved  {resolved:.1%} of {uses.total()} uses, {len(uses)} strings")
    print(f"agree with the registry     {agreed:.1%} of {relations.total()}: {dict(relations.most_common())}")
    if "--misses" in arguments:
        for title, table in (("unresolved", misses), ("other than the registry", others)):
            print(f"\n{title}:")
            for string, times in table.most_common():
                print(f"{times:5} {string}")
    speed()


def speed() -> None:
    """Throughput over the records' criteria, load time, size and memory."""
    texts = [r["protocolSection"].get("eligibilityModule", {}).get("eligibilityCriteria", "") for r in records()]
    size = sum(len(text.encode()) for text in texts)
    found = sum(len(mentions(text)) for text in texts)  # the words are known from here on, as in a server
    started = time.process_time()
    for text in texts:
        mentions(text)
    took = time.process_time() - started
    print(f"mentions                    {size / took / 1e6:.1f} MB/s a core, {found} in {size / 1e6:.1f} MB")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    index = load()
    took = time.process_time() - started
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"index                       {PACK.stat().st_size / 1e6:.1f} MB packed, {took * 1e3:.0f} ms to load,")
    print(f"                            {more / 1024:.0f} MB more memory, {len(index.ids)} concepts, "
          f"{len(index.phrases)} phrases")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
