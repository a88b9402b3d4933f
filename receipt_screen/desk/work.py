"""What reviewers do at a desk: claim, decide, edit, take back. All of it is transactional.

A submission is held by one reviewer at a time, for a while. Every step checks, in the step's own
transaction, that the reviewer holds it and that nothing has happened to it since the page was
shown: of two people, or two tabs, exactly one decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal_column, or_, select, update

from receipt_screen.desk.chain import Event, EventKind, in_effect
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import (
    OPEN_STATES,
    ROW,
    Desk,
    Queued,
    queued,
)
from receipt_screen.desk.tables import EVENTS, SUBMISSIONS, as_text, event_of
from receipt_screen.errors import UsageError

HOLD = dt.timedelta(minutes=10)
"""How long a claim holds after a sign of life; a closed laptop's submissions go to others."""


class Decision(StrEnum):
    """What a person makes of a submission."""

    APPROVED = "approved"
    REJECTED = "rejected"
    NEW_PHOTO = "new_photo"
    DEFERRED = "deferred"


REASONS = (
    "below_minimum",
    "outside_period",
    "duplicate",
    "altered",
    "cancelled",
    "excluded_shop",
    "not_a_receipt",
    "unreadable",
    "other",
)
"""Why a submission is rejected; also the order of their keys 1 to 9."""
UNDOABLE = (EventKind.DECIDED, EventKind.EDITED, EventKind.DISTINCT)

Rejudge = Callable[[Dossier, list[Event]], Dossier]
"""An original dossier with the edits in effect → the dossier that its rules give."""


@dataclass(frozen=True)
class Place:
    """A submission as a reviewer's page showed it."""

    number: int
    seen: int
    """The number of its last entry when the page was made; 0: none."""


@dataclass(frozen=True)
class Counts:
    """How far the reviewing has come."""

    waiting: int
    decided: int
    held: int
    """Waiting, and just now with a reviewer."""


