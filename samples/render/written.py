"""Single lines written by hand: dates, sums, names and numbers as they stand on forms.

No letter is like the last one. Digits may be another hand's than the letters, a form may have
printed units and ruled lines, and letters run into each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from samples.render.blocks import Style
from samples.render.chance import Chance
from samples.render.fonts import OutlineFace, face_names, knows, outline_face
from samples.render.printer import Floats, smooth_noise
from samples.render.shops import person
from samples.render.tables import table
from samples.render.words import coined, some_syllables, some_words

Grey = npt.NDArray[np.uint8]
Spans = tuple[tuple[int, int], ...]

ASCENT, LINE = 0.98, 1.24
"""Where letters stand and how high a line is, in sizes of the face; as outlines are drawn."""


@dataclass(frozen=True)
class Hands:
    """What lines are written in beside the hands of tables/fonts.toml."""

    faces: tuple[Path, ...] = ()
    """Written faces with Korean."""
    pens: tuple[Path, ...] = ()
    """Written faces without Korean, for digits and Latin letters."""
    digits: Path | None = None
    """Written digits: an npz with an array of N×28×28 for each of `0` … `9`, 255 for ink."""


@dataclass(frozen=True)
class Letter:
    """One character's ink and how far the next one stands."""

    ink: Grey
    advance: int
    printed: bool = False
    """It is the form's own."""


@dataclass(frozen=True)
class InkedLine:
    """Ink of a line, from 0 to 1, its text and the columns of each character."""

    coverage: Floats
    text: str
    spans: Spans
    face: str


@dataclass(frozen=True)
class Hand:
    """Whose letters a line is written in."""

    letters: OutlineFace
    pen: OutlineFace | None
    """Another face for digits and Latin letters."""
    digits: Path | None
    """Single written digits, each one another."""
    form: OutlineFace | None
    """What prints the units of a form."""

    def letter(self, char: str, chance: Chance) -> Letter:
        """A character as this hand writes it now."""
        if self.form and char in UNITS:
            return _set(self.form, char, printed=True)
        if self.digits and char in DIGITS:
            return _digit(self.digits, char, self.letters.size, chance)
        if self.pen and char.isascii() and knows(self.pen.regular, char):
            return _set(self.pen, char)
        return _set(self.letters, char)


DIGITS = "0123456789"
UNITS = "년월일원정₩금"


def write_line(split: str, hands: Hands, chance: Chance) -> InkedLine:
    """A line of its own hand."""
    text = _text(chance.sub("text"))
    hand = _hand(text, split, hands, chance.sub("face"))
    style, letters = chance.sub("letters"), chance.sub("digits")
    made = [hand.letter(char, letters.sub(index)) for index, char in enumerate(text)]
    close = style.choice([-4, -2, 0, 0, 1, 3, 8])
    made = [replace(one, advance=max(3, one.advance + close)) for one in made]
    edges = list(accumulate((one.advance for one in made), initial=MARGIN))
    height = round(hand.letters.size * LINE)
    coverage = _drawn(made, edges, height, style).astype(np.float32) / 255
    return InkedLine(coverage, text, tuple(pairwise(edges)), hand.letters.name)


# ── what is written ──────────────────────────────────────────────────────────────────────────


def _text(chance: Chance) -> str:
    kinds = {_date: 5, _sum: 6, _shop: 5, some_words: 2, some_syllables: 1, _number: 3, person: 1}
    return " ".join(chance.weighted(kinds)(chance).split())


def _date(chance: Chance) -> str:
    year = chance.choice(["24", "25", "26", "2025", "2026", f"20{chance.digits(2)}"])
    month, day = chance.randint(1, 12), chance.randint(1, 31)
    forms = (
        f"{year}. {month}. {day}", f"{year}.{month}.{day}", f"{year}. {month}. {day}.",
        f"{year}년 {month}월 {day}일", f"{year}-{month:02}-{day:02}", f"{year}/{month}/{day}",
        f"{year}. {month:02}. {day:02}", f"{month}/{day}", f"{year} 년 {month} 월 {day} 일",
    )  # fmt: skip
    return chance.choice(forms)


