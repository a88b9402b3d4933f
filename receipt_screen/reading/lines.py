"""The engine `lines`: detector, two recognisers on the same strips, merged where they agree."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import atan2, degrees
from statistics import fmean, median

import cv2
import numpy as np

from receipt_screen.geometry import Quad, Transform
from receipt_screen.reading.agree import agree
from receipt_screen.reading.base import ReaderSettings
from receipt_screen.reading.crops import Grey, crop_strip
from receipt_screen.reading.detector import PPOCR, FoundLine, LineDetector, reading_order
from receipt_screen.reading.recogniser import KOREAN, LATIN, Glyphs, LineRecogniser, Strips, text_of
from receipt_screen.records import Line, Outcome, Page, Pixels, Reading

NUMBER = re.compile(r"\d(?:[\d\s,.:/*-]*\d){2,}")
"""Three digits and more, with what may stand between them."""
SETTLED = re.compile(
    r"\d{3}|\d[,.]\d{3}"  # a price below 10,000
    r"|0\d{1,2}-\d{3,4}-\d{4}|1[5-9]\d{2}-\d{4}"  # a phone number
    r"|\d{4}[\d*-]*\*[\d*-]*\d{3,4}"  # a card number, masked
)
"""Numbers on which no verdict hangs: surely read they aren't read a second time."""


FEWEST_LINES = 5
"""A speck that looks like a letter is read surely; a paper has more lines."""
SAMPLED = 8
"""Every so many-th pixel tells how bright a paper is."""
ENOUGH_CONTRAST = 90.0
"""Grey levels between ink and paper from which nothing is gained by spreading them."""
BRIGHT_RANGE, BRIGHT_PAPER, MOST_GAIN = 150.0, 225.0, 4.0
"""What dim papers are spread to; more gain only shows noise."""


@dataclass(frozen=True)
class LinesSettings:
    """What decides the turn of a paper and which lines are read twice."""

    probes: int = 8
    """Longest lines that tell whether the paper is held right."""
    compared: int = 24
    """Longest lines in which characters that are surely read are counted, way by way."""
    certain: float = 0.9
    """Confidence of a character that is surely read."""
    upright: float = 0.86
    """Mean confidence of the probes at which nobody turns the paper to compare, or asks the other
    detector: of 160 papers, none held the wrong way had more than 0.83."""
    telling: int = 125
    """Sure characters in the lines compared that no paper has held on its side: of 372, none had
    more than 105. Upside down none had more than 1 / 1.8 of what it had held rightly."""
    far_askew: float = 24.0
    """Degrees from which the first detector cuts lines into pieces, which may well read surely."""
    unsure: float = 0.6
    """A line with a digit and a mean confidence below this is read twice as a whole."""
    sure: float = 0.995
    """Digits that are all so sure are right as often as after a second reading; it is made all the
    same of sums, dates and numbers that identify, so that two readers vouch for them."""
    number_room: float = 0.7
    """What is kept beside a number for its second reading, in line heights."""


@dataclass(frozen=True, eq=False)
class Held:
    """A paper held some way up, pulled straight."""

    grey: Grey
    lines: tuple[FoundLine, ...]
    turn: int
    width: int
    height: int
    """Of the paper as it lies, in which lines have their quads."""

    def cut(self) -> Turned:
        """Its lines cut out."""
        strips = [crop_strip(self.grey, line.straight, LATIN.height) for line in self.lines]
        return Turned(self.lines, strips, self.turn, self.width, self.height)


@dataclass(frozen=True, eq=False)
class Turned:
    """The lines of a paper that was turned; its pixels, many, are let go."""

    lines: tuple[FoundLine, ...]
    strips: Sequence[Grey]
    """Of each line, at the height of the reader that wants most."""
    turn: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Way:
    """A way to hold a paper, and its lines, read as far as they are asked for."""

    turned: Turned
    korean: Strips
    settings: LinesSettings

    @cached_property
    def sureness(self) -> float:
        """Mean confidence of the longest lines."""
        return _mean_confidence(self.korean.some(self._probes))

    @cached_property
    def tilt(self) -> float:
        """Degrees by which the longest lines are off the nearest side of the picture."""
        quads = [self.turned.lines[index].quad for index in self._probes]
        return median(map(_tilt, quads)) if quads else 0.0

    def sure_characters(self) -> int:
        """How many characters of the longest lines are surely read."""
        lines = self.korean.some(longest(self.turned, self.settings.compared))
        certain = self.settings.certain
        return sum(glyph.confidence >= certain for line in lines for glyph in line)

    @cached_property
    def _probes(self) -> list[int]:
        return longest(self.turned, self.settings.probes)


