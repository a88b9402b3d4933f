"""Deleting what is personal when its time is over, while decisions and counts stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from receipt_screen.campaign import Campaign
from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.store import BATCH, Desk
from receipt_screen.desk.tables import EVENTS, SUBMISSIONS, as_text


@dataclass(frozen=True)
class Purged:
    """What was deleted."""

    submissions: int
    pictures: int


def purge(desk: Desk, before: dt.date) -> Purged:
    """Deletes text and pictures of the submissions that arrived before a day, and edited values.

    The day begins in the campaign's zone. Decisions, counts and the record's chain stay. The
    report is deleted, too, because it shows them; it can be written anew.
    """
    zone = Campaign.parse(desk.facts().campaign.encode(), file="campaign.toml").zone
    limit = as_text(dt.datetime.combine(before, dt.time(), zone))
    with desk.database.writing("submissions") as connection:
        query = select(SUBMISSIONS.c.submission, SUBMISSIONS.c.sha256).where(
            SUBMISSIONS.c.received < limit, SUBMISSIONS.c.dossier.is_not(None)
        )
        rows = connection.execute(query).all()
        for row in rows:
            _forget(connection, row.submission)
        kept = set(
            connection.scalars(
                select(SUBMISSIONS.c.sha256).where(SUBMISSIONS.c.dossier.is_not(None))
            )
        )
        if rows:
            detail = {"before": before.isoformat(), "submissions": len(rows)}
            desk.append(connection, BATCH, EventKind.PURGED, None, detail)
    # Two submissions may have handed in one file, and share its pictures.
    gone = {row.sha256 for row in rows} - kept
    pictures = sum(_delete_pictures(desk.pictures, sha256) for sha256 in gone if sha256)
    for report in desk.folder.glob("report*.html"):
        report.unlink()
    return Purged(len(rows), pictures)


def _forget(connection: Connection, submission: str) -> None:
    of = SUBMISSIONS.c.submission == submission
    connection.execute(update(SUBMISSIONS).where(of).values(dossier=None, current=None))
    edits = (EVENTS.c.submission == submission, EVENTS.c.kind == EventKind.EDITED.value)
    connection.execute(update(EVENTS).where(*edits).values(detail=None))


def _delete_pictures(folder: Path, sha256: str) -> int:
    """Pictures, strips and visual words; returns how many of them are pictures."""
    files = list(folder.glob(f"{sha256[:32]}-*"))
    for file in files:
        file.unlink()
    return sum(file.suffix == ".jpg" for file in files)
