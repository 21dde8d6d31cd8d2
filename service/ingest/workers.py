"""Worker processes, and work shared out to them whose results come in order."""

import asyncio
import gc
import multiprocessing
import signal
import traceback
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from queue import SimpleQueue
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

COLLECTED_AFTER = (50_000, 20, 50)
P = ParamSpec("P")
T = TypeVar("T")


class WorkerProcesses:
    """Fresh interpreters: a fork would inherit the lock that says the registry is in use, and outlive us with it.

    Each is behind a pipe of its own, of which nobody else holds an end: when one is killed, at whatever moment, whoever
    waits for it is told. The standard library's pool shares one pipe among all, and waits for ever for the rest of what
    a killed worker was writing.
    """

    def __init__(self, count: int) -> None:
        self._workers = [_Worker() for _ in range(count)]
        self._threads = ThreadPoolExecutor(count)
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)

    def submit(self, work: Callable[..., T], *given: object) -> "Future[T]":
        """Done by whichever is free. The future raises what the work raises, BrokenExecutor where its worker died."""
        return self._threads.submit(self._done, work, given)

    def _done(self, work: Callable[..., T], given: tuple[object, ...]) -> T:
        worker = self._free.get()
        try:
            return worker.do(work, given)
        finally:
            self._free.put(worker)

    def end(self) -> None:
        """Whatever they are doing."""
        for worker in self._workers:
            worker.process.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.process.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class _Worker:
    """A process, and our end of its pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def do(self, work: Callable[..., T], given: tuple[object, ...]) -> T:
        """Wait for it."""
        try:
            self._pipe.send((work, given))
            result, failure = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise BrokenExecutor("a worker process was killed") from error
        if failure is not None:
            raise failure
        return result  # type: ignore[no-any-return]  # as the work returned it


def begin(workers: WorkerProcesses | None, work: Callable[P, T], *given: P.args, **_: P.kwargs) -> "asyncio.Future[T]":
    """Set to work, in a thread where there are no workers. That it failed is told to whoever waits for it, if any."""
    if workers is None:
        begun = asyncio.get_running_loop().run_in_executor(None, work, *given)
    else:
        begun = asyncio.wrap_future(workers.submit(work, *given))
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


def _serve(pipe: "Connection[Any, Any]") -> None:
    """Work until nobody is there to ask for it. An interrupt is the parent's affair: it ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # the tables are never garbage
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        while True:
            pipe.send(_tried(*pipe.recv()))
    except (EOFError, OSError):
        return


def _tried(work: Callable[..., object], given: tuple[object, ...]) -> tuple[object, Exception | None]:
    """What it returns, or what it raises, with a note of where."""
    try:
        return work(*given), None
    except Exception as error:  # noqa: BLE001 – raised by whoever waits for the work
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        return None, error
