"""One function over many tasks in child processes: answers in order, whatever befalls a process.

`concurrent.futures` gives up its whole pool when one process dies, and can't stop one that
hangs. Here each process has a pipe of its own, so the parent knows which task it holds: a
process that dies or hangs costs that task only, and the task is tried once more, alone.

This module loads nothing but the standard library, so that a child can limit its threads
before NumPy and OpenCV are there to read the limits.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Self, TypeVar

from receipt_screen.errors import ReceiptScreenError, SetupError

logger = logging.getLogger(__name__)

Task = TypeVar("Task")
Result = TypeVar("Result")
Opener = Callable[[], Callable[[Task], Result]]
"""Makes the function in the child, with whatever is dear to load; it travels by pickle."""

THREAD_LIMITS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ATTEMPTS = 2
DEATH_GRACE = 2.0
"""Seconds for a process whose pipe has ended to end too, so that its own exit code is seen."""


@dataclass(frozen=True)
class PoolSettings:
    """How much of the machine a pool takes, and how patient it is."""

    workers: int
    timeout: float = 120.0
    """Seconds for one task, after which its process is stopped."""
    start_timeout: float = 300.0
    """Seconds for a process to start and open the function."""
    ahead: int = 4
    """Answers for each worker that may wait for an earlier task, which bounds the memory."""


class Loss(StrEnum):
    """What became of a task that has no answer."""

    KILLED = "killed"
    """Its process was ended from outside, or by a fault in native code."""
    HUNG = "hung"
    CRASHED = "crashed"
    """The function raised an error that it doesn't document."""


@dataclass(frozen=True)
class Done(Generic[Result]):
    """What the function returned."""

    value: Result


@dataclass(frozen=True)
class Refused:
    """The function raised one of its documented errors."""

    error: ReceiptScreenError


@dataclass(frozen=True)
class Lost:
    """The task has no answer; `detail` is the name of a signal, an exit code or an error class."""

    how: Loss
    detail: str


Answer = Done[Result] | Refused | Lost


class _Ready:
    """What a child says once its function is open."""


# ── in the child ─────────────────────────────────────────────────────────────────────────────


def serve(pipe: Connection) -> None:
    """The life of a child: opens the function, then answers tasks until the pipe closes."""
    for variable in THREAD_LIMITS:
        os.environ.setdefault(variable, "1")
    try:
        function = _open(pipe)
        while function is not None:
            pipe.send(_answer(function, pipe.recv()))
    except (EOFError, OSError):
        return  # the parent is gone or has closed the pool


def _open(pipe: Connection) -> Callable[[Any], Any] | None:
    try:
        function: Callable[[Any], Any] = pipe.recv()()
    except ReceiptScreenError as error:
        pipe.send(Refused(error))
        return None
    pipe.send(_Ready())
    return function


