"""Photos handed in one by one become JSON; the line of one that can't be used has the error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from receipt_screen.batch.settle import Arrival, settle
from receipt_screen.batch.uploads import printable
from receipt_screen.compare import Side
from receipt_screen.contract_json import (
    failed_json,
    failed_screening_json,
    findings_json,
    screening_json,
)
from receipt_screen.errors import PhotoError
from receipt_screen.messages import Language
from receipt_screen.reading import Reader
from receipt_screen.records import Screening
from receipt_screen.report.draw import save_drawing
from receipt_screen.screener import Screener, examine_pages, main_page

Json = dict[str, Any]


def read_photo(
    path: str, reader: Reader, language: Language, *, drawings: Path | None = None
) -> Iterator[Json]:
    """What each page of an upload says; one object where it has one page or can't be opened.

    `drawings`: a folder in which each page is drawn with what was found on it. Raises UsageError
    where it can't be written.
    """
    name = printable(path)
    try:
        for photo, findings in examine_pages(path, reader, name=name):
            if drawings is not None:
                save_drawing(photo, findings, drawings, language)
            yield findings_json(findings)
    except PhotoError as error:
        yield failed_json(name, error.text(language))


def open_side(path: str, reader: Reader) -> Side:
    """One of two receipts to be compared: of several in an upload, the one that is judged.

    Raises PhotoError for an upload that can't be used.
    """
    pages = list(examine_pages(path, reader, name=printable(path)))
    chosen, _ = main_page([findings for _, findings in pages])
    return next(Side(findings, photo) for photo, findings in pages if findings is chosen)


@dataclass(frozen=True)
class Intake:
    """Screens photos of which the same is known."""

    screener: Screener
    received: dt.datetime | None = None
    """Without a zone it is in the campaign's; None: now."""
    submission: str | None = None
    """None: the photo is named by the start of its sha256."""
    submitter: str | None = None
    remember: bool = False

    def screen(self, path: str) -> Json:
        """What an upload says and what campaign and registry say of it."""
        try:
            return screening_json(self._screen(path))
        except PhotoError as error:
            return failed_screening_json(
                failed_json(printable(path), error.text(self.screener.language)),
                self.screener.campaign.facts,
                submission=self.submission,
                received=self._arrived(),
                submitter=self.submitter,
            )

    def _screen(self, path: str) -> Screening:
        if self.remember and self.screener.registry is not None:
            pages = self.screener.examine(path, name=printable(path))
            submission = self.submission or pages[0].photo.sha256[:16]
            arrival = Arrival(submission, self._arrived(), self.submitter)
            return settle(self.screener, self.screener.registry, pages, arrival)
        return self.screener.screen(
            path,
            name=printable(path),
            submission=self.submission,
            received=self.received,
            submitter=self.submitter,
        )

    def _arrived(self) -> dt.datetime:
        zone = self.screener.campaign.zone
        received = self.received or dt.datetime.now(zone)
        return received if received.tzinfo else received.replace(tzinfo=zone)
