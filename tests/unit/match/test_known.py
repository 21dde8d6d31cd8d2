"""What is remembered of the registry, and when it is forgotten."""

from datetime import date
from itertools import combinations

import numpy as np

from service.criteria.patient.facts import Facts
from service.match.known import SILENCES, Memory
from service.schemas.envelope import Outline
from service.schemas.patient import Patient, Section
from service.schemas.report import TrialFilter
from service.schemas.trial import Phase

ON = date(2026, 1, 1)

FIRST, SECOND = Outline(1, None, (10, 11)), Outline(2, None, (11, 12, 13))


def test_another_state_of_the_registry_has_outlines_of_its_own_and_the_same_demands() -> None:
    memory = Memory()
    before = memory.of("1")
    before.outlines.note(FIRST)
    after = memory.of("2")
    assert memory.of("2") is after
    assert after.outlines.unknown(np.array([1], np.int32)).tolist() == [1]
    assert after.demands is before.demands
    assert before.outlines.of(np.array([1], np.int32)).numbers.tolist() == [1]  # for a match that is under way


def test_all_is_forgotten_when_it_is_too_much_and_little_is_learnt_beforehand() -> None:
    memory = Memory(most=3)
    known = memory.of("1")
    room = [memory.has_room]
    known.outlines.note(FIRST)
    room.append(memory.has_room)
    assert memory.of("1") is known
    known.outlines.note(SECOND)
    assert memory.of("1") is not known
    assert [*room, memory.has_room] == [True, False, True]


def test_a_phase_that_is_told_twice_is_that_phase() -> None:
    known = Memory().of("1")
    known.outlines.note(Outline(1, None, (), phases=("PHASE1", "PHASE1")))
    numbers = np.array([1], np.int32)
    assert known.outlines.of(numbers, TrialFilter(phase=Phase.PHASE1)).numbers.tolist() == [1]
    assert known.outlines.of(numbers, TrialFilter(phase=Phase.PHASE2)).numbers.tolist() == []


def test_of_the_ways_to_be_silent_the_last_ones_are_remembered() -> None:
    known = Memory().of("1")
    ways = [
        Facts(Patient(complete=tuple(closed)), ON)
        for size in range(5)
        for closed in combinations(Section, size)
    ]  # fmt: skip
    assert len(ways) > SILENCES
    first, last = known.silent(ways[0]), [known.silent(facts) for facts in ways][-1]
    assert known.silent(ways[-1]) is last
    assert known.silent(ways[0]) is not first
