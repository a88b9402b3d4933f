"""A desk in its file: submissions in, dossiers out; what reviewers do is in `work.py`."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, func, insert, select, update

from receipt_screen.campaign import Campaign
from receipt_screen.desk.chain import Event, EventKind, detail_text, new_event
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.risk import BLIND_TIMES, MOST_BLIND, TIERS, is_control, lot, rank
from receipt_screen.desk.tables import EVENTS, SUBMISSIONS, as_text, as_time, event_of
from receipt_screen.errors import UsageError
from receipt_screen.messages import Language
from receipt_screen.records import Record, Verdict
from receipt_screen.registry import RegistrySettings
from receipt_screen.registry.migrate import load_steps, migrate, read_meta, write_meta
from receipt_screen.registry.sql import secret_of
from receipt_screen.registry.sqlite import SqliteDatabase

FILE = "desk.db"
PICTURES = "pictures"
OPEN_STATES = ("open", "deferred")
"""States in which a submission waits for a decision."""
BATCH = "batch"
"""Who is named for what no reviewer did."""


class DeskFacts(Record):
    """What all submissions of a desk have in common."""

    campaign: str
    """The campaign file's text: edited fields are judged by the rules of the screening."""
    uploads: str
    """The folder in which the original photos are."""
    language: Language
    audit: float
    """The share of likely passes that people look at, too."""
    salt: str
    """Keeps submitters from working out who is audited."""


@dataclass(frozen=True)
class Queued:
    """One submission's row."""

    number: int
    submission: str
    submitter: str | None
    received: dt.datetime
    file: str
    sha256: str | None
    verdict: Verdict
    round: str | None
    state: str
    audited: bool
    blind: bool
    """First shown without what the machine makes of it: a pass audited, or one to mix them with."""
    claimed_by: str | None
    claimed_until: dt.datetime | None
    claimed_since: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in OPEN_STATES

    def held_by(self, reviewer: str, now: dt.datetime) -> bool:
        """Whether a reviewer's claim on it still holds."""
        until = self.claimed_until
        return self.claimed_by == reviewer and until is not None and until > now


ROW = [
    SUBMISSIONS.c[name]
    for name in (
        *("number", "submission", "submitter", "received", "file", "sha256", "verdict", "round"),
        *("state", "audited", "blind", "claimed_by", "claimed_until", "claimed_since"),
    )
]


def queued(row: Row[Any]) -> Queued:
    """What a row of `ROW` says."""
    values = dict(row._mapping)
    for name in ("received", "claimed_until", "claimed_since"):
        values[name] = values[name] and as_time(values[name])
    values["verdict"] = Verdict(values["verdict"])
    values |= {name: bool(values[name]) for name in ("audited", "blind")}
    return Queued(**values)