class LinesReader:
    """Finds lines and reads them with two recognisers. Safe to share between threads."""

    name = "lines"
    version = "5"

    def __init__(
        self, settings: ReaderSettings | None = None, lines: LinesSettings | None = None
    ) -> None:
        threads = (settings or ReaderSettings()).threads
        self.settings = lines or LinesSettings()
        self._detector = LineDetector(threads)
        self._detector.open()
        self._thorough_detector = LineDetector(threads, PPOCR)
        self._korean = LineRecogniser(KOREAN, threads)
        self._latin = LineRecogniser(LATIN, threads)

    def read(self, pixels: Pixels) -> Page:
        """Reads a paper lying on any of its four sides."""
        started = time.perf_counter()
        turned, korean = self._read_upright(brighten(pixels))
        lines = tuple(line for line in self._lines(turned, korean) if line is not None)
        return Page(
            engine=self.name,
            version=self.version,
            outcome=Outcome.READ if lines else Outcome.BLANK,
            why=None if lines else "no line of text was found",
            turn=turned.turn,
            width=turned.width,
            height=turned.height,
            lines=lines,
            seconds=time.perf_counter() - started,
        )

    def read_lines(self, grey: Grey, quads: Sequence[Quad]) -> list[Line | None]:
        """Reads upright lines whose places are known; None where nothing can be read."""
        height, width = grey.shape
        lines = tuple(FoundLine(quad, quad) for quad in quads)
        turned = Held(grey, lines, 0, width, height).cut()
        return self._lines(turned, self._korean.recognise(turned.strips))

    def _read_upright(self, pixels: Pixels) -> tuple[Turned, list[Glyphs]]:
        """The paper turned upright, and its lines as the Korean reader has them.

        Where no way to hold it reads surely, the other detector is asked, and the way is taken in
        which most characters read: held wrongly, single lines read as surely as held rightly, but
        not as many letters.
        """
        ways = self._until_sure(self._ways(self._detector, pixels, (0, 2)))
        if not self._is_sure(ways[-1]) and not self._tells(ways):
            ways += self._until_sure(self._ways(self._detector, pixels, (1, 3)))
        surest = ways[-1]
        if not self._is_sure(surest):
            likely = self._likely_turns(ways)
            ways += self._until_sure(self._ways(self._thorough_detector, pixels, likely))
            surest = max(ways, key=Way.sure_characters)
        return surest.turned, surest.korean.all()

    def _until_sure(self, ways: Iterable[Way]) -> list[Way]:
        """The ways to hold a paper as far as the first whose longest lines read surely."""
        seen: list[Way] = []
        for way in ways:
            seen.append(way)
            if self._is_sure(way):
                break
        return seen

    def _is_sure(self, way: Way) -> bool:
        return way.sureness >= self.settings.upright and way.tilt < self.settings.far_askew

    def _tells(self, ways: Sequence[Way]) -> bool:
        """Whether one is read too well to be held on its side."""
        surest = max(ways, key=lambda way: way.sureness)
        return surest.sure_characters() >= self.settings.telling

    def _likely_turns(self, ways: Sequence[Way]) -> list[int]:
        """The turns that may be right, the likeliest first.

        Held askew in hard light, no way reads, and which reads least badly says nothing.
        """
        ordered = sorted(ways, key=Way.sure_characters, reverse=True)
        least = ordered[0].sure_characters() / 2 if self._tells(ways) else 0
        return [way.turned.turn for way in ordered if way.sure_characters() >= least]

    def _ways(self, detector: LineDetector, pixels: Pixels, turns: Sequence[int]) -> Iterator[Way]:
        """A paper turned so often, each way made when it is asked for."""
        found: dict[int, Held] = {}
        for turn in turns:
            opposite = found.pop((turn + 2) % 4, None)
            if opposite is not None:
                yield self._way(turn_over(opposite))
            else:
                found[turn] = _found(detector, _turned(pixels, turn), turn)
                yield self._way(found[turn])

    def _way(self, held: Held) -> Way:
        turned = held.cut()
        return Way(turned, self._korean.open(turned.strips), self.settings)

    def _lines(self, turned: Turned, korean: list[Glyphs]) -> list[Line | None]:
        latin = self.second_readings(turned, korean)
        return [
            _line(line.quad, korean[index], latin.get(index))
            for index, line in enumerate(turned.lines)
        ]

    def second_readings(self, turned: Turned, korean: list[Glyphs]) -> dict[int, Glyphs]:
        """What the second reader makes of the parts of lines that hold numbers."""
        spans = {
            index: span
            for index, glyphs in enumerate(korean)
            if (span := number_span(glyphs, turned.lines[index].straight, self.settings))
            is not None
        }
        strips = [_cut(turned.strips[index], span) for index, span in spans.items()]
        readings = self._latin.recognise(strips)
        return {
            index: _placed_back(glyphs, span)
            for (index, span), glyphs in zip(spans.items(), readings, strict=True)
        }


