"""The matcher: one patient against compiled trials. Pure; the caller decides which trials and when to pause."""

from service.match.arrays import Ints as Numbers
from service.match.contradiction import contradictions
from service.match.known import Known, Memory
from service.match.prefilter import prefilter
from service.match.report import PatientMatch, match_patient

__all__ = ["Known", "Memory", "Numbers", "PatientMatch", "contradictions", "match_patient", "prefilter"]
