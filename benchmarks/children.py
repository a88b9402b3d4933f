"""Readers and peers run in processes of their own: one thread each, their peak memory apart."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import cv2
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from benchmarks.machine import cores

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Item], Result]

ONE_THREAD = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
MIB = 2**20


@dataclass(frozen=True)
class Done(Generic[Result]):
    """A result, and the peak memory of the process that made it, of its own children included."""

    result: Result
    process: int
    peak: int
    """Bytes."""


def on_cores(
    open_work: Callable[[], Work[Item, Result]],
    items: Sequence[Item],
    *,
    title: str,
    count: int | None = None,
) -> list[Done[Result]]:
    """Does the work on every item, in order, with a progress bar.

    `open_work` is called once in each process and gives the function that does one item; both
    must be importable. `count`: how many processes, one core each; all cores by default.
    """
    with processes(open_work, count) as run:
        return run(items, title)


@contextmanager
def processes(
    open_work: Callable[[], Work[Item, Result]], count: int | None = None
) -> Iterator[Callable[[Sequence[Item], str], list[Done[Result]]]]:
    """As `on_cores`, for processes that do several rows of items, each with its title."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # children read it when they import
    places = cores()[:count]
    context = multiprocessing.get_context("spawn")
    free = context.Queue()
    for place in places:
        free.put(place)
    opening = (open_work, free)
    with ProcessPoolExecutor(len(places), context, _open, opening) as pool:

        def run(items: Sequence[Item], title: str) -> list[Done[Result]]:
            with progress() as bar:
                done = pool.map(_do, items)
                return list(bar.track(done, total=len(items), description=title))

        yield run


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar with the time left."""
    columns = (TextColumn("{task.description:28}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns) as bar:
        yield bar


_work: Work[Any, Any]


def _open(open_work: Callable[[], Work[Any, Any]], free: Any) -> None:
    global _work  # noqa: PLW0603 - a pool's worker has no other place for what it opens once
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {free.get()})
    cv2.setNumThreads(1)
    _work = open_work()


def _do(item: Any) -> Done[Any]:
    result = _work(item)
    return Done(result, os.getpid(), peak_memory())


def peak_memory() -> int:
    """Bytes this process and the largest of the programs it ran have held at once."""
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT
    return _own_peak() + largest_child


_UNIT = 1 if sys.platform == "darwin" else 1024
"""ru_maxrss is in bytes on macOS, in KiB elsewhere."""


def _own_peak() -> int:
    # ru_maxrss of a process started by another begins with that one's; VmHWM doesn't.
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def total_peak(done: Sequence[Done[Any]]) -> float:
    """MiB that all processes together needed, were their peaks at one time."""
    peaks: dict[int, int] = {}
    for each in done:
        peaks[each.process] = max(each.peak, peaks.get(each.process, 0))
    return round(sum(peaks.values()) / MIB)
