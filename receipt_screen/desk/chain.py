"""The record of who did what: each entry's hash covers the one before it.

Changing, removing or inserting an entry breaks every hash after it. Cutting entries off the end
doesn't, nor does writing the whole chain anew: whoever wants to see that too notes the last
hash, which stands on the page of numbers and at the end of the export, somewhere else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from receipt_screen.records import Record

BEGINNING = "0" * 64
Detail = dict[str, Any]


class EventKind(StrEnum):
    """What can happen at a desk."""

    ENTERED = "entered"
    DECIDED = "decided"
    EDITED = "edited"
    DISTINCT = "distinct"
    UNDONE = "undone"
    ORIGINAL = "original"
    EXPORTED = "exported"
    REPLACED = "replaced"
    PURGED = "purged"


class Event(Record):
    """One entry."""

    number: int
    at: dt.datetime
    reviewer: str
    kind: EventKind
    submission: str | None = None
    detail: Detail | None
    """What and why; None after a purge, while its digest stays."""
    digest: str
    """SHA-256 of the detail, which holds a random salt: its values can't be tried out."""
    previous: str
    hash: str


def new_event(
    previous: Event | None,
    *,
    at: dt.datetime,
    reviewer: str,
    kind: EventKind,
    submission: str | None,
    detail: Detail,
) -> Event:
    """The entry that follows another."""
    salted = {**detail, "salt": secrets.token_hex(8)}
    draft = Event(
        number=previous.number + 1 if previous else 1,
        at=at,
        reviewer=reviewer,
        kind=kind,
        submission=submission,
        detail=salted,
        digest=_sha256(detail_text(salted)),
        previous=previous.hash if previous else BEGINNING,
        hash="",
    )
    return draft.model_copy(update={"hash": _hash(draft)})


def detail_text(detail: Detail) -> str:
    """A detail as it is stored and hashed."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(event: Event) -> str:
    covered = [
        event.previous,
        event.number,
        event.at.isoformat(),
        event.reviewer,
        event.kind.value,
        event.submission,
        event.digest,
    ]
    return _sha256(json.dumps(covered, ensure_ascii=False))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(events: Iterable[Event]) -> int | None:
    """The number of the first entry that doesn't follow from the ones before; None: all do."""
    previous = BEGINNING
    for number, event in enumerate(events, start=1):
        whole = event.detail is None or _sha256(detail_text(event.detail)) == event.digest
        linked = event.previous == previous and event.number == number
        if not (whole and linked and _hash(event) == event.hash):
            return event.number
        previous = event.hash
    return None


def in_effect(events: Iterable[Event]) -> list[Event]:
    """The entries that weren't taken back, without the takings back themselves."""
    events = list(events)
    undone = {
        event.detail["event"]
        for event in events
        if event.kind is EventKind.UNDONE and event.detail is not None
    }
    return [
        event
        for event in events
        if event.kind is not EventKind.UNDONE and event.number not in undone
    ]
