"""What is remembered of the registry, and when it is forgotten."""

import numpy as np

from service.match.known import Memory
from service.schemas.envelope import Outline

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
