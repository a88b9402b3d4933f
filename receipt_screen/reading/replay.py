"""The engine that gives back saved pages: a stand-in for tests, demonstrations and debugging."""

from __future__ import annotations

import hashlib
from pathlib import Path

from receipt_screen.errors import ReadingError
from receipt_screen.records import Page, Pixels


def pixels_name(pixels: Pixels) -> str:
    """The name under which the page of these pixels is saved."""
    shape = "x".join(str(side) for side in pixels.shape)
    return hashlib.sha256(shape.encode() + pixels.tobytes()).hexdigest()[:32]


def save_page(page: Page, pixels: Pixels, folder: Path) -> Path:
    """Saves what a reader made of these pixels, for `ReplayReader` to give back."""
    path = folder / f"{pixels_name(pixels)}.json"
    path.write_text(page.model_dump_json(), encoding="utf-8")
    return path


class ReplayReader:
    """Gives back the pages in a folder; a ReadingError where there is none for the pixels."""

    name = "replay"
    version = "1"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, pixels: Pixels) -> Page:
        """The page saved for exactly these pixels."""
        path = self.folder / f"{pixels_name(pixels)}.json"
        if not path.is_file():
            raise ReadingError("reading.no_replay", {"folder": str(self.folder)})
        return Page.model_validate_json(path.read_bytes())
