"""The compiler: eligibility text → criteria, and what each criterion says of a patient. Pure and total."""

from service.criteria.compile import COMPILER_VERSION, compile_text, compile_trial

__all__ = ["COMPILER_VERSION", "compile_text", "compile_trial"]
