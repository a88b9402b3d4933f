"""The engine `lines`: detector, two recognisers on the same strips, merged where they agree."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import cv2
import numpy as np

from receipt_screen.geometry import Quad, Transform
from receipt_screen.reading.agree import agree
from receipt_screen.reading.base import ReaderSettings
from receipt_screen.reading.crops import Grey, crop_strip
from receipt_screen.reading.detector import LineDetector, reading_order
from receipt_screen.reading.recogniser import KOREAN, LATIN, Glyphs, LineRecogniser, text_of
from receipt_screen.records import Line, Outcome, Page, Pixels, Reading


@dataclass(frozen=True)
class LinesSettings:
    """What decides the turn of a paper and which lines are read twice."""

    probes: int = 8
    """Longest lines that are read both ways up."""
    sideways: float = 1.3
    """A quad this much taller than wide is a line of a paper lying on its side."""
    digits: int = 3
    """Lines with at least this many digits are read by the second recogniser too."""
    unsure: float = 0.6
    """… as are lines of this mean confidence or less: they may be digits in disguise."""


@dataclass(frozen=True)
class Turned:
    """A paper turned upright, with its lines."""

    grey: Grey
    quads: tuple[Quad, ...]
    turn: int


class LinesReader:
    """Finds lines and reads them with two recognisers. Safe to share between threads."""

    name = "lines"
    version = "1"

    def __init__(
        self, settings: ReaderSettings | None = None, lines: LinesSettings | None = None
    ) -> None:
        threads = (settings or ReaderSettings()).threads
        self.settings = lines or LinesSettings()
        self._detector = LineDetector(threads)
        self._korean = LineRecogniser(KOREAN, threads)
        self._latin = LineRecogniser(LATIN, threads)

    def read(self, pixels: Pixels) -> Page:
        """Reads a paper lying on any of its four sides."""
        started = time.perf_counter()
        turned = self._turn_upright(pixels)
        lines = self._read_lines(turned)
        height, width = turned.grey.shape
        return Page(
            engine=self.name,
            version=self.version,
            outcome=Outcome.READ if lines else Outcome.BLANK,
            why=None if lines else "no line of text was found",
            turn=turned.turn,
            width=width,
            height=height,
            lines=lines,
            seconds=time.perf_counter() - started,
        )

    def _turn_upright(self, pixels: Pixels) -> Turned:
        turn, coarse = 0, self._detector.glance(pixels)
        if self._lie_sideways(coarse):
            height, width = pixels.shape[:2]
            coarse = turn_quads(coarse, Transform.turning(1, width, height).inverse())
            turn, pixels = 1, np.ascontiguousarray(np.rot90(pixels))
        quads = self._detector.look_closer(pixels, coarse)
        grey: Grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
        upright = Turned(grey, quads, turn)
        return turn_over(upright) if self._reads_better_turned_over(upright) else upright

    def _lie_sideways(self, quads: Sequence[Quad]) -> bool:
        tall = sum(quad.height > self.settings.sideways * quad.width for quad in quads)
        return tall > len(quads) / 2

    def _reads_better_turned_over(self, turned: Turned) -> bool:
        longest = sorted(turned.quads, key=lambda quad: -quad.width)[: self.settings.probes]
        if not longest:
            return False
        strips = [crop_strip(turned.grey, quad, KOREAN.height) for quad in longest]
        turned_over = [np.ascontiguousarray(strip[::-1, ::-1]) for strip in strips]
        return self._sureness(turned_over) > self._sureness(strips)

    def _sureness(self, strips: list[Grey]) -> float:
        return fmean(_confidence(glyphs) for glyphs in self._korean.recognise(strips))

    def _read_lines(self, turned: Turned) -> tuple[Line, ...]:
        strips = [crop_strip(turned.grey, quad, LATIN.height) for quad in turned.quads]
        korean = self._korean.recognise(strips)
        twice = [index for index, glyphs in enumerate(korean) if self._wants_second(glyphs)]
        latin = dict(
            zip(twice, self._latin.recognise([strips[index] for index in twice]), strict=True)
        )
        lines = (
            _line(quad, korean[index], latin.get(index)) for index, quad in enumerate(turned.quads)
        )
        return tuple(line for line in lines if line is not None)

    def _wants_second(self, glyphs: Glyphs) -> bool:
        digits = sum(glyph.text.isdigit() for glyph in glyphs)
        return digits >= self.settings.digits or (
            len(glyphs) >= self.settings.digits and _confidence(glyphs) <= self.settings.unsure
        )


def turn_over(turned: Turned) -> Turned:
    """The same paper and quads, turned by half a turn."""
    height, width = turned.grey.shape
    quads = turn_quads(turned.quads, Transform.turning(2, width, height).inverse())
    grey = np.ascontiguousarray(turned.grey[::-1, ::-1])
    return Turned(grey, quads, (turned.turn + 2) % 4)


def turn_quads(quads: Sequence[Quad], transform: Transform) -> tuple[Quad, ...]:
    """Quads in the turned frame, their corners again clockwise from the top left."""
    return tuple(
        Quad.from_array(reading_order(transform.quad(quad).array.astype(np.float32)))
        for quad in quads
    )


def _confidence(glyphs: Glyphs) -> float:
    return fmean(glyph.confidence for glyph in glyphs) if glyphs else 0.0


def _line(quad: Quad, korean: Glyphs, latin: Glyphs | None) -> Line | None:
    """The record of a line, or None when nothing was read in its quad."""
    glyphs = korean if latin is None else agree(korean, latin)
    if not glyphs:
        return None
    readings = [(KOREAN.name, korean)]
    if latin is not None:
        readings.append((LATIN.name, latin))
    return Line(
        text=text_of(glyphs),
        quad=quad,
        confidence=_confidence(glyphs),
        characters=tuple(round(glyph.confidence, 3) for glyph in glyphs),
        readings=tuple(
            Reading(reader=name, text=text_of(read), confidence=_confidence(read))
            for name, read in readings
        ),
    )
