"""Worker processes, and work shared out to them whose results come in order."""

import asyncio
import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import ParamSpec, TypeVar

COLLECTED_AFTER = (50_000, 20, 50)
P = ParamSpec("P")
T = TypeVar("T")


def worker_processes(count: int) -> Executor:
    """Fresh interpreters: a fork would inherit the lock that says the registry is in use, and outlive us with it.

    All of them are started now. The pool would start each when there is work for it, and never end where another one is
    killed in that moment.
    """
    pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_settle)
    for _ in range(count):
        pool.submit(_be_there)
    return pool


def begin(executor: Executor | None, work: Callable[P, T], *given: P.args, **_: P.kwargs) -> "asyncio.Future[T]":
    """Set to work, in a thread where there is no executor. That it failed is told to whoever waits for it, if any."""
    begun = asyncio.get_running_loop().run_in_executor(executor, work, *given)
    begun.add_done_callback(lambda done: done.cancelled() or done.exception())
    return begun


async def in_order(begun: AsyncIterator[Awaitable[T]], ahead: int) -> AsyncGenerator[T, None]:
    """The results in the order they were begun, never more than `ahead` of them waiting to be taken."""
    waiting: deque[asyncio.Future[T]] = deque()
    try:
        async for work in begun:
            waiting.append(asyncio.ensure_future(work))
            if len(waiting) > ahead:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for left in waiting:
            left.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _be_there() -> None:
    """Work for one that is not there yet."""


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
