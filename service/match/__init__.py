"""The matcher: one patient against compiled trials. Pure; the caller decides which trials and when to pause."""

from service.match.contradiction import contradictions
from service.match.demands import Demands
from service.match.prefilter import prefilter
from service.match.report import PatientMatch, match_patient

__all__ = ["Demands", "PatientMatch", "contradictions", "match_patient", "prefilter"]
