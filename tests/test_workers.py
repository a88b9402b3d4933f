"""The pool of processes: every task gets an answer, in order, whatever befalls a process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial

import pytest

from receipt_screen.errors import PhotoError, SetupError
from receipt_screen.workers import (
    Answer,
    Done,
    Loss,
    Lost,
    PoolSettings,
    Refused,
    WorkerPool,
)

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills with SIGKILL")


def carry_out(task: str) -> str:
    match task.split():
        case ["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["leave"]:
            raise SystemExit(7)
        case ["hang"]:
            time.sleep(600)
        case ["refuse"]:
            raise PhotoError("photo.empty", {"file": "a.jpg"})
        case ["fail"]:
            raise ZeroDivisionError("with a secret in it")
        case ["pause", seconds]:
            time.sleep(float(seconds))
        case ["environment", name]:
            return os.environ[name]
    return f"{task} done"


def opened() -> Callable[[str], str]:
    return carry_out


def not_opened(error: Exception) -> Callable[[str], str]:
    raise error


def leave_at_once() -> Callable[[str], str]:
    raise SystemExit(9)


def run(*tasks: str, workers: int = 2, timeout: float = 60.0) -> list[tuple[str, Answer[str]]]:
    with WorkerPool(opened, PoolSettings(workers, timeout=timeout)) as pool:
        return list(pool.run(tasks))


@pytest.mark.slow
def test_answers_come_in_the_order_of_the_tasks_though_the_first_takes_longest() -> None:
    tasks = ["pause 0.5", "b", "c", "d", "e"]

    assert run(*tasks) == [(task, Done(f"{task} done")) for task in tasks]


@pytest.mark.slow
def test_a_process_that_is_killed_costs_only_its_task() -> None:
    answers = dict(run("a", "die", "b", "c"))

    assert answers["die"] == Lost(Loss.KILLED, "SIGKILL")
    assert [answers[task] for task in "abc"] == [Done(f"{task} done") for task in "abc"]


@pytest.mark.slow
def test_a_process_that_hangs_or_leaves_costs_only_its_task() -> None:
    answers = dict(run("a", "hang", "leave", "b", timeout=1.0))

    assert answers["hang"] == Lost(Loss.HUNG, "1 s")
    assert answers["leave"] == Lost(Loss.KILLED, "exit code 7")
    assert [answers[task] for task in "ab"] == [Done("a done"), Done("b done")]


@pytest.mark.slow
def test_errors_come_back_as_values_and_unexpected_ones_without_their_text() -> None:
    answers = dict(run("refuse", "fail", "a", workers=1))

    assert isinstance(answers["refuse"], Refused)
    assert answers["refuse"].error.key == "photo.empty"
    assert answers["fail"] == Lost(Loss.CRASHED, "ZeroDivisionError")
    assert answers["a"] == Done("a done")


@pytest.mark.slow
def test_children_have_one_thread_each_but_the_users_own_limit_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "3")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)

    answers = dict(run("environment OMP_THREAD_LIMIT", "environment OMP_NUM_THREADS", workers=1))

    assert list(answers.values()) == [Done("3"), Done("1")]
    assert "OMP_NUM_THREADS" not in os.environ


@pytest.mark.slow
def test_a_function_that_cannot_be_opened_ends_the_run_with_its_own_error() -> None:
    opener = partial(not_opened, SetupError("reading.no_tesseract"))
    with WorkerPool(opener, PoolSettings(1)) as pool, pytest.raises(SetupError) as caught:
        next(pool.run(["a"]))

    assert caught.value.key == "reading.no_tesseract"


@pytest.mark.slow
def test_a_process_that_ends_before_it_is_ready_is_an_error_of_set_up() -> None:
    with WorkerPool(leave_at_once, PoolSettings(1)) as pool, pytest.raises(SetupError) as caught:
        next(pool.run(["a"]))

    assert "exit code 9" in str(caught.value)


def test_a_pool_without_tasks_answers_nothing() -> None:
    with WorkerPool(opened, PoolSettings(1)) as pool:
        assert list(pool.run([])) == []
