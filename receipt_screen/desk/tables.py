"""The desk's tables, as `migrations/` makes them, and what their rows become."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import Column, Float, Integer, LargeBinary, MetaData, Row, Table, Text

from receipt_screen.desk.chain import Event

TABLES = MetaData()
SUBMISSIONS = Table(
    "submissions",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("submission", Text),
    Column("submitter", Text),
    Column("received", Text),
    Column("file", Text),
    Column("sha256", Text),
    Column("verdict", Text),
    Column("round", Text),
    Column("checks", Text),
    Column("rank", Float),
    Column("queued", Integer),
    Column("audited", Integer),
    Column("blind", Integer),
    Column("state", Text),
    Column("claimed_by", Text),
    Column("claimed_since", Text),
    Column("claimed_until", Text),
    Column("dossier", LargeBinary),
    Column("current", LargeBinary),
)
EVENTS = Table(
    "events",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("at", Text),
    Column("reviewer", Text),
    Column("kind", Text),
    Column("submission", Text),
    Column("detail", Text),
    Column("digest", Text),
    Column("previous", Text),
    Column("hash", Text),
)
SESSIONS = Table(
    "sessions",
    TABLES,
    Column("cookie", Text, primary_key=True),
    Column("reviewer", Text),
    Column("csrf", Text),
    Column("until", Text),
)
INVITATIONS = Table(
    "invitations", TABLES, Column("token", Text, primary_key=True), Column("until", Text)
)


def as_text(time: dt.datetime) -> str:
    """UTC in ISO 8601 of one length, so that the order of texts is the order of times."""
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")


def as_time(text: str) -> dt.datetime:
    """What `as_text` wrote."""
    return dt.datetime.fromisoformat(text)


def event_of(row: Row[Any]) -> Event:
    """The entry of a row."""
    values = dict(row._mapping)
    detail = values.pop("detail")
    values["at"] = as_time(values["at"])
    return Event(**values, detail=None if detail is None else json.loads(detail))
