"""Strips to learn from: single printed lines, and lines cut from whole rendered photographs.

The first bring rare syllables, long numbers and many faces, and the place of each character;
the second everything that photographing a page does to a line: neighbours that bleed in, curl,
perspective, shadows, compression. Crops are cut a little wrong, as a detector cuts them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from models.training.faces import Faces, load_faces
from models.training.papers import LabelledPaper, PrintedLine, fresh_papers, kept_papers
from models.training.recogniser.characters import INDEX
from receipt_screen.geometry import Quad
from receipt_screen.reading.crops import Grey, crop_strip
from samples.render.lines import LineSettings, make_line
from samples.render.shops import COINED
from samples.render.written import Hands

Floats = npt.NDArray[np.float32]

HEIGHT = 32
"""Rows of a strip as the network sees it."""
STEP = 4
"""Columns of a strip to a frame of the network's output."""
CUT_HEIGHT = 48
"""Height at which the reader cuts strips, before each network shrinks them to its own."""
STRETCH = (1.0, 1.4)
"""How much wider than high a strip may be seen; the reader uses 1.2."""
WIDER_STRETCH = (0.85, 1.75)
"""The same of single printed lines: no printer's letters should be wider or narrower than these,
or a reader doubles them or runs them together."""
SMALL = 0.25
"""Share of strips of which the photograph had no more than 8 to 20 rows."""
WRITTEN = 0.4
"""Share of single lines that are written by hand."""
WORSE = 0.3
"""Share of strips that are blurred, shaken, compressed or pale beyond what their picture was, or
have lost dots."""
WIDEST = 1000
"""Columns of the widest strip that is learnt from."""
NO_FACES = Faces()
FAINTEST = 14
"""Grey levels between ink and paper under which nobody could tell that a line is there."""
JOINED_GAP = 2.5
"""Neighbours in a row nearer than this many heights may be cut out as one line."""


@dataclass(frozen=True)
class Strip:
    """A line at the network's height with its text."""

    pixels: Grey
    text: str
    frames: tuple[tuple[float, float], ...] = ()
    """First and last column of each character; empty where unknown."""

    @property
    def is_readable(self) -> bool:
        """Whether ink can be seen, and CTC has a frame for every character and between doubles."""
        doubles = sum(a == b for a, b in zip(self.text, self.text[1:], strict=False))
        dark, light = np.percentile(self.pixels, (3, 97))
        return (
            light - dark >= FAINTEST
            and self.pixels.shape[1] <= WIDEST
            and self.pixels.shape[1] // STEP > (len(self.text) + doubles)
        )


# ── single lines ─────────────────────────────────────────────────────────────────────────────


def printed_strips(seed: int, split: str = "train", further: Faces = NO_FACES) -> Iterator[Strip]:
    """Endless lines of the renderer, some in further faces, each with its characters' places."""
    settings = LineSettings(
        seed,
        split,
        faces=further.korean,
        latins=further.latin,
        written=WRITTEN,
        hands=Hands(further.hand, further.pen, further.digits),
    )
    chance, index = random.Random(seed), 0
    while True:
        crop = make_line(settings, index)
        index += 1
        if not all(char in INDEX for char in crop.text):
            continue
        height, width = crop.pixels.shape
        across = HEIGHT / height * chance.uniform(*WIDER_STRETCH)
        size = (max(8, round(width * across)), HEIGHT)
        pixels = cv2.resize(_spoilt(crop.pixels, chance), size, interpolation=cv2.INTER_AREA)
        ranges = tuple((left * across, right * across) for left, right in crop.ranges)
        yield Strip(np.asarray(pixels, np.uint8), crop.text, ranges)


# ── lines of photographs ─────────────────────────────────────────────────────────────────────


def photographed_strips(papers: Iterable[LabelledPaper], seed: int) -> Iterator[Strip]:
    """Lines of papers as the network sees them, some of them small, dim or otherwise worse."""
    chance = random.Random(seed)
    for cut_out in cut_lines(papers, seed):
        yield _seen(cut_out, chance)


@dataclass(frozen=True)
class CutLine:
    """A line as the reader cuts it out: 48 rows, before any network shrinks it."""

    pixels: Grey
    text: str


def cut_lines(papers: Iterable[LabelledPaper], seed: int) -> Iterator[CutLine]:
    """The lines of papers, cut as a detector might cut them."""
    chance = random.Random(seed)
    for paper in papers:
        pixels = paper.pixels()
        for line in _whole_lines(paper.lines, chance):
            yield CutLine(cut(pixels, line.quad, chance), line.text)