def _sum(chance: Chance) -> str:
    written = f"{chance.randint(1, 999)},{chance.choice(['000', '500', chance.digits(3)])}"
    if chance.happens(0.1):
        written = f"{chance.randint(1, 9)},{chance.digits(3)},000"
    forms = ["{}", "{}", "{}원", "{}원정", "₩ {}", "₩{}", "\\{}", "금 {}원정", "{}-"]
    return chance.choice(forms).format(written)


def _shop(chance: Chance) -> str:
    trade = chance.choice(list(table("shops")["trades"].values()))
    return coined(chance) + chance.choice(trade["suffixes"])


def _number(chance: Chance) -> str:
    d = chance.digits
    forms = (
        f"{d(3)}-{d(2)}-{d(5)}", f"0{d(2)}-{d(3)}-{d(4)}", f"010-{d(4)}-{d(4)}", d(8), d(3), d(1),
        f"No. {d(3)}", f"{d(2)}:{d(2)}", f"{chance.randint(1, 30)} 개", d(10),
    )  # fmt: skip
    return chance.choice(forms)


# ── in whose hand ────────────────────────────────────────────────────────────────────────────


def _hand(text: str, split: str, hands: Hands, chance: Chance) -> Hand:
    further = [name for name in map(str, hands.faces) if all(knows(name, char) for char in text)]
    name = chance.choice([*face_names("hand", split), *further])
    size = chance.choice([32, 36, 40])
    letters = _face(name, size) if name in further else outline_face("hand", name, size)
    pens = [str(path) for path in hands.pens]
    pen = _face(chance.choice(pens), size) if pens and chance.happens(0.25) else None
    own = chance.happens(0.4)
    digits = hands.digits if own and not pen else None
    forms = face_names("outline", split)
    form = outline_face("outline", chance.choice(forms), round(size * chance.uniform(0.6, 0.85)))
    return Hand(letters, pen, digits, form if chance.happens(0.3) else None)


def _face(name: str, size: int) -> OutlineFace:
    return OutlineFace(name, name, name, size)


def _set(face: OutlineFace, char: str, *, printed: bool = False) -> Letter:
    if char == "₩" and not knows(face.regular, char):
        letter = _set(face, "W", printed=printed)
        return replace(letter, ink=_struck(letter.ink))
    return Letter(face.glyph(char, Style()), face.advance(char, Style()), printed)


