"""How the reviewing goes: progress, agreement of machine and people, time, and what was missed."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select

from receipt_screen.desk.chain import Event, EventKind, first_broken, in_effect
from receipt_screen.desk.store import Desk
from receipt_screen.desk.tables import SUBMISSIONS
from receipt_screen.desk.work import Counts, counts
from receipt_screen.records import Verdict

Z = 1.96
"""Standard deviations to each side of a 95 % interval."""


@dataclass(frozen=True)
class Agreement:
    """One check against the decisions on the submissions that it was made for."""

    check: str
    flagged_rejected: int
    flagged_approved: int
    """False alarms, as far as this check goes."""
    passed_rejected: int
    passed_approved: int


@dataclass(frozen=True)
class Pace:
    """One reviewer's decisions."""

    reviewer: str
    decisions: int
    seconds: float | None
    """The median."""


@dataclass(frozen=True)
class Audit:
    """What people made of likely passes that were mixed into the queue."""

    decided: int
    missed: int
    low: float
    high: float
    """The 95 % interval of the share that the machine misses (Wilson)."""


@dataclass(frozen=True)
class Blind:
    """Doubtful submissions that somebody approved before seeing what the machine makes of them."""

    approved: int
    turned: int
    """Rejected in the end."""


@dataclass(frozen=True)
class Numbers:
    """Everything the page of numbers shows."""

    counts: Counts
    decisions: dict[str, int]
    verdicts: dict[tuple[str, str], int]
    """Proposal and decision → how many."""
    checks: tuple[Agreement, ...]
    paces: tuple[Pace, ...]
    audit: Audit
    blind: Blind
    events: int
    last_hash: str
    broken: int | None
    """The first entry of the record that was tampered with."""


def count_up(desk: Desk) -> Numbers:
    """Counts a desk's decisions."""
    events = desk.events()
    states = _states(desk)
    decided = [state for state in states if state.decision in ("approved", "rejected")]
    steps = [event for event in in_effect(events) if event.kind is EventKind.DECIDED]
    return Numbers(
        counts=counts(desk),
        decisions=dict(Counter(state.decision for state in states)),
        verdicts=dict(Counter((state.verdict, state.decision) for state in decided)),
        checks=tuple(_agreements(decided)),
        paces=tuple(_paces(steps)),
        audit=_audit([state for state in decided if state.audited]),
        blind=_blind(events, decided),
        events=len(events),
        last_hash=events[-1].hash if events else "",
        broken=first_broken(events, desk.key()),
    )


@dataclass(frozen=True)
class _State:
    submission: str
    verdict: str
    decision: str
    audited: bool
    checks: dict[str, str]


def _states(desk: Desk) -> list[_State]:
    columns = SUBMISSIONS.c
    query = select(
        columns.submission, columns.verdict, columns.state, columns.audited, columns.checks
    )
    with desk.database.reading() as connection:
        return [
            _State(
                row.submission, row.verdict, row.state, bool(row.audited), json.loads(row.checks)
            )
            for row in connection.execute(query)
        ]


def _agreements(decided: list[_State]) -> Iterable[Agreement]:
    pairs = Counter(
        (check, ending, state.decision)
        for state in decided
        for check, ending in state.checks.items()
    )
    for check in dict.fromkeys(check for state in decided for check in state.checks):
        flagged = pairs[check, "flagged", "rejected"], pairs[check, "flagged", "approved"]
        passed = pairs[check, "passed", "rejected"], pairs[check, "passed", "approved"]
        if any(flagged):
            yield Agreement(check, *flagged, *passed)


def _paces(steps: list[Event]) -> Iterable[Pace]:
    for reviewer in sorted({event.reviewer for event in steps}):
        own = [event.detail or {} for event in steps if event.reviewer == reviewer]
        seconds = [detail["seconds"] for detail in own if detail.get("seconds") is not None]
        yield Pace(reviewer, len(own), median(seconds) if seconds else None)


def _audit(states: list[_State]) -> Audit:
    missed = sum(state.decision == "rejected" for state in states)
    return Audit(len(states), missed, *wilson(missed, len(states)))


def _blind(events: list[Event], decided: list[_State]) -> Blind:
    judged = {event.submission for event in events if event.kind is EventKind.JUDGED}
    endings = [state.decision for state in decided if state.submission in judged]
    return Blind(len(endings), endings.count("rejected"))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); all of it where nothing was tried."""
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, Z * Z / of
    middle = (share + square / 2) / (1 + square)
    reach = Z / (1 + square) * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def verdict_keys() -> tuple[str, ...]:
    """The verdicts in the order in which they are shown."""
    return tuple(verdict.value for verdict in Verdict)