@dataclass(frozen=True)
class Span:
    """A part of a strip, from 0 at its left end to 1 at its right end."""

    start: float
    end: float


def number_span(glyphs: Glyphs, quad: Quad, settings: LinesSettings) -> Span | None:
    """The part of a line that is worth a second reading."""
    numbers = list(NUMBER.finditer(text_of(glyphs)))
    if not numbers:
        unsure = _confidence(glyphs) < settings.unsure
        has_digit = any(glyph.text.isdigit() for glyph in glyphs)
        return Span(0.0, 1.0) if unsure and has_digit else None
    open_ones = [each for each in numbers if not _is_settled(each, glyphs, settings.sure)]
    if not open_ones:
        return None
    room = settings.number_room * quad.height / max(quad.width, 1.0)
    start = glyphs[open_ones[0].start()].place - room
    end = glyphs[open_ones[-1].end() - 1].place + room
    return Span(max(0.0, start), min(1.0, end))


def _is_settled(number: re.Match[str], glyphs: Glyphs, sure: float) -> bool:
    """Whether nothing hangs on a number but what one reader surely read."""
    if SETTLED.fullmatch(number.group()) is None:
        return False
    signs = glyphs[number.start() : number.end()]
    return all(sign.confidence >= sure for sign in signs if sign.text.isdigit())


def _cut(strip: Grey, span: Span) -> Grey:
    width = strip.shape[1]
    return strip[:, int(span.start * width) : max(1, round(span.end * width))]


def _placed_back(glyphs: Glyphs, span: Span) -> Glyphs:
    """Glyphs of a part of a strip, placed in the whole strip."""
    size = span.end - span.start
    return tuple(replace(glyph, place=span.start + glyph.place * size) for glyph in glyphs)


def brighten(pixels: Pixels) -> Pixels:
    """A dim or pale paper with its greys spread out; a good one as it is."""
    sample = pixels[::SAMPLED, ::SAMPLED].mean(axis=2)
    dark, light = np.percentile(sample, [1, 97])
    if light - dark >= ENOUGH_CONTRAST:
        return pixels
    gain = min(MOST_GAIN, BRIGHT_RANGE / max(light - dark, 1.0))
    levels = np.clip((np.arange(256) - light) * gain + BRIGHT_PAPER, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, levels), np.uint8)


def _found(detector: LineDetector, pixels: Pixels, turn: int) -> Held:
    """A paper that was turned so often, with the lines that are found in it."""
    found = detector.find(pixels)
    grey: Grey = cv2.cvtColor(found.pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    height, width = pixels.shape[:2]
    return Held(grey, found.lines, turn, width, height)


def longest(turned: Turned, count: int) -> list[int]:
    """Which lines are the longest."""
    widths = [line.quad.width for line in turned.lines]
    return sorted(range(len(widths)), key=lambda index: -widths[index])[:count]


def _turned(pixels: Pixels, turn: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, turn))


def _tilt(quad: Quad) -> float:
    """Degrees between a line and the nearest side of the picture."""
    x, y = quad.array[1] - quad.array[0]
    return abs((degrees(atan2(y, x)) + 45) % 90 - 45)


def turn_over(held: Held) -> Held:
    """The same paper and lines, turned by half a turn."""
    height, width = held.grey.shape
    straight = Transform.turning(2, width, height).inverse()
    as_it_lies = Transform.turning(2, held.width, held.height).inverse()
    lines = tuple(
        FoundLine(turn_quad(line.quad, as_it_lies), turn_quad(line.straight, straight))
        for line in held.lines
    )
    grey = np.ascontiguousarray(held.grey[::-1, ::-1])
    return replace(held, grey=grey, lines=lines, turn=(held.turn + 2) % 4)


def turn_quad(quad: Quad, transform: Transform) -> Quad:
    """A quad in the turned frame, its corners again clockwise from the top left."""
    return Quad.from_array(reading_order(transform.quad(quad).array.astype(np.float32)))


def _confidence(glyphs: Glyphs) -> float:
    return fmean(glyph.confidence for glyph in glyphs) if glyphs else 0.0


def _mean_confidence(lines: Sequence[Glyphs]) -> float:
    """Of a paper's longest lines; lines that a receipt should have and this doesn't count as 0."""
    return sum(_confidence(glyphs) for glyphs in lines) / max(FEWEST_LINES, len(lines))


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
        runners_up=tuple(glyph.runner_up for glyph in glyphs),
        readings=tuple(
            Reading(reader=name, text=text_of(read), confidence=_confidence(read))
            for name, read in readings
        ),
    )
