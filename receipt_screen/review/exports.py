"""What leaves the desk as a file: decisions, entries of a round, and the record of who did what."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator

from receipt_screen.batch.table import Cell, guarded
from receipt_screen.desk.chain import Event, EventKind
from receipt_screen.desk.store import OPEN_STATES, Desk, Queued
from receipt_screen.desk.work import since_replaced
from receipt_screen.records import Verdict

DECISIONS = (
    *("submission", "submitter", "received", "proposed", "round", "decision", "reason", "note"),
    *("reviewer", "decided_at", "seconds", "edited_fields", "audited"),
)
ELIGIBLE = ("submission", "submitter", "received", "round", "basis")


def decisions_csv(desk: Desk) -> bytes:
    """One row for each submission, decided or not."""
    events: dict[str, list[Event]] = defaultdict(list)
    for event in desk.events():
        if event.submission is not None:
            events[event.submission].append(event)
    rows = (_decision(row, since_replaced(events[row.submission])) for row in desk.rows())
    return _csv(DECISIONS, rows)


def _decision(row: Queued, steps: list[Event]) -> list[Cell]:
    decided = [event for event in steps if event.kind is EventKind.DECIDED]
    edited = [event.detail or {} for event in steps if event.kind is EventKind.EDITED]
    last = decided[-1] if decided else None
    detail = (last.detail or {}) if last else {}
    seconds = detail.get("seconds")
    return [
        *(row.submission, row.submitter, row.received.isoformat(), row.verdict.value, row.round),
        *(row.state, detail.get("reason"), detail.get("note")),
        last.reviewer if last else None,
        last.at.isoformat() if last else None,
        None if seconds is None else round(seconds, 1),
        " ".join(sorted({str(change.get("field")) for change in edited})),
        row.audited,
    ]


def eligible_csv(desk: Desk, round_name: str | None) -> bytes:
    """The entries of a round, or of all: approved by a person, or likely passes nobody objected to.

    `basis` says which of the two.
    """
    rows = (
        (row.submission, row.submitter, row.received.isoformat(), row.round, _basis(row))
        for row in desk.rows()
        if is_entry(row) and (round_name is None or row.round == round_name)
    )
    return _csv(ELIGIBLE, rows)


def is_entry(row: Queued) -> bool:
    """Whether a submission takes part in a draw."""
    if row.state == "approved":
        return True
    return row.verdict is Verdict.ELIGIBLE and row.state in OPEN_STATES and not row.audited


def _basis(row: Queued) -> str:
    return "person" if row.state == "approved" else "proposal"


def record_jsonl(desk: Desk) -> bytes:
    """Every entry of the record, one a line; the last line's hash covers them all."""
    return "".join(f"{event.model_dump_json()}\n" for event in desk.events()).encode()


def _csv(head: Iterable[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    return "".join(_lines(head, rows)).encode("utf-8-sig")


def _lines(head: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(head)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    yield buffer.getvalue()
