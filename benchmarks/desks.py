"""Desks to take pictures of and to measure: a batch over samples, repeated as often as wanted."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path

from benchmarks.machine import cores
from benchmarks.script import ROOT
from receipt_screen import BatchSettings, Campaign, open_registry, run_batch
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk, open_desk

CAMPAIGN = ROOT / "samples" / "campaigns" / "jeonbuk-2025.toml"
SHOWN = [*range(36), 40, 47, 48, 49, 55, 56, 112, 119, 120, 127, 184, 191]
"""Indices of samples of every kind, altered copies and what they were made from among them."""
FEW = range(24)
"""Enough to repeat."""


def screen_samples(out: Path, shown: Iterable[int]) -> None:
    """Screens the samples of these indices as submissions of a campaign, in order."""
    photos = sorted((ROOT / "samples" / "images").iterdir())
    photos = [photos[index] for index in shown]
    uploads = out.with_name(f"{out.name}-uploads")
    uploads.mkdir()
    first = dt.datetime(2025, 2, 3, 9, 0)
    with (uploads / "list.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("file", "submission", "submitter", "received"))
        for number, photo in enumerate(photos, start=1):
            (uploads / photo.name).symlink_to(photo)
            received = first + dt.timedelta(days=number % 24, minutes=37 * number)
            row = (photo.name, f"2025-{number:06d}", f"A{number:04d}", received.isoformat())
            rows.writerow(row)
    settings = BatchSettings(uploads, out, uploads / "list.csv", workers=len(cores()), audit=0.0)
    out.mkdir()
    with open_registry(f"sqlite:///{out / 'registry.db'}") as registry:
        run_batch(settings, Campaign.load(CAMPAIGN), registry)


def multiply(out: Path, count: int, target: Path) -> Desk:
    """A desk with as many submissions as wanted, all of which a batch has screened."""
    campaign = Campaign.load(CAMPAIGN)
    with open_desk(out) as desk:
        dossiers = [desk.dossier(row.number) for row in desk.rows()]
    known = [dossier for dossier in dossiers if dossier is not None]
    large = Desk(target)
    large.pictures.symlink_to(out / "pictures", target_is_directory=True)
    facts = large.prepare(campaign.source.decode(), out, "ko", 0.05)
    for number, dossier in zip(range(count), cycle(known), strict=False):
        large.add(_renamed(dossier, f"2025-{number:06d}"), campaign, facts)
    return large


def _renamed(dossier: Dossier, submission: str) -> Dossier:
    screening = dossier.screening
    if screening is not None:
        screening = screening.model_copy(update={"submission": submission})
    return dossier.model_copy(update={"submission": submission, "screening": screening})
