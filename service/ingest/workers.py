"""Worker processes, and work shared out to them whose results come in order."""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import TypeVar

COLLECTED_AFTER = (50_000, 20, 50)
T = TypeVar("T")


def worker_processes(count: int) -> Executor:
    """Fresh interpreters: a fork would inherit the lock that says the registry is in use, and outlive us with it."""
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_settle)


async def in_order(begun: AsyncIterator[Awaitable[T]], ahead: int) -> AsyncIterator[T]:
    """The results in the order they were begun, never more than `ahead` of them waiting to be taken."""
    waiting: deque[Awaitable[T]] = deque()
    async for work in begun:
        waiting.append(work)
        if len(waiting) > ahead:
            yield await waiting.popleft()
    while waiting:
        yield await waiting.popleft()


def _settle() -> None:
    """End with the parent, even one that was killed; and do not look for garbage among the tables, which never are."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
