"""Worker processes: what they are asked, what they tell, and that nobody waits for one that is gone."""

import os
import signal
import time
from concurrent.futures import BrokenExecutor, CancelledError

import pytest

from service.ingest.workers import WorkerProcesses

PATIENCE_S = 60
LARGE = 64 << 20  # bytes of a result that is long on its way


def test_what_the_work_returns_or_raises_is_had_until_the_worker_dies() -> None:
    with WorkerProcesses(1) as workers:
        assert workers.submit(divmod, 7, 2).result(PATIENCE_S) == (3, 1)
        with pytest.raises(ZeroDivisionError) as raised:
            workers.submit(divmod, 7, 0).result(PATIENCE_S)
        assert "in a worker process" in raised.value.__notes__[0]
        assert workers.submit(divmod, 7, 3).result(PATIENCE_S) == (2, 1)
        killed, later = workers.submit(os._exit, 1), workers.submit(divmod, 7, 4)
        assert {type(each.exception(PATIENCE_S)) for each in (killed, later)} == {BrokenExecutor}


@pytest.mark.parametrize("after_s", [0.02, 0.1])
def test_one_that_dies_at_any_moment_keeps_nobody_waiting(after_s: float) -> None:
    """Also halfway through what it has to tell."""
    with WorkerProcesses(1) as workers:
        workers.submit(signal.setitimer, signal.ITIMER_REAL, after_s).result(PATIENCE_S)
        told = [workers.submit(bytes, LARGE) for _ in range(20)]
        assert isinstance(told[-1].exception(PATIENCE_S), BrokenExecutor)
        assert all(each.exception() or len(each.result()) == LARGE for each in told)


def test_leaving_ends_whoever_is_still_at_work() -> None:
    with WorkerProcesses(1) as workers:
        pid = workers.submit(os.getpid).result(PATIENCE_S)
        begun, waiting = workers.submit(time.sleep, PATIENCE_S), workers.submit(time.sleep, PATIENCE_S)
    for left in (begun, waiting):
        with pytest.raises((BrokenExecutor, CancelledError)):
            left.result(0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
