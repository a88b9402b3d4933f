"""The record of who did what: each entry's hash covers the one before it.

The hashes are HMACs under the desk's secret. Changing, removing or inserting an entry breaks
every hash after it, and who doesn't hold the secret can't make them anew. Entries cut off the
end don't show by themselves: an exported record, kept somewhere else, shows them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
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
    JUDGED = "judged"
    """What somebody made of it who had not seen what the machine does."""
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
    key: bytes,
    at: dt.datetime,
    reviewer: str,
    kind: EventKind,
    submission: str | None,
    detail: Detail,
) -> Event:
    """The entry that follows another, sealed with a key."""
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
    return draft.model_copy(update={"hash": _hash(draft, key)})


def detail_text(detail: Detail) -> str:
    """A detail as it is stored and hashed."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(event: Event, key: bytes) -> str:
    covered = [
        event.previous,
        event.number,
        event.at.isoformat(),
        event.reviewer,
        event.kind.value,
        event.submission,
        event.digest,
    ]
    text = json.dumps(covered, ensure_ascii=False)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(events: Iterable[Event], key: bytes) -> int | None:
    """The number of the first entry that doesn't follow from the ones before; None: all do."""
    previous = BEGINNING
    for number, event in enumerate(events, start=1):
        whole = event.detail is None or _sha256(detail_text(event.detail)) == event.digest
        linked = event.previous == previous and event.number == number
        if not (whole and linked and hmac.compare_digest(_hash(event, key), event.hash)):
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
