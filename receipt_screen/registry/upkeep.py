"""Showing what is held of a photo, and deleting it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, or_, select, update

from receipt_screen.records import Purged, Remembered
from receipt_screen.registry.rows import TOKENS, as_text
from receipt_screen.registry.tables import (
    CAMPAIGNS,
    DISTINCT,
    KEYS,
    LINKS,
    PARTIES,
    PHOTOS,
    SERIALS,
)

REDUCED = {"look": None, "paper": None, "fields": "{}", "numbers": None, "words": None,
           "text_version": 0}  # fmt: skip
"""What is left of a photo's row besides its keyed hashes."""
AT_ONCE = 500
"""Photos that are exported in one transaction."""


# ── showing ──────────────────────────────────────────────────────────────────────────────────


def export(
    connection: Connection, campaign: str | None, submission: str | None, after: int
) -> tuple[int, list[Remembered]]:
    """All that is held of the next photos after a number, and the number of the last of them."""
    query = select(PHOTOS).where(PHOTOS.c.number > after).order_by(PHOTOS.c.number).limit(AT_ONCE)
    if campaign is not None:
        query = query.where(PHOTOS.c.campaign == campaign)
    if submission is not None:
        query = query.where(PHOTOS.c.submission == submission)
    rows = connection.execute(query).all()
    last = rows[-1].number if rows else after
    return last, [_remembered(connection, row) for row in rows]


def _remembered(connection: Connection, row: Row[Any]) -> Remembered:
    keys = connection.execute(select(KEYS).where(KEYS.c.photo == row.number))
    parties = connection.execute(select(PARTIES).where(PARTIES.c.photo == row.number))
    links = connection.execute(select(LINKS).where(_links(row.campaign, row.submission)))
    return Remembered(
        campaign=row.campaign,
        submission=row.submission,
        received=dt.datetime.fromisoformat(row.received),
        remembered=dt.datetime.fromisoformat(row.remembered),
        file=row.file.hex(),
        pixels=row.pixels.hex(),
        look=row.look and row.look.hex(),
        paper=row.paper and row.paper.hex(),
        keys={key.kind: key.digest.hex() for key in keys},
        fields={name: value for name, (value, _) in json.loads(row.fields).items()},
        numbers=len(row.numbers or b"") // TOKENS.itemsize,
        words=len(row.words or b"") // TOKENS.itemsize,
        parties={party.kind: party.digest.hex() for party in parties},
        matched={link.earlier: link.relation for link in links},
    )


def _links(campaign: str, submission: str) -> ColumnElement[bool]:
    return and_(LINKS.c.campaign == campaign, LINKS.c.later == submission)


# ── deleting ─────────────────────────────────────────────────────────────────────────────────


def forget(connection: Connection, campaign: str, submission: str) -> int:
    """Deletes everything of a submission; returns how many photos it had."""
    own = and_(PHOTOS.c.campaign == campaign, PHOTOS.c.submission == submission)
    deleted = connection.execute(delete(PHOTOS).where(own)).rowcount
    _delete_pairs(connection, campaign)
    return deleted


def purge(connection: Connection, before: dt.datetime, today: dt.date) -> Iterator[Purged]:
    """Reduces the photos of campaigns that go on, deletes those of campaigns that are over."""
    old = PHOTOS.c.received < as_text(before)
    names = connection.scalars(
        select(PHOTOS.c.campaign).where(old).distinct().order_by(PHOTOS.c.campaign)
    ).all()
    for name in names:
        ends = connection.scalar(select(CAMPAIGNS.c.ends).where(CAMPAIGNS.c.name == name))
        concerned = and_(old, PHOTOS.c.campaign == name)
        if ends is not None and ends < today.isoformat():
            deleted = connection.execute(delete(PHOTOS).where(concerned)).rowcount
            _delete_pairs(connection, name)
            yield Purged(campaign=name, reduced=0, deleted=deleted)
        elif reduced := _reduce(connection, concerned):
            yield Purged(campaign=name, reduced=reduced, deleted=0)


def _reduce(connection: Connection, concerned: ColumnElement[bool]) -> int:
    more = or_(
        PHOTOS.c.look.is_not(None), PHOTOS.c.paper.is_not(None), PHOTOS.c.text_version > 0
    )  # fmt: skip
    photos = select(PHOTOS.c.number).where(concerned)
    connection.execute(delete(SERIALS).where(SERIALS.c.photo.in_(photos)))
    connection.execute(delete(PARTIES).where(PARTIES.c.photo.in_(photos)))
    return connection.execute(update(PHOTOS).where(concerned, more).values(REDUCED)).rowcount


def _delete_pairs(connection: Connection, campaign: str) -> None:
    """What was stored of pairs of which one submission has no photo any more."""
    there = select(PHOTOS.c.submission).where(PHOTOS.c.campaign == campaign)
    for table, one, other in (
        (LINKS, LINKS.c.earlier, LINKS.c.later),
        (DISTINCT, DISTINCT.c.one, DISTINCT.c.other),
    ):
        gone = or_(one.not_in(there), other.not_in(there))
        connection.execute(delete(table).where(table.c.campaign == campaign, gone))
