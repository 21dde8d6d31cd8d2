"""The matcher: one patient against compiled trials. Pure; the caller decides which trials and when to pause."""

from service.match.prefilter import prefilter
from service.match.report import MATCHER_VERSION, PatientMatch, match_patient

__all__ = ["MATCHER_VERSION", "PatientMatch", "match_patient", "prefilter"]