def _struck(ink: Grey) -> Grey:
    """A letter with a line through it."""
    rows = np.flatnonzero(ink.any(1))
    middle = int(rows[len(rows) // 2])
    struck = ink.copy()
    cv2.line(struck, (0, middle), (ink.shape[1], middle), 255, 2)
    return struck


@cache
def _examples(path: Path) -> dict[str, Grey]:
    with np.load(path, allow_pickle=False) as file:
        return {digit: file[digit] for digit in DIGITS}


def _digit(path: Path, char: str, size: int, chance: Chance) -> Letter:
    """A digit as somebody wrote it, thinner or thicker, standing on the line."""
    examples = _examples(path)[char]
    seen = examples[chance.randrange(len(examples))]
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    seen = seen[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    tall = size * chance.uniform(0.6, 0.8)
    wide = max(3.0, tall * seen.shape[1] / seen.shape[0] * chance.uniform(0.75, 1.05))
    large = cv2.resize(seen, (round(wide * 3), round(tall * 3)), interpolation=cv2.INTER_CUBIC)
    edge = 255 * chance.uniform(0.35, 0.8)
    strokes = np.clip((large.astype(np.float32) - edge) * 4 + 128, 0, 255).astype(np.uint8)
    ink = cv2.resize(strokes, (round(wide), round(tall)), interpolation=cv2.INTER_AREA)
    canvas = np.zeros((round(size * LINE), round(wide) + 2), np.uint8)
    top = max(0, round(size * ASCENT) - ink.shape[0])
    canvas[top : top + ink.shape[0], 1 : 1 + ink.shape[1]] = ink
    return Letter(canvas, round(wide + size * chance.uniform(0.02, 0.18)))


# ── how it is written ────────────────────────────────────────────────────────────────────────

MARGIN = 4
"""Columns before the first letter."""


def _drawn(letters: list[Letter], edges: list[int], height: int, chance: Chance) -> Grey:
    shape = (height, edges[-1] + MARGIN)
    ink, print_ = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    slant, drift = chance.gauss(0, 0.12), 0.0
    for letter, left in zip(letters, edges, strict=False):
        if letter.printed:
            matrix = np.float32([[1, 0, left], [0, 1, height - letter.ink.shape[0]]])
        else:
            drift = 0.8 * drift + chance.gauss(0, 1.0)
            matrix = _moved(letter.ink, left, drift, slant, chance)
        onto = print_ if letter.printed else ink
        np.maximum(onto, cv2.warpAffine(letter.ink, matrix, shape[::-1]), out=onto)
    written = _weighed(_wavering(ink, chance.sub("waver")), chance.sub("weight"))
    return np.maximum(np.maximum(written, print_), _rules(shape, chance.sub("rules")))


def _moved(glyph: Grey, left: int, down: float, slant: float, chance: Chance) -> Floats:
    """Where a letter comes to stand: turned, larger or smaller, and aside by a little."""
    angle, size = chance.gauss(0, 0.06), 1 + chance.gauss(0, 0.07)
    cosine, sine = np.cos(angle), np.sin(angle)
    turned = size * np.array([[cosine, slant - sine], [sine, cosine]])
    middle = np.array([glyph.shape[1] / 2, glyph.shape[0] / 2])
    at = middle + np.array([left + chance.gauss(0, 1.2), down]) - turned @ middle
    return np.column_stack([turned, at]).astype(np.float32)


def _wavering(ink: Grey, chance: Chance) -> Grey:
    """Strokes drawn longer here and rounder there: no hand writes a letter twice alike."""
    rows, columns = ink.shape
    reach, grain = chance.uniform(0, 5), chance.uniform(7, 16)
    noise, cells = chance.field(), (round(rows / grain), round(columns / grain))
    xs, ys = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    aside, down = (reach * (smooth_noise(noise, ink.shape, cells) - 0.5) for _ in "xy")
    moved = cv2.remap(ink, np.float32(xs + aside), np.float32(ys + down), cv2.INTER_LINEAR)
    return np.asarray(moved, np.uint8)


def _weighed(ink: Grey, chance: Chance) -> Grey:
    """A fine pen, a broad one, or one that gives little ink here and there."""
    weight = chance.random()
    if weight < 0.4:
        thicken = cv2.dilate if weight < 0.25 else cv2.erode
        ink = np.asarray(thicken(ink, np.ones((2, 2), np.uint8)), np.uint8)
    if chance.happens(0.25):
        cells = (max(2, ink.shape[0] // 6), max(2, ink.shape[1] // 6))
        ink = (ink * (0.45 + 0.55 * smooth_noise(chance.field(), ink.shape, cells))).astype(
            np.uint8
        )
    return ink


def _rules(shape: tuple[int, int], chance: Chance) -> Grey:
    """The form's ruled lines, below, above and between."""
    ink = np.zeros(shape, np.uint8)
    height, width = shape
    shade = chance.randint(60, 255)
    if chance.happens(0.35):
        at = round(height * chance.uniform(0.82, 0.97))
        cv2.line(ink, (0, at), (width, at + chance.randint(-1, 1)), shade, chance.randint(1, 2))
    if chance.happens(0.15):
        at = round(height * chance.uniform(0.0, 0.12))
        cv2.line(ink, (0, at), (width, at), shade, 1)
    for share in (0.0, 1.0) if chance.happens(0.15) else ():
        at = round(share * (width - 1))
        cv2.line(ink, (at, 0), (at, height), shade, 1)
    return ink
