"""The matcher: one patient against compiled trials. Pure; the caller decides which trials and when to pause."""

from service.match.prefilter import prefilter
from service.match.report import PatientMatch, match_patient

__all__ = ["PatientMatch", "match_patient", "prefilter"]