class Work:
    """One reviewer at a desk."""

    def __init__(self, desk: Desk, reviewer: str) -> None:
        self._desk = desk
        self.reviewer = reviewer

    # ── the queue ────────────────────────────────────────────────────────────────────────────

    def next(self) -> Queued | None:
        """The submission to look at now: the one already held, or the first that nobody holds."""
        now = dt.datetime.now(dt.UTC)
        with self._desk.database.writing("claims") as connection:
            row = connection.execute(_held(self.reviewer, now)).first()
            row = row or connection.execute(_free(now)).first()
            if row is None:
                return None
            self._claim(connection, row.number, now)
            return queued(row)

    def following(self) -> Queued | None:
        """What `next` would give after this one, for its picture to be fetched ahead."""
        now = dt.datetime.now(dt.UTC)
        with self._desk.database.reading() as connection:
            row = connection.execute(_free(now)).first()
        return None if row is None else queued(row)

    def renew(self, number: int) -> bool:
        """Holds a submission for longer; False where it is no longer held."""
        now = dt.datetime.now(dt.UTC)
        with self._desk.database.writing("claims") as connection:
            row = _row(connection, number)
            if not row.held_by(self.reviewer, now):
                return False
            until = as_text(now + HOLD)
            of = SUBMISSIONS.c.number == number
            connection.execute(update(SUBMISSIONS).where(of).values(claimed_until=until))
            return True

    def _claim(self, connection: Connection, number: int, now: dt.datetime) -> None:
        row = _row(connection, number)
        held = row.held_by(self.reviewer, now) and row.claimed_since
        values = {
            "claimed_by": self.reviewer,
            "claimed_since": as_text(held or now),
            "claimed_until": as_text(now + HOLD),
        }
        of = SUBMISSIONS.c.number == number
        connection.execute(update(SUBMISSIONS).where(of).values(**values))

    # ── steps ────────────────────────────────────────────────────────────────────────────────

    def decide(
        self, place: Place, decision: Decision, reason: str | None = None, note: str = ""
    ) -> None:
        """Decides a submission that the reviewer holds. A rejection needs a reason.

        Raises UsageError where it isn't held, or something has happened since the page was made.
        """
        if decision is Decision.REJECTED and reason not in REASONS:
            raise UsageError("desk.no_reason")
        with self._desk.database.writing("submissions") as connection:
            row = self._expect(connection, place)
            now = dt.datetime.now(dt.UTC)
            took = (now - row.claimed_since).total_seconds() if row.claimed_since else None
            detail = {
                "decision": decision.value,
                "reason": reason,
                "note": note[:200],
                "seconds": took,
                "proposed": row.verdict.value,
                "versions": _versions(connection, row.number),
            }
            self._desk.append(connection, self.reviewer, EventKind.DECIDED, row.submission, detail)
            state = {"state": decision.value, "claimed_by": None, "claimed_until": None}
            of = SUBMISSIONS.c.number == row.number
            connection.execute(update(SUBMISSIONS).where(of).values(**state))

    def judge_blind(self, place: Place, decision: Decision) -> None:
        """Enters what a reviewer made of a submission without the machine's view, which opens it.

        Raises as `decide` does.
        """
        with self._desk.database.writing("submissions") as connection:
            row = self._expect(connection, place)
            detail = {"decision": decision.value}
            self._desk.append(connection, self.reviewer, EventKind.JUDGED, row.submission, detail)

    def change(
        self, place: Place, kind: EventKind, detail: dict[str, Any], rejudge: Rejudge
    ) -> Dossier:
        """Edits a field or parts a pair, and applies the rules again; the new dossier.

        Raises as `decide` does.
        """
        with self._desk.database.writing("submissions") as connection:
            row = self._expect(connection, place)
            told = {**detail, "versions": _versions(connection, row.number)}
            self._desk.append(connection, self.reviewer, kind, row.submission, told)
            return _judge_anew(connection, row, rejudge)

    def undo(self, rejudge: Rejudge) -> tuple[Queued, Event] | None:
        """Takes this reviewer's last step back and holds its submission again.

        Returns the submission and the step; None where there is nothing to take back. Raises
        UsageError where somebody else has the submission or has gone on with it.
        """
        now = dt.datetime.now(dt.UTC)
        with self._desk.database.writing("submissions") as connection:
            last = self._last_step(connection)
            if last is None or last.submission is None:
                return None
            row = _row_of(connection, last.submission)
            self._refuse_taken(connection, row, last, now)
            step = {"event": last.number}
            self._desk.append(connection, self.reviewer, EventKind.UNDONE, row.submission, step)
            _judge_anew(connection, row, rejudge)
            of = SUBMISSIONS.c.number == row.number
            state = _state(_events(connection, row.submission))
            connection.execute(update(SUBMISSIONS).where(of).values(state=state))
            self._claim(connection, row.number, now)
            return row, last

    def note(self, kind: EventKind, submission: str | None, detail: dict[str, Any]) -> None:
        """Enters something that changes nothing: an original shown, a list exported."""
        with self._desk.database.writing("events") as connection:
            self._desk.append(connection, self.reviewer, kind, submission, detail)

    def _expect(self, connection: Connection, place: Place) -> Queued:
        row = _row(connection, place.number)
        if not row.is_open:
            raise UsageError("desk.decided_already", {"submission": row.submission})
        if not row.held_by(self.reviewer, dt.datetime.now(dt.UTC)):
            raise UsageError("desk.not_held", {"submission": row.submission})
        if _last_number(connection, row.submission) != place.seen:
            raise UsageError("desk.changed", {"submission": row.submission})
        return row

    def _last_step(self, connection: Connection) -> Event | None:
        query = select(EVENTS).where(EVENTS.c.reviewer == self.reviewer).order_by(EVENTS.c.number)
        steps = in_effect(event_of(row) for row in connection.execute(query))
        return next((event for event in reversed(steps) if event.kind in UNDOABLE), None)

    def _refuse_taken(
        self, connection: Connection, row: Queued, last: Event, now: dt.datetime
    ) -> None:
        others = [
            event
            for event in _events(connection, row.submission)
            if event.number > last.number and event.reviewer != self.reviewer
        ]
        held = row.claimed_by not in (None, self.reviewer) and row.held_by(str(row.claimed_by), now)
        if others or held:
            raise UsageError("desk.gone_on", {"submission": row.submission})


def counts(desk: Desk) -> Counts:
    """How far the reviewing has come."""
    now = as_text(dt.datetime.now(dt.UTC))
    waiting = and_(SUBMISSIONS.c.queued == 1, SUBMISSIONS.c.state.in_(OPEN_STATES))
    with desk.database.reading() as connection:
        return Counts(
            waiting=_count(connection, waiting),
            decided=_count(connection, SUBMISSIONS.c.state.not_in(OPEN_STATES)),
            held=_held_now(connection, now),
        )


