"""What a batch's child processes do: open one upload and read all its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2

from receipt_screen.batch.uploads import Upload
from receipt_screen.reading import Reader
from receipt_screen.records import Findings
from receipt_screen.screener import examine_upload

Pages = tuple[Findings, ...]
PagesJson = tuple[str, ...]
"""Findings on their way to the parent: pydantic's generic records can't be pickled."""


@dataclass(frozen=True)
class Examiner:
    """Reads one upload, all its pages."""

    reader: Reader

    def __call__(self, upload: Upload) -> PagesJson:
        """What the upload says; raises PhotoError for one that can't be opened."""
        pages = examine_upload(upload.path, self.reader, name=upload.file)
        return tuple(page.model_dump_json() for page in pages)


def open_examiner(open_engine: Callable[[str], Reader], engine: str) -> Examiner:
    """Opens the engine, in a process that leaves the other cores to its siblings."""
    cv2.setNumThreads(1)
    return Examiner(open_engine(engine))


def pages_from_json(pages: PagesJson) -> Pages:
    """What a child has sent, as records again."""
    return tuple(Findings.model_validate_json(page) for page in pages)
