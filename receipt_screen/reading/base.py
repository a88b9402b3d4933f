"""What every reading engine promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from receipt_screen.records import Page, Pixels


@dataclass(frozen=True)
class ReaderSettings:
    """How an engine may use the machine."""

    threads: int = 1
    """Threads for one photo; a batch runs one photo a process instead."""
    timeout: float = 30.0
    """Seconds after which an outside engine is stopped."""


class Reader(Protocol):
    """Turns a flattened paper into lines of text.

    A reader is safe to share between threads.
    """

    @property
    def name(self) -> str:
        """The engine's name, as `open_reader` knows it."""
        ...

    @property
    def version(self) -> str:
        """The version of engine and models, as it stands in every `Page`."""
        ...

    def read(self, pixels: Pixels) -> Page:
        """Reads a paper that may lie on any of its four sides.

        The page's lines stand in the frame of `numpy.rot90(pixels, page.turn)`. A paper
        without text gives a BLANK page. Raises ReadingError when the engine fails,
        ReadingTimeoutError when it takes too long.
        """
        ...