def _answer(function: Callable[[Task], Result], task: Task) -> Answer[Result]:
    try:
        return Done(function(task))
    except ReceiptScreenError as error:
        return Refused(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other tasks go on
        # Only the class is passed on: the text of an unexpected error may quote a receipt.
        return Lost(Loss.CRASHED, type(error).__name__)


# ── in the parent ────────────────────────────────────────────────────────────────────────────


@dataclass(eq=False)
class _Job(Generic[Task, Result]):
    task: Task
    attempts: int = 0
    answer: Answer[Result] | None = None


class _Worker(Generic[Task, Result]):
    """A child process, its pipe, and the job it is at."""

    def __init__(self, opener: Opener[Task, Result], timeout: float) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(theirs,), daemon=True)
        with _interrupts_ignored():
            self.process.start()
        theirs.close()  # the child's copy is now the only one: its death ends the pipe
        self.ready = False
        self.job: _Job[Task, Result] | None = None
        self.deadline = time.monotonic() + timeout
        self.pipe.send(opener)

    @property
    def idle(self) -> bool:
        return self.ready and self.job is None

    def begin(self, job: _Job[Task, Result], timeout: float) -> None:
        job.attempts += 1
        self.job, self.deadline = job, time.monotonic() + timeout
        self.pipe.send(job.task)

    def stop(self, grace: float = 0.0) -> str:
        """Ends the process, at once or when it hasn't ended by itself, and says how it ended."""
        self.pipe.close()
        self.process.join(grace)
        self.process.kill()
        self.process.join()
        code = self.process.exitcode
        return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    # A child inherits this: Ctrl-C reaches the whole process group, and is the parent's to answer.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class WorkerPool(Generic[Task, Result]):
    """Runs one function over tasks in child processes. Closing it ends them.

    Raises SetupError from `run` when the function can't be opened in a child.
    """

    def __init__(self, opener: Opener[Task, Result], settings: PoolSettings) -> None:
        self._opener = opener
        self._settings = settings
        self._workers: list[_Worker[Task, Result]] = []
        self._jobs: deque[_Job[Task, Result]] = deque()
        """Taken in and not yet given out again, in order."""
        self._waiting: deque[_Job[Task, Result]] = deque()
        self._suspects: deque[_Job[Task, Result]] = deque()
        """Their process was lost once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all processes; those at a task are stopped in the middle of it."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer[Result]]]:
        """Each task with its answer, in the order of the tasks."""
        source = iter(tasks)
        while self._take_in(source):
            self._hire()
            self._give_out()
            while self._jobs and self._jobs[0].answer is not None:
                job = self._jobs.popleft()
                yield job.task, job.answer  # type: ignore[misc] # asked in the line above
            if self._jobs:
                self._listen()

    def _take_in(self, source: Iterator[Task]) -> bool:
        """Fills the queue as far as it may grow; False when all is done."""
        room = self._settings.ahead * self._settings.workers - len(self._jobs)
        jobs: list[_Job[Task, Result]] = [_Job(task) for task in islice(source, room)]
        self._jobs.extend(jobs)
        self._waiting.extend(jobs)
        return bool(self._jobs)

    def _hire(self) -> None:
        while len(self._workers) < self._settings.workers:
            self._workers.append(_Worker(self._opener, self._settings.start_timeout))

    def _give_out(self) -> None:
        for worker in [worker for worker in self._workers if worker.idle]:
            job = self._next_job()
            if job is not None:
                self._begin(worker, job)

    def _next_job(self) -> _Job[Task, Result] | None:
        running = [worker.job for worker in self._workers if worker.job]
        if self._suspects:
            # Alone, because the others may have taken the memory that it died of.
            return None if running else self._suspects.popleft()
        if not self._waiting or any(job.attempts > 1 for job in running):
            return None
        return self._waiting.popleft()

    def _begin(self, worker: _Worker[Task, Result], job: _Job[Task, Result]) -> None:
        try:
            worker.begin(job, self._settings.timeout)
        except OSError:
            self._lose(worker, Loss.KILLED)

    def _listen(self) -> None:
        """Waits for the next answer, death or deadline, and deals with all that are due."""
        waiting = [worker for worker in self._workers if not worker.idle]
        if not waiting:
            return  # the only one was found dead when its task was given to it
        deadline = min(worker.deadline for worker in waiting)
        speaking = wait([worker.pipe for worker in waiting], max(0.0, deadline - time.monotonic()))
        for worker in waiting:
            if worker.pipe in speaking:
                self._hear(worker)
            elif time.monotonic() > worker.deadline:
                self._lose(worker, Loss.HUNG)

    def _hear(self, worker: _Worker[Task, Result]) -> None:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker, Loss.KILLED)
            return
        if worker.job is not None:
            worker.job.answer, worker.job = said, None
        elif isinstance(said, Refused):
            raise said.error
        else:
            worker.ready = True

    def _lose(self, worker: _Worker[Task, Result], how: Loss) -> None:
        self._workers.remove(worker)
        detail = worker.stop(DEATH_GRACE if how is Loss.KILLED else 0.0)
        if how is Loss.HUNG:
            detail = f"{self._settings.timeout:g} s"
        if worker.job is None:
            raise SetupError("batch.no_worker", {"detail": detail})
        logger.warning("a worker process was lost (%s, %s) and is replaced", how.value, detail)
        if worker.job.attempts < ATTEMPTS:
            self._suspects.append(worker.job)
        else:
            worker.job.answer = Lost(how, detail)
