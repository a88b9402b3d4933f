"""Paper → Page: reading engines, opened by name."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from receipt_screen.errors import UsageError
from receipt_screen.reading.base import Reader, ReaderSettings

__all__ = ["ENGINES", "Reader", "ReaderSettings", "open_reader"]

# Each engine's module is imported when the engine is opened: extras may be missing.
ENGINES: dict[str, tuple[str, str]] = {
    "lines": ("receipt_screen.reading.lines", "LinesReader"),
    "tesseract": ("receipt_screen.reading.tesseract", "TesseractReader"),
}


@cache
def open_reader(name: str = "lines", settings: ReaderSettings | None = None) -> Reader:
    """The engine of a name, opened once per process and settings.

    Raises UsageError for an unknown name and SetupError when the engine can't be opened.
    """
    if name not in ENGINES:
        engines = ", ".join(sorted(ENGINES))
        raise UsageError("reading.unknown_engine", {"engine": name, "engines": engines})
    module, engine = ENGINES[name]
    reader: Reader = getattr(import_module(module), engine)(settings or ReaderSettings())
    return reader
