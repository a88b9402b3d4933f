"""What tests let other processes do. A module of its own, so that they can import it."""

from __future__ import annotations

from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from receipt_screen.registry import open_registry
from tests.registry.makers import approval, minute, prints, screening


def hand_in_at_once(
    url: str, name: str, rounds: int, barrier: Barrier, answers: Connection
) -> None:
    """Remembers one receipt a round, at the same moment as the others; sends what was matched."""
    barrier.wait()
    with open_registry(url) as registry:
        for number in range(rounds):
            of = prints(f"{name} {number}", approval(f"{number}"), minute(f"{number}"))
            barrier.wait()
            matches = registry.remember(screening(of, f"{name} {number}"))
            answers.send([match.submission for match in matches])


def hand_in_for_ever(url: str, name: str, answers: Connection) -> None:
    """Remembers one receipt after the other until it is killed; sends the name of each."""
    number = 0
    with open_registry(url) as registry:
        while True:
            submission = f"{name} {number}"
            registry.remember(screening(prints(submission, approval(submission)), submission))
            answers.send(submission)
            number += 1