class Desk:
    """The file of one batch's submissions. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = SqliteDatabase(str(folder / FILE), RegistrySettings())
        with self.database.writing("schema") as connection:
            steps = load_steps("sqlite", files("receipt_screen.desk") / "migrations")
            migrate(connection, self.database.place, steps)
        self.database.settle()

    @property
    def pictures(self) -> Path:
        """The folder of redacted pictures."""
        return self.folder / PICTURES

    def close(self) -> None:
        """Gives the file back; a later call opens it again."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ── what a batch does ────────────────────────────────────────────────────────────────────

    def prepare(self, campaign: str, uploads: Path, language: Language, audit: float) -> DeskFacts:
        """Says what the submissions have in common; the first batch's salt and share stay."""
        with self.database.writing("facts") as connection:
            known = read_meta(connection, "facts")
            facts = DeskFacts(
                campaign=campaign,
                uploads=str(uploads.resolve()),
                language=language,
                audit=audit,
                salt=secrets.token_hex(16),
            )
            if known is not None:
                first = DeskFacts.model_validate_json(known)
                facts = facts.model_copy(update={"salt": first.salt, "audit": first.audit})
            self._key(connection)  # made with the first batch, not when a reviewer first comes
            write_meta(connection, "facts", facts.model_dump_json())
        return facts

    def add(self, dossier: Dossier, campaign: Campaign, facts: DeskFacts) -> None:
        """Puts a submission on the desk, or its replacement; doing it again changes nothing.

        A replaced photo is undecided, whatever was decided of the one before.
        """
        row = _row(dossier, campaign, facts)
        with self.database.writing("submissions") as connection:
            known = connection.execute(
                select(SUBMISSIONS.c.number, SUBMISSIONS.c.sha256, SUBMISSIONS.c.state).where(
                    SUBMISSIONS.c.submission == dossier.submission
                )
            ).first()
            if known is None:
                connection.execute(insert(SUBMISSIONS).values(**row, state="open"))
            elif known.sha256 != dossier.sha256:
                afresh = {"state": "open", "current": None, "claimed_by": None}
                of = SUBMISSIONS.c.number == known.number
                connection.execute(update(SUBMISSIONS).where(of).values(**row, **afresh))
                detail = {"before": known.sha256, "state": known.state}
                self.append(connection, BATCH, EventKind.REPLACED, dossier.submission, detail)

    # ── the record ───────────────────────────────────────────────────────────────────────────

    def append(
        self,
        connection: Connection,
        reviewer: str,
        kind: EventKind,
        submission: str | None,
        detail: dict[str, Any],
    ) -> Event:
        """Adds an entry to the record, inside the caller's writing transaction."""
        last = connection.execute(select(EVENTS).order_by(EVENTS.c.number.desc()).limit(1)).first()
        event = new_event(
            event_of(last) if last is not None else None,
            key=self._key(connection),
            at=dt.datetime.now(dt.UTC),
            reviewer=reviewer,
            kind=kind,
            submission=submission,
            detail=detail,
        )
        values = event.model_dump(exclude={"detail", "at"})
        text = detail_text(event.detail or {})
        connection.execute(insert(EVENTS).values(**values, at=as_text(event.at), detail=text))
        return event

    def key(self) -> bytes:
        """What the record is sealed with; RegistryError where the secret is gone or another."""
        with self.database.writing("secret") as connection:
            return self._key(connection)

    def _key(self, connection: Connection) -> bytes:
        return secret_of(connection, self.database, None).record_key()

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def facts(self) -> DeskFacts:
        """What the submissions have in common; UsageError where no batch has been here."""
        with self.database.reading() as connection:
            known = read_meta(connection, "facts")
        if known is None:
            raise UsageError("desk.nothing_here", {"folder": str(self.folder)})
        return DeskFacts.model_validate_json(known)

    def count(self) -> int:
        """How many submissions there are."""
        with self.database.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(SUBMISSIONS)) or 0)

    def rows(self) -> list[Queued]:
        """All submissions in order of arrival."""
        order = (SUBMISSIONS.c.received, SUBMISSIONS.c.file)
        with self.database.reading() as connection:
            return [queued(row) for row in connection.execute(select(*ROW).order_by(*order))]

    def row(self, number: int) -> Queued | None:
        """One submission's row."""
        with self.database.reading() as connection:
            row = connection.execute(select(*ROW).where(SUBMISSIONS.c.number == number)).first()
        return None if row is None else queued(row)

    def dossier(self, number: int, *, original: bool = False) -> Dossier | None:
        """A submission as it stands after edits, or as it was screened; None after a purge."""
        columns = select(SUBMISSIONS.c.dossier, SUBMISSIONS.c.current)
        with self.database.reading() as connection:
            row = connection.execute(columns.where(SUBMISSIONS.c.number == number)).first()
        if row is None or row.dossier is None:
            return None
        return Dossier.unpacked(row.dossier if original or row.current is None else row.current)

    def number_of(self, submission: str) -> int | None:
        """The number of a submission on this desk."""
        query = select(SUBMISSIONS.c.number).where(SUBMISSIONS.c.submission == submission)
        with self.database.reading() as connection:
            number: int | None = connection.scalar(query)
        return number

    def events(self, submission: str | None = None) -> list[Event]:
        """What happened, in order; of one submission or of all."""
        query = select(EVENTS).order_by(EVENTS.c.number)
        if submission is not None:
            query = query.where(EVENTS.c.submission == submission)
        with self.database.reading() as connection:
            return [event_of(row) for row in connection.execute(query)]


def _row(dossier: Dossier, campaign: Campaign, facts: DeskFacts) -> dict[str, Any]:
    screening, draw = dossier.screening, lot(dossier.submission, facts.salt)
    passes = dossier.verdict is Verdict.ELIGIBLE
    audited = passes and draw < facts.audit
    controls = min(BLIND_TIMES * facts.audit, MOST_BLIND)
    blind = audited or (is_control(dossier) and draw < controls)
    # What is shown blind stands anywhere among the doubtful, so that its place says nothing.
    share = facts.audit if audited else controls
    place = draw / share * TIERS if blind else rank(dossier, campaign)
    return {
        "submission": dossier.submission,
        "submitter": dossier.submitter,
        "received": as_text(dossier.received),
        "file": dossier.file,
        "sha256": dossier.sha256,
        "verdict": dossier.verdict.value,
        "round": screening.round if screening else None,
        "checks": checks_text(dossier),
        "rank": place,
        "queued": int(audited or not passes),
        "audited": int(audited),
        "blind": int(blind),
        "dossier": dossier.packed(),
    }


def checks_text(dossier: Dossier) -> str:
    """How each check ended, as JSON: the page of numbers needn't unpack dossiers for it."""
    checks = dossier.screening.checks if dossier.screening else ()
    return json.dumps({check.check: check.outcome.value for check in checks})


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """The desk in a batch's out folder.

    Raises UsageError where no batch has put anything there, RegistryError for a file that can't
    be used.
    """
    if not (folder / FILE).is_file():
        raise UsageError("desk.nothing_here", {"folder": str(folder)})
    with Desk(folder) as desk:
        desk.facts()
        yield desk
