"""How often one submitter, card or shop came within a window of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from receipt_screen.records import Frequency, Party
from receipt_screen.registry.rows import as_text
from receipt_screen.registry.tables import PARTIES, PHOTOS


def frequencies(
    connection: Connection,
    parties: Mapping[Party, bytes],
    campaign: str,
    submission: str,
    span: tuple[dt.datetime, dt.datetime],
) -> tuple[Frequency, ...]:
    """Of each party the submissions of a span of time that were remembered before this one."""
    own = connection.scalar(
        select(func.min(PHOTOS.c.number)).where(
            PHOTOS.c.campaign == campaign, PHOTOS.c.submission == submission
        )
    )
    found = []
    for party, digest in sorted(parties.items()):
        query = (
            select(func.count(PHOTOS.c.submission.distinct()))
            .join(PARTIES, PARTIES.c.photo == PHOTOS.c.number)
            .where(PARTIES.c.digest == digest, PHOTOS.c.submission != submission)
            .where(PARTIES.c.received.between(as_text(span[0]), as_text(span[1])))
        )
        before = query if own is None else query.where(PHOTOS.c.number < own)
        others = connection.scalar(before) or 0
        if others:
            found.append(Frequency(party=party, submissions=others + 1))
    return tuple(found)
