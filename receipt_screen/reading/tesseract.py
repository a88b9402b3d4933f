"""The engine `tesseract`: the only module that knows pytesseract and the tesseract program.

Traps of pytesseract 0.3.13, checked against its source: an unparsable version raises
SystemExit; a time-out is a bare RuntimeError and TesseractError is a RuntimeError too;
DICT output truncates confidences, so the TSV is parsed here.
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from statistics import fmean
from typing import Any

import cv2
import numpy as np

from receipt_screen.errors import ReadingError, ReadingTimeoutError, SetupError
from receipt_screen.geometry import Box, Quad
from receipt_screen.reading.base import ReaderSettings
from receipt_screen.reading.crops import Grey
from receipt_screen.records import Line, Outcome, Page, Pixels

LANGUAGES = ("kor", "eng")
CONFIG = (
    # Single column of lines of different sizes; dictionaries spoil numbers and shop names.
    "--psm 4 --oem 1 -c load_system_dawg=0 -c load_freq_dawg=0 -c preserve_interword_spaces=1"
)
BORDER = 20
"""White border in pixels: tesseract drops text that touches the edge."""
ENOUGH = 40
"""Characters of decent confidence after which no other turn is tried."""
DECENT = 50.0
"""Tesseract's own confidence, 0 to 100, above which a character counts as read."""


@dataclass(frozen=True)
class Word:
    """A row of tesseract's TSV; in Korean usually a single syllable."""

    line: tuple[str, str, str]
    text: str
    confidence: float
    box: Box


class TesseractReader:
    """Reads with the tesseract program. Safe to share between threads."""

    name = "tesseract"

    def __init__(self, settings: ReaderSettings | None = None) -> None:
        self.settings = settings or ReaderSettings()
        # One process per core beats several threads per page; a user's own value stands.
        os.environ.setdefault("OMP_THREAD_LIMIT", str(self.settings.threads))
        self._pytesseract = load_pytesseract()
        self.version = probe_version(self._pytesseract)
        check_languages(self._pytesseract)

    def read(self, pixels: Pixels) -> Page:
        """Reads a paper; the other three turns are tried when little text comes out."""
        started = time.perf_counter()
        grey: Grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
        best_turn, best = 0, self._words(grey)
        for turn in (2, 1, 3):
            if _read_characters(best) >= ENOUGH:
                break
            words = self._words(np.ascontiguousarray(np.rot90(grey, turn)))
            if _read_characters(words) > _read_characters(best):
                best_turn, best = turn, words
        lines = words_to_lines(best)
        height, width = grey.shape if best_turn % 2 == 0 else grey.shape[::-1]
        return Page(
            engine=self.name,
            version=self.version,
            outcome=Outcome.READ if lines else Outcome.BLANK,
            why=None if lines else "no line of text was found",
            turn=best_turn,
            width=width,
            height=height,
            lines=lines,
            seconds=time.perf_counter() - started,
        )

    def _words(self, grey: Grey) -> list[Word]:
        framed = cv2.copyMakeBorder(
            grey, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=(255,)
        )
        return parse_tsv(self._run(np.asarray(framed, np.uint8)))

    def _run(self, grey: Grey) -> str:
        try:
            tsv: str = self._pytesseract.image_to_data(
                grey, lang="+".join(LANGUAGES), config=CONFIG, timeout=self.settings.timeout
            )
        except self._pytesseract.TesseractError as exc:
            reason = f"exit status {exc.status}"
            raise ReadingError(
                "reading.engine_failed", {"engine": self.name, "reason": reason}
            ) from exc
        except RuntimeError as exc:
            raise ReadingTimeoutError(
                "reading.timeout", {"engine": self.name, "seconds": self.settings.timeout}
            ) from exc
        except OSError as exc:
            reason = type(exc).__name__
            raise ReadingError(
                "reading.engine_failed", {"engine": self.name, "reason": reason}
            ) from exc
        return tsv


def load_pytesseract() -> Any:
    """The module pytesseract; a SetupError names the extra."""
    try:
        return import_module("pytesseract")
    except ImportError as exc:
        raise SetupError("reading.no_pytesseract") from exc


def probe_version(pytesseract: Any) -> str:
    """The version of the tesseract program; a SetupError says how to install it."""
    try:
        return str(pytesseract.get_tesseract_version())
    except (OSError, SystemExit, pytesseract.TesseractNotFoundError) as exc:
        raise SetupError("reading.no_tesseract") from exc


def check_languages(pytesseract: Any) -> None:
    """Raises a SetupError that names the first missing language."""
    installed = pytesseract.get_languages()
    for language in LANGUAGES:
        if language not in installed:
            raise SetupError("reading.no_language", {"language": language})


def parse_tsv(tsv: str) -> list[Word]:
    """The words of tesseract's TSV output, in the frame of the image without its border."""
    rows = csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row) for row in rows if row["level"] == "5" and (row["text"] or "").strip()]


def _word(row: dict[str, str]) -> Word:
    left, top = float(row["left"]) - BORDER, float(row["top"]) - BORDER
    box = Box(left, top, left + float(row["width"]), top + float(row["height"]))
    line = (row["block_num"], row["par_num"], row["line_num"])
    return Word(line, row["text"].strip(), float(row["conf"]), box)


def words_to_lines(words: list[Word]) -> tuple[Line, ...]:
    """Words joined to lines; a space stands where a gap is wide, not between all syllables."""
    lines: dict[tuple[str, str, str], list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    return tuple(_line(members) for members in lines.values())


def _line(words: list[Word]) -> Line:
    words = sorted(words, key=lambda word: word.box.left)
    confidence = fmean(max(0.0, word.confidence) for word in words) / 100
    return Line(
        text=_join(words),
        quad=Quad.hull(tuple(Quad.from_box(word.box) for word in words)),
        confidence=min(1.0, confidence),
    )


def _join(words: list[Word]) -> str:
    height = max(word.box.height for word in words)
    text = words[0].text
    for before, after in pairwise(words):
        gap = after.box.left - before.box.right
        text += (" " if gap > 0.35 * height else "") + after.text
    return text


def _read_characters(words: list[Word]) -> int:
    return sum(len(word.text) for word in words if word.confidence >= DECENT)