def _whole_lines(lines: Sequence[PrintedLine], chance: random.Random) -> Iterator[PrintedLine]:
    """The lines that can be read; neighbours in a row are joined now and then."""
    waiting: PrintedLine | None = None
    for line in lines:
        if not (line.visible and line.is_text and all(char in INDEX for char in line.text)):
            continue
        if waiting is not None and chance.random() < 0.5 and _is_next(waiting.quad, line.quad):
            waiting = PrintedLine(f"{waiting.text} {line.text}", _span(waiting, line), visible=True)
            continue
        if waiting is not None:
            yield waiting
        waiting = line
    if waiting is not None:
        yield waiting


def _is_next(left: Quad, right: Quad) -> bool:
    """Whether a line goes on in another one close to its right, set in the same size."""
    height = min(left.height, right.height)
    gap = np.hypot(*(right.array[0] - left.array[1]))
    along = (left.array[1] - left.array[0]) / max(left.width, 1.0)
    ahead = (right.array[0] - left.array[1]) @ along
    return bool(
        0 < ahead < JOINED_GAP * height
        and abs(gap - ahead) < 0.2 * height
        and max(left.height, right.height) < 1.3 * height
    )


def _span(first: PrintedLine, last: PrintedLine) -> Quad:
    a, b = first.quad.array, last.quad.array
    return Quad.from_array(np.stack([a[0], b[1], b[2], a[3]]))


def cut(pixels: Grey, quad: Quad, chance: random.Random) -> Grey:
    """The pixels of a quad, cut a little wrong: 48 rows."""
    return crop_strip(pixels, jittered(quad, chance), CUT_HEIGHT)


def _seen(line: CutLine, chance: random.Random) -> Strip:
    strip = _spoilt(line.pixels, chance)
    if chance.random() < 0.15:
        levels = np.clip(255 * np.linspace(0, 1, 256) ** chance.uniform(0.5, 1.8), 0, 255)
        strip = np.asarray(cv2.LUT(strip, levels.astype(np.uint8)), np.uint8)
    width = round(strip.shape[1] * HEIGHT / CUT_HEIGHT * chance.uniform(*STRETCH))
    fitted = cv2.resize(strip, (max(8, width), HEIGHT), interpolation=cv2.INTER_AREA)
    return Strip(np.asarray(fitted, np.uint8), line.text)


def jittered(quad: Quad, chance: random.Random) -> Quad:
    """The quad as a detector might have it: higher or lower, longer, askew."""
    corners = quad.array
    down = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    right = (corners[1] - corners[0]) / max(quad.width, 1.0) * quad.height
    above = chance.gauss(0, 0.07) + chance.choice([0.0, 0.0, 0.08])
    below = chance.gauss(0, 0.07) + chance.choice([0.0, 0.0, 0.08])
    before, behind = chance.uniform(-0.12, 0.35), chance.uniform(-0.12, 0.35)
    tilt = chance.gauss(0, 0.05)
    return Quad.from_array(
        np.stack(
            [
                corners[0] - down * (above + tilt) - right * before,
                corners[1] - down * (above - tilt) + right * behind,
                corners[2] + down * (below - tilt) + right * behind,
                corners[3] + down * (below + tilt) - right * before,
            ]
        )
    )


def _spoilt(strip: Grey, chance: random.Random) -> Grey:
    if chance.random() < SMALL:
        strip = _seen_small(strip, chance.uniform(8, 20))
    if chance.random() < WORSE:
        strip = chance.choice(WAYS_TO_SPOIL)(strip, chance)
    return strip


def _blurred(strip: Grey, chance: random.Random) -> Grey:
    return np.asarray(cv2.GaussianBlur(strip, (0, 0), chance.uniform(0.7, 2.2)), np.uint8)


def _shaken(strip: Grey, chance: random.Random) -> Grey:
    """Every dot drawn out along a short straight path."""
    side = chance.choice([3, 5, 7])
    angle, middle = chance.uniform(0, math.pi), (side - 1) / 2
    reach = np.array([math.cos(angle), math.sin(angle)]) * middle
    path = np.zeros((side, side), np.float32)
    ends = [tuple(np.round(middle + way * reach).astype(int).tolist()) for way in (-1, 1)]
    cv2.line(path, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(strip, -1, path / path.sum()), np.uint8)


def _compressed(strip: Grey, chance: random.Random) -> Grey:
    quality = [cv2.IMWRITE_JPEG_QUALITY, chance.randint(8, 40)]
    return np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", strip, quality)[1], cv2.IMREAD_GRAYSCALE), np.uint8
    )


def _paled(strip: Grey, chance: random.Random) -> Grey:
    """Less ink, and the noise that a camera adds to make up for it."""
    paper = float(np.percentile(strip, 90))
    pale = paper + (strip.astype(np.float32) - paper) * chance.uniform(0.35, 0.8)
    noise = np.random.default_rng(chance.randrange(2**31))
    pale += noise.normal(0, chance.uniform(0, 6), strip.shape).astype(np.float32)
    return np.clip(pale, 0, 255).astype(np.uint8)


