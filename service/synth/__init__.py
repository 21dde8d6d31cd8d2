"""Trials that nobody registered, for benchmarks: a registry of any size, in the proportions of a real one."""

from service.synth.trial import trials

__all__ = ["trials"]
