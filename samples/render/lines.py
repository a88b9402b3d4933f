"""Single printed lines as a detector would crop them, with where each character stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from samples.render.blocks import Style
from samples.render.chance import Chance
from samples.render.fonts import (
    BURNT,
    Face,
    OutlineFace,
    ThermalFace,
    face_names,
    knows,
    outline_face,
    thermal_face,
)
from samples.render.layouts.sections import lay_out
from samples.render.own import draw_receipt
from samples.render.plan import plan
from samples.render.printer import Floats, draw_head, ink_run, print_ink, smooth_noise
from samples.render.printing import face_of, measure_of
from samples.render.typesetting import Run, typeset
from samples.render.words import some_syllables, some_words
from samples.render.written import Hands, InkedLine, write_line

Grey = npt.NDArray[np.uint8]
Ranges = npt.NDArray[np.float64]
NO_HANDS = Hands()


@dataclass(frozen=True)
class LineCrop:
    """A crop: height × width, grey; the range of columns of each character of the text."""

    pixels: Grey = field(repr=False)
    text: str
    ranges: tuple[tuple[float, float], ...]
    face: str
    split: str


@dataclass(frozen=True)
class LineSettings:
    """What is asked of a run of crops."""

    seed: int
    split: str = "train"
    heights: tuple[int, int] = (32, 48)
    faces: tuple[Path, ...] = ()
    """Outlines beside those of tables/fonts.toml, for two lines of five …"""
    latins: tuple[Path, ...] = ()
    """… and those that thermal heads may take Latin letters from beside them."""
    written: float = 0.0
    """Share of lines that are written by hand, as dates, sums and names on forms are."""
    hands: Hands = NO_HANDS
    """What these are written in beside the hands of tables/fonts.toml."""


# ── what is printed ──────────────────────────────────────────────────────────────────────────

SOURCES = {"receipt": 50, "number": 22, "words": 14, "syllables": 14}


def draw_text(chance: Chance, settings: LineSettings, index: int) -> tuple[str, Style]:
    """A line's text, without outer spaces and with single ones inside."""
    source = chance.weighted(SOURCES)
    if source == "receipt":
        return _from_receipt(chance, settings, index)
    made = {"number": _number, "words": some_words, "syllables": _syllables}[source](chance)
    return made, _style(chance)


def _style(chance: Chance) -> Style:
    wide, tall = chance.weighted({(1, 1): 84, (2, 1): 5, (1, 2): 6, (2, 2): 5})
    return Style(
        wide, tall, bold=chance.happens(0.2), tracking=chance.choice([0, 0, 0, 0, 1, 2, 4])
    )


def _from_receipt(chance: Chance, settings: LineSettings, index: int) -> tuple[str, Style]:
    """A line of a receipt; its digits are drawn anew, so that no number is ever typical."""
    this = plan(settings.seed, index, settings.split)
    receipt = draw_receipt(this)
    face = face_of(receipt.template)
    sheet = typeset(lay_out(receipt).blocks, measure_of(receipt.template, face))
    runs = [run for run in sheet.runs if any(char.isalnum() for char in run.text)]
    run = chance.choice(runs)
    text = " ".join(run.text.split())
    if chance.happens(0.5):
        text = "".join(chance.choice("0123456789") if char.isdigit() else char for char in text)
    return text, replace(run.style, hand=False)


def _number(chance: Chance) -> str:
    """Long numbers, which are the hardest to read: business and approval numbers, cards, dates."""
    d = chance.digits
    forms = (
        f"{d(3)}-{d(2)}-{d(5)}", d(8), d(9), d(10), d(13), d(17), f"{d(4)}-{d(2)}**-****-{d(4)}",
        f"{d(6)}******{d(4)}", f"0{d(2)}-{d(3)}-{d(4)}",
        f"20{d(2)}-{d(2)}-{d(2)} {d(2)}:{d(2)}:{d(2)}",
        f"20{d(2)}/{d(2)}/{d(2)}", f"{d(2)}.{d(2)}.{d(2)} {d(2)}:{d(2)}", d(12), d(20),
        f"{chance.randint(1, 999)},{d(3)}", f"{chance.randint(1, 99)},{d(3)}원",
        f"{chance.randint(1, 9)},{d(3)},{d(3)}", f"-{chance.randint(1, 99)},{d(3)}",
        f"₩{d(3)},{d(3)}", f"\\{d(3)},{d(3)}", f"\\{chance.randint(1, 99)},{d(3)}",
        f"\\{chance.randint(1, 9)},{d(3)},{d(3)}", f"합계: \\{d(2)},{d(3)}",
        f"20{d(2)}년 {d(2)}월 {d(2)}일", f"880{d(10)}", f"NO:{d(5)}", f"POS:{d(4)}-{d(4)}",
    )  # fmt: skip
    return chance.choice(forms)


def _syllables(chance: Chance) -> str:
    return some_syllables(chance) + chance.choice(
        ["", "", f" {chance.digits(3)}", f"({chance.digits(1)})"]
    )


# ── how it is printed and seen ───────────────────────────────────────────────────────────────


def make_line(settings: LineSettings, index: int) -> LineCrop:
    """The crop of an index."""
    chance = Chance("line", settings.seed, settings.split, index)
    if settings.written and chance.sub("written").happens(settings.written):
        return _crop(write_line(settings.split, settings.hands, chance), settings, chance)
    text, style = draw_text(chance.sub("text"), settings, index)
    face = _face(chance.sub("face"), settings, text)
    run = _run(text, style, face)
    coverage = print_ink(_inked(run, face), draw_head(chance.sub("head")), chance.sub("ink"))
    line = InkedLine(coverage, text, tuple(pairwise(run.edges)), face.name)
    return _crop(line, settings, chance)