def _undotted(strip: Grey, chance: random.Random) -> Grey:
    """Dots that the head missed, scattered or in whole rows and columns."""
    noise = np.random.default_rng(chance.randrange(2**31))
    grain = chance.choice([2, 3, 4])
    rows, columns = (-(-size // grain) for size in strip.shape)
    missed = noise.random((rows, columns)) < chance.uniform(0.02, 0.2)
    if chance.random() < 0.3:
        missed[:] = noise.random((rows, 1) if chance.random() < 0.7 else (1, columns)) < 0.12
    mask = np.repeat(np.repeat(missed, grain, 0), grain, 1)[: strip.shape[0], : strip.shape[1]]
    paper = float(np.percentile(strip, 85))
    softened = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.6)
    spoilt = strip + np.maximum(paper - strip, 0.0) * softened * chance.uniform(0.6, 1)
    return np.clip(spoilt, 0, 255).astype(np.uint8)


WAYS_TO_SPOIL: tuple[Callable[[Grey, random.Random], Grey], ...] = (
    _blurred, _shaken, _compressed, _paled, _undotted,
)  # fmt: skip


def _seen_small(strip: Grey, height: float) -> Grey:
    """As if the line had been only so many pixels high in the photograph."""
    width = max(4, round(strip.shape[1] * height / strip.shape[0]))
    small = cv2.resize(strip, (width, round(height)), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, strip.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8)


# ── batches ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Batch:
    """Strips of similar width, padded to the widest."""

    strips: Floats
    """N×1×32×W, from −1 to 1."""
    classes: npt.NDArray[np.int64]
    """The class of each frame, N×(W/4); −1 where it isn't known."""
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """Where strips come from."""

    papers: Path | None
    """What `models.training.papers` wrote; without it photographs are rendered on the way."""
    seed: int
    faces: Path | None = None
    """What `models.training.faces` wrote."""
    photographed: float = 0.6
    """Share of lines that are cut from photographs."""

    def strips(self) -> Iterator[Strip]:
        """Endless readable strips, mixed."""
        chance = random.Random(self.seed)
        further = load_faces(self.faces) if self.faces else NO_FACES
        printed = printed_strips(self.seed, further=further)
        kept = kept_papers(self.papers, self.seed) if self.papers else None
        papers = kept or fresh_papers(self.seed, COINED)
        photographed = photographed_strips(papers, self.seed)
        while True:
            source = photographed if chance.random() < self.photographed else printed
            strip = next(source)
            if strip.text and strip.is_readable:
                yield strip


def batches(strips: Iterator[Strip], columns: int, seed: int, chunk: int = 600) -> Iterator[Batch]:
    """Batches of at most `columns` columns in all, from chunks sorted by width."""
    chance = random.Random(seed)
    while True:
        lines = sorted((next(strips) for _ in range(chunk)), key=lambda s: s.pixels.shape[1])
        made: list[list[Strip]] = [[]]
        for strip in lines:
            if made[-1] and strip.pixels.shape[1] * (len(made[-1]) + 1) > columns:
                made.append([])
            made[-1].append(strip)
        chance.shuffle(made)
        yield from map(batch, made)


def batch(strips: Sequence[Strip]) -> Batch:
    """One batch of strips."""
    width = -(-max(strip.pixels.shape[1] for strip in strips) // 16) * 16
    pixels = np.empty((len(strips), 1, HEIGHT, width), np.float32)
    classes = np.full((len(strips), width // STEP), -1, np.int64)
    for row, frames, strip in zip(pixels, classes, strips, strict=True):
        used = strip.pixels.shape[1]
        row[0, :, :used] = strip.pixels
        row[0, :, used:] = strip.pixels[:, -1].mean()
        if strip.frames:
            frames[:] = frame_classes(strip, len(frames))
    texts = tuple(strip.text for strip in strips)
    return Batch(pixels / np.float32(127.5) - 1, classes, texts)


def frame_classes(strip: Strip, count: int) -> npt.NDArray[np.int64]:
    """Each character at the middle of its place, blank elsewhere."""
    classes = np.zeros(count, np.int64)
    for char, (left, right) in zip(strip.text, strip.frames, strict=True):
        middle, reach = (left + right) / 2, max(1.5, (right - left) * 0.22)
        first = max(0, int((middle - reach) / STEP))
        last = max(int(middle / STEP) + 1, int((middle + reach) / STEP))
        classes[first:last] = INDEX[char]
    return classes