def _held_now(connection: Connection, now: str) -> int:
    # Few are held: found by their claims, not by reading through everything that waits.
    query = select(SUBMISSIONS.c.queued, SUBMISSIONS.c.state).where(
        SUBMISSIONS.c.claimed_until > now
    )
    held = connection.execute(query)
    return sum(row.queued == 1 and row.state in OPEN_STATES for row in held)


def _count(connection: Connection, where: Any) -> int:
    query = select(func.count()).select_from(SUBMISSIONS).where(where)
    return int(connection.scalar(query) or 0)


def is_blind(row: Queued, events: list[Event]) -> bool:
    """Whether what the machine makes of a submission is still kept from reviewers."""
    judged = any(event.kind is EventKind.JUDGED for event in since_replaced(events))
    return row.blind and row.is_open and not judged


def last_number(desk: Desk, submission: str) -> int:
    """The number of a submission's last entry; 0 where there is none."""
    with desk.database.reading() as connection:
        return _last_number(connection, submission)


# ── inside a transaction ─────────────────────────────────────────────────────────────────────


def _waiting() -> Select[Any]:
    # Those put off come last, however risky they are. Written as the index has it.
    order: tuple[Any, ...] = (
        literal_column("state <> 'open'"),
        SUBMISSIONS.c.rank,
        SUBMISSIONS.c.number,
    )
    where = (SUBMISSIONS.c.queued == 1, SUBMISSIONS.c.state.in_(OPEN_STATES))
    return select(*ROW).where(*where).order_by(*order).limit(1)


def _held(reviewer: str, now: dt.datetime) -> Select[Any]:
    until = SUBMISSIONS.c.claimed_until > as_text(now)
    return _waiting().where(SUBMISSIONS.c.claimed_by == reviewer, until)


def _free(now: dt.datetime) -> Select[Any]:
    until = SUBMISSIONS.c.claimed_until
    return _waiting().where(
        or_(SUBMISSIONS.c.claimed_by.is_(None), until.is_(None), until <= as_text(now))
    )


def _row(connection: Connection, number: int) -> Queued:
    row = connection.execute(select(*ROW).where(SUBMISSIONS.c.number == number)).first()
    if row is None:
        raise UsageError("desk.unknown", {"number": number})
    return queued(row)


def _row_of(connection: Connection, submission: str) -> Queued:
    query = select(*ROW).where(SUBMISSIONS.c.submission == submission)
    return queued(connection.execute(query).one())


def _events(connection: Connection, submission: str) -> list[Event]:
    query = select(EVENTS).where(EVENTS.c.submission == submission).order_by(EVENTS.c.number)
    return [event_of(row) for row in connection.execute(query)]


def _last_number(connection: Connection, submission: str) -> int:
    query = select(func.max(EVENTS.c.number)).where(EVENTS.c.submission == submission)
    return int(connection.scalar(query) or 0)


def _versions(connection: Connection, number: int) -> dict[str, str]:
    dossier = _dossier(connection, number)
    return dict(dossier.screening.versions) if dossier and dossier.screening else {}


def _dossier(connection: Connection, number: int) -> Dossier | None:
    of = SUBMISSIONS.c.number == number
    data: bytes | None = connection.scalar(select(SUBMISSIONS.c.dossier).where(of))
    return None if data is None else Dossier.unpacked(data)


def since_replaced(events: list[Event]) -> list[Event]:
    """What is in effect of a submission's present photo."""
    kept: list[Event] = []
    for event in in_effect(events):
        kept = [] if event.kind is EventKind.REPLACED else [*kept, event]
    return kept


def _state(events: list[Event]) -> str:
    decided = [e for e in since_replaced(events) if e.kind is EventKind.DECIDED and e.detail]
    return str((decided[-1].detail or {})["decision"]) if decided else "open"


def _judge_anew(connection: Connection, row: Queued, rejudge: Rejudge) -> Dossier:
    original = _dossier(connection, row.number)
    if original is None:
        raise UsageError("desk.purged", {"submission": row.submission})
    steps = since_replaced(_events(connection, row.submission))
    changes = [e for e in steps if e.kind in (EventKind.EDITED, EventKind.DISTINCT)]
    dossier = rejudge(original, changes) if changes else original
    # `verdict` and `checks` stay the machine's own: people are compared with those.
    values = {
        "current": dossier.packed() if changes else None,
        "round": dossier.screening.round if dossier.screening else None,
    }
    of = SUBMISSIONS.c.number == row.number
    connection.execute(update(SUBMISSIONS).where(of).values(**values))
    return dossier