def _crop(line: InkedLine, settings: LineSettings, chance: Chance) -> LineCrop:
    spans = np.float64(line.spans)
    pixels, ranges = _seen(line.coverage, spans, chance.sub("seen"), settings)
    rounded = tuple((round(float(a), 1), round(float(b), 1)) for a, b in ranges)
    return LineCrop(pixels, line.text, rounded, line.face, settings.split)


def _face(chance: Chance, settings: LineSettings, text: str) -> Face:
    if settings.faces and chance.happens(0.4):
        return _further_face(chance, settings, text)
    split = settings.split
    if chance.happens(0.7):
        kind = "drill" if split == "train" and chance.happens(0.5) else "thermal"
        name = chance.choice(face_names(kind, split))
        return thermal_face(name, slashed_zero=chance.happens(0.2), kind=kind)
    kind = "outline" if chance.happens(0.9) else "hand"
    return outline_face(kind, chance.choice(face_names(kind, split)), chance.choice([22, 28, 36]))


def _further_face(chance: Chance, settings: LineSettings, text: str) -> Face:
    """An outline as it is, or burnt by a head with the Latin letters of another."""
    name = str(chance.choice(settings.faces))
    if chance.happens(0.35) and all(knows(name, char) for char in text):
        return OutlineFace(name, name, name, chance.choice([22, 28, 36]))
    latin = str(chance.choice(settings.latins))
    size = chance.choice([16, 20, 24, 24])
    height = chance.choice([size, 24])
    threshold = chance.choice([50, 80, BURNT])
    return ThermalFace(name, name, latin, size, height, chance.happens(0.2), threshold)


def _run(text: str, style: Style, face: Face) -> Run:
    edges = [0]
    for char in text:
        edges.append(edges[-1] + face.advance(char, style))
    return Run(text, tuple(edges), 0, face.line_height(style), style)


def _inked(run: Run, face: Face) -> Grey:
    ink = np.zeros((run.height, max(4, run.edges[-1] + 2)), np.uint8)
    ink_run(ink, run, face)
    return ink


def _seen(
    coverage: Floats, ranges: Ranges, chance: Chance, settings: LineSettings
) -> tuple[Grey, Ranges]:
    """The line scaled, slanted, lit and photographed, at one of the heights asked for."""
    height = chance.randint(*settings.heights)
    coverage, matrix = _slanted(coverage, height, chance)
    picture = _on_paper(coverage, chance)
    picture = _through_lens(picture, chance)
    quality = chance.randint(35, 95)
    pixels = np.clip(picture, 0, 255).astype(np.uint8)
    encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), ranges * matrix[0, 0] + matrix[0, 2]


def _slanted(coverage: Floats, height: int, chance: Chance) -> tuple[Floats, Floats]:
    """Crops stand a little askew and hold some of the paper around, as detectors cut them."""
    rows, columns = coverage.shape
    share = chance.uniform(0.66, 0.96)
    scale = height * share / rows
    across = scale * chance.triangular(0.8, 1.25, 1.0)
    margin = chance.uniform(0.05, 0.5) * height
    width = max(16, round(columns * across + 2 * margin))
    slope = chance.gauss(0, 0.012 if width < 12 * height else 0.004)
    top = height * (1 - share) * chance.random()
    matrix = np.float32([[across, chance.gauss(0, 0.04), margin],
                         [slope * across, scale, top - slope * width / 2]])  # fmt: skip
    shrinks = scale < 1
    if shrinks:
        coverage = cv2.GaussianBlur(coverage, (0, 0), 0.35 / scale)
    seen = cv2.warpAffine(coverage, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return _bowed(seen, chance), matrix


def _bowed(seen: Floats, chance: Chance) -> Floats:
    """A line on curled paper bows by a pixel or three."""
    if not chance.happens(0.25):
        return seen
    height, width = seen.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    wave = chance.uniform(0.5, 3) * np.sin(
        xs / (width * chance.uniform(0.15, 0.5)) + chance.random()
    )
    return cv2.remap(seen, xs, ys + wave.astype(np.float32), cv2.INTER_LINEAR)


def _on_paper(coverage: Floats, chance: Chance) -> Floats:
    noise = chance.field()
    tone = chance.uniform(105, 255)
    light = tone * (0.75 + 0.25 * smooth_noise(noise, coverage.shape, (2, 4)))
    ink = chance.uniform(0.1, 0.45) * tone
    picture = light * (1 - coverage) + ink * coverage
    if chance.happens(0.04):
        picture = light.max() - picture + 20
    return np.asarray(picture, np.float32)


def _through_lens(picture: Floats, chance: Chance) -> Floats:
    blur = chance.uniform(0.3, 0.9) if chance.happens(0.7) else chance.uniform(0.9, 1.8)
    picture = cv2.GaussianBlur(picture, (0, 0), blur)
    sigma = chance.triangular(0.5, 12, 2)
    picture = picture + chance.field().normal(0, sigma, picture.shape).astype(np.float32)
    if chance.happens(0.3):
        picture = picture + (picture - cv2.GaussianBlur(picture, (0, 0), 1.2)) * chance.uniform(
            0.5, 1.5
        )
    return np.asarray(picture, np.float32)
