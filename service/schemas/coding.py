"""A code of a code system, as FHIR writes it."""

from typing import Annotated

from msgspec import Meta, Struct

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
SNOMED_CT = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
MESH = "http://id.nlm.nih.gov/mesh"


class Coding(Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """`system` is the FHIR URI of the code system, `code` as that system prints it."""

    system: Annotated[str, Meta(min_length=1, max_length=200, examples=[ICD10CM])]
    code: Annotated[str, Meta(min_length=1, max_length=64, examples=["C91.00"])]
    display: Annotated[str, Meta(max_length=500)] | None = None
