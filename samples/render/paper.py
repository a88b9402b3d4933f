"""The printed paper: its colour, grain and edges, with the places of its text."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from receipt_screen.records import Pixels
from samples.render.chance import Chance
from samples.render.fonts import Ink
from samples.render.printer import Floats, smooth_noise
from samples.render.typesetting import Sheet


@dataclass(frozen=True)
class Paper:
    """A flat sheet: pixels and coverage, `scale` pixels to a dot of the sheet."""

    pixels: Pixels = field(repr=False)
    mask: Ink = field(repr=False)
    sheet: Sheet = field(repr=False)
    scale: float
    tone: tuple[int, int, int] = (250, 250, 250)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True)
class Stock:
    """A roll of paper and the colour its coating turns."""

    tone: tuple[int, int, int]
    ink: tuple[int, int, int]
    grain: float
    teeth: int
    """Depth in dots of the cutter's saw; 0 for a clean cut."""
    tint: tuple[int, int, int] | None
    """Colour of a printed underlay (a logo repeated over the paper), if there is one."""
    staples: int


TONES = [(252, 251, 249), (248, 249, 250), (240, 246, 250), (250, 246, 240), (228, 240, 250)]
INKS = [(38, 34, 32), (24, 24, 24), (60, 44, 40), (96, 52, 44), (52, 50, 56)]


def draw_stock(chance: Chance) -> Stock:
    return Stock(
        tone=chance.choice(TONES),
        ink=chance.choice(INKS),
        grain=chance.uniform(0.5, 3.0),
        teeth=chance.choice([0, 0, 0, 2, 3, 4]),
        tint=chance.choice([(150, 215, 250), (235, 215, 190), (190, 190, 250)])
        if chance.happens(0.12)
        else None,
        staples=chance.randint(1, 3) if chance.happens(0.12) else 0,
    )


def make_paper(sheet: Sheet, coverage: Floats, scale: float, stock: Stock, chance: Chance) -> Paper:
    """The sheet as an object, at `scale` pixels to a dot."""
    size = (max(8, round(sheet.width * scale)), max(8, round(sheet.height * scale)))
    tone = _tone(stock, size, chance)
    ink = np.float32(stock.ink)
    alpha = _enlarge(coverage, size)[..., None]
    pixels = np.clip(tone * (1 - alpha) + ink * alpha, 0, 255).astype(np.uint8)
    _staple(pixels, stock, scale, chance.sub("staples"))
    return Paper(pixels, _edges(size, stock, scale, chance.sub("edges")), sheet, scale, stock.tone)


def make_painted_paper(sheet: Sheet, painted: Pixels, scale: float, chance: Chance) -> Paper:
    """A form or an office print, at `scale` pixels to a dot."""
    size = (max(8, round(sheet.width * scale)), max(8, round(sheet.height * scale)))
    shrinks = size[0] < painted.shape[1]
    print_ = cv2.resize(painted, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    stock = Stock(chance.choice(TONES), (0, 0, 0), chance.uniform(0.5, 2.0), 0, None, 0)
    pixels = print_.astype(np.float32) * _tone(stock, size, chance) / 255
    mask = np.full((size[1], size[0]), 255, np.uint8)
    return Paper(np.clip(pixels, 0, 255).astype(np.uint8), mask, sheet, scale, stock.tone)


def _enlarge(coverage: Floats, size: tuple[int, int]) -> Floats:
    """Dots keep their shape when enlarged and melt when shrunk."""
    if size[0] < coverage.shape[1]:
        return cv2.resize(coverage, size, interpolation=cv2.INTER_AREA)
    large = cv2.resize(coverage, size, interpolation=cv2.INTER_LINEAR)
    around = cv2.dilate(coverage, np.ones((5, 5), np.uint8))
    around = cv2.resize(around, size, interpolation=cv2.INTER_LINEAR) + 1e-3
    return np.asarray(around * np.clip((large / around - 0.5) * 1.8 + 0.5, 0, 1), np.float32)


def _tone(stock: Stock, size: tuple[int, int], chance: Chance) -> Floats:
    noise = chance.field()
    width, height = size
    base = np.full((height, width, 3), stock.tone, np.float32)
    grain = noise.normal(0, stock.grain, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    base += cv2.resize(grain, size)[..., None]
    base *= (0.97 + 0.03 * smooth_noise(noise, (height, width), (5, 3)))[..., None]
    if stock.tint is not None:
        _underlay(base, stock.tint)
    return base


def _underlay(base: Floats, tint: tuple[int, int, int]) -> None:
    """A pale emblem printed on the roll, over and over."""
    height, width = base.shape[:2]
    layer = base.copy()
    step = width // 2
    for row, y in enumerate(range(step // 2, height, step)):
        for x in range(step // 2 + (row % 2) * step // 2, width + step, step):
            cv2.circle(layer, (x, y), step // 4, tint, max(2, step // 16))
            cv2.line(layer, (x - step // 6, y), (x + step // 6, y), tint, max(2, step // 16))
    cv2.addWeighted(layer, 0.5, base, 0.5, 0, dst=base)


def _staple(pixels: Pixels, stock: Stock, scale: float, chance: Chance) -> None:
    for _ in range(stock.staples * 2):
        at = (int(pixels.shape[1] * chance.uniform(0.05, 0.3)), int(chance.uniform(10, 60) * scale))
        cv2.circle(pixels, at, max(1, round(1.6 * scale)), (70, 66, 64), -1, cv2.LINE_AA)


def _edges(size: tuple[int, int], stock: Stock, scale: float, chance: Chance) -> Ink:
    """Cut by a saw at both ends, with the tab that a partial cut leaves."""
    width, height = size
    mask = np.full((height, width), 255, np.uint8)
    depth = round(stock.teeth * scale)
    if depth:
        period = max(4, round(10 * scale))
        teeth = np.abs((np.arange(width) + chance.randint(0, 9)) % period - period / 2)
        for x, cut in enumerate((teeth / period * 2 * depth).astype(int)):
            mask[:cut, x] = 0
            mask[height - cut :, x] = 0
    elif chance.happens(0.5):
        notch = round(5 * scale)
        middle = round(width * chance.uniform(0.45, 0.55))
        mask[: max(2, notch // 3)] = 0
        mask[: max(2, notch // 3), middle - notch : middle + notch] = 255
    return mask
