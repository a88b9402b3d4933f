"""What a batch's child processes do: open one upload, read all its pages, keep pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

from receipt_screen.batch.folder import writing_into
from receipt_screen.batch.uploads import Upload
from receipt_screen.batch.witness import words_file
from receipt_screen.compare import sheet_pixels, visual_words
from receipt_screen.desk.dossier import Picture
from receipt_screen.reading import Reader
from receipt_screen.records import Findings, Photo, Record
from receipt_screen.report.pictures import save_pictures
from receipt_screen.screener import examine_pages

PagesJson = tuple[str, ...]
"""Pages on their way to the parent: pydantic's generic records can't be pickled."""


class ExaminedPage(Record):
    """What a page says, and its pictures for reviewers."""

    findings: Findings
    picture: Picture


Pages = tuple[ExaminedPage, ...]


@dataclass(frozen=True)
class Examiner:
    """Reads one upload, all its pages, and writes the pictures of each into a folder."""

    reader: Reader
    pictures: Path

    def __call__(self, upload: Upload) -> PagesJson:
        """What the upload says.

        Raises PhotoError for one that can't be opened, UsageError where no picture can be written.
        """
        pages = examine_pages(upload.path, self.reader, name=upload.file)
        return tuple(self._kept(photo, findings).model_dump_json() for photo, findings in pages)

    def _kept(self, photo: Photo, findings: Findings) -> ExaminedPage:
        """A page whose pictures and visual words are written."""
        file = words_file(self.pictures, findings.photo.sha256, findings.photo.page)
        with writing_into(self.pictures):
            picture = save_pictures(photo, findings, self.pictures)
            visual_words(sheet_pixels(photo, findings)).save(file)
        return ExaminedPage(findings=findings, picture=picture)


def open_examiner(open_engine: Callable[[str], Reader], engine: str, pictures: Path) -> Examiner:
    """Opens the engine, in a process that leaves the other cores to its siblings."""
    cv2.setNumThreads(1)
    return Examiner(open_engine(engine), pictures)


def pages_from_json(pages: PagesJson) -> Pages:
    """What a child has sent, as records again."""
    return tuple(ExaminedPage.model_validate_json(page) for page in pages)
