"""Pictures as they leave the server: found by number, never by a path from a request."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from receipt_screen.desk.dossier import Dossier, Picture
from receipt_screen.desk.store import Desk, Queued
from receipt_screen.errors import PhotoError
from receipt_screen.photo import open_photos
from receipt_screen.report.draw import jpeg_bytes
from receipt_screen.report.pictures import picture_stem
from receipt_screen.report.plate import quarter_turns
from receipt_screen.report.redact import KEPT


def redacted(desk: Desk, row: Queued, page: int, receipt: int, field: str | None) -> bytes | None:
    """A picture or a strip of a submission; None where there is none."""
    if row.sha256 is None or field not in (None, *KEPT):
        return None
    strip = f"-{field}" if field else ""
    path = desk.pictures / f"{picture_stem(row.sha256, page, receipt)}{strip}.jpg"
    return path.read_bytes() if path.is_file() else None


def addresses(number: int, picture: Picture) -> dict[str, str]:
    """Where the files of one picture are served."""
    _, page, receipt = picture.file.removesuffix(".jpg").rsplit("-", 2)
    base = f"/picture/{number}/{page}/{receipt}"
    return {
        picture.file: base,
        **{file: f"{base}/{field}" for field, file in picture.strips.items()},
    }


def original(uploads: Path, row: Queued, dossier: Dossier | None) -> bytes | None:
    """The photo as it was handed in, upright and without EXIF; None where it is gone or changed.

    Raises PhotoError for one that can't be opened.
    """
    path = (uploads / row.file).resolve()
    if not path.is_relative_to(uploads.resolve()) or not path.is_file():
        return None
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != row.sha256:
        return None
    screening = dossier.screening if dossier else None
    page = screening.findings.photo.page if screening else 1
    turns = quarter_turns(screening.findings.page.lines) if screening else 0
    try:
        photo = open_photos(data, name=row.file)[page - 1]
    except PhotoError:
        return None
    return jpeg_bytes(np.ascontiguousarray(np.rot90(photo.pixels, turns)), 88)
