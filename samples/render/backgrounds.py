"""What receipts lie on, generated: wood, desks, cloth, stone, dashboards, other papers."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from receipt_screen.records import Pixels
from samples.render.chance import Chance
from samples.render.printer import Floats, smooth_noise

SIDE = 640
"""Backgrounds are made at this width and enlarged: they are out of focus anyway."""

Shape = tuple[int, int]


def _tint(grey: Floats, dark: tuple[int, int, int], bright: tuple[int, int, int]) -> Floats:
    low, high = np.float32(dark), np.float32(bright)
    return (low + grey[..., None] * (high - low)).astype(np.float32)


WOODS = [
    ((38, 52, 72), (74, 98, 128)),
    ((60, 92, 132), (112, 150, 190)),
    ((90, 128, 165), (150, 186, 214)),
    ((28, 34, 46), (58, 66, 84)),
    ((120, 150, 178), (182, 204, 222)),
]


def wood(chance: Chance, shape: Shape) -> Floats:
    """Grain along one direction, bent a little, in planks."""
    noise = chance.field()
    height, width = shape
    grain = 0.35 * smooth_noise(noise, shape, (height // chance.randint(4, 14), 3))
    grain += 0.3 * smooth_noise(noise, shape, (height // 3, chance.randint(4, 9)))
    grain += 0.2 * smooth_noise(noise, shape, (height, 12))
    grain += 0.25 * smooth_noise(noise, shape, (7, 3))
    bow = (smooth_noise(noise, shape, (3, 3)) - 0.5) * height * chance.choice([0.01, 0.03, 0.1])
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    grain = cv2.remap(grain, xs, ys + bow, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    pores = noise.random(shape, dtype=np.float32)
    pores = cv2.blur(pores, (15, 1))
    grain = grain - 0.6 * np.clip(pores - 0.6, 0, 1)
    if chance.happens(0.3):
        for y in range(chance.randint(20, 120), height, chance.randint(120, 260)):
            grain[y : y + 2] -= 0.35
    if chance.happens(0.4):
        grain = np.ascontiguousarray(cv2.resize(grain.T, (width, height)))
    dark, bright = chance.choice(WOODS)
    return _tint(np.clip(grain, 0, 1), dark, bright)


def desk(chance: Chance, shape: Shape) -> Floats:
    """A plain laminate."""
    noise = chance.field()
    tone = chance.uniform(70, 225)
    grey = tone + 10 * (smooth_noise(noise, shape, (5, 5)) - 0.5)
    grey = grey + noise.normal(0, 2.0, shape).astype(np.float32)
    warm = np.float32([1 - chance.uniform(0, 0.1), 1.0, 1 + chance.uniform(0, 0.06)])
    return (grey[..., None] * warm).astype(np.float32)


def cloth(chance: Chance, shape: Shape) -> Floats:
    """A weave."""
    noise = chance.field()
    height, width = shape
    step = chance.uniform(1.4, 3.0)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    weave = np.sin(xs / step) * np.sin(ys / step) * 0.5 + 0.5
    grey = 0.5 * weave + 0.3 * smooth_noise(noise, shape, (9, 9)) + 0.2 * noise.random(shape)
    if chance.happens(0.4):
        band = chance.randint(40, 120)
        grey = grey * 0.8 + 0.2 * (((xs // band) + (ys // band)) % 2)
    dark = tuple(chance.randint(15, 140) for _ in range(3))
    bright = tuple(min(255, value + chance.randint(25, 80)) for value in dark)
    return _tint(grey.astype(np.float32), dark, bright)  # type: ignore[arg-type]


def stone(chance: Chance, shape: Shape) -> Floats:
    """Speckled stone or terrazzo."""
    noise = chance.field()
    grey = sum(
        smooth_noise(noise, shape, (shape[0] // step, shape[1] // step)) * weight
        for step, weight in ((90, 0.3), (24, 0.25), (7, 0.25), (2, 0.2))
    )
    tone = chance.randint(20, 190)
    bright = (tone + 55, tone + 58, tone + 60)
    return _tint(np.asarray(grey, np.float32), (tone, tone, tone), bright)


def dashboard(chance: Chance, shape: Shape) -> Floats:
    """Dark leather grain with a seam."""
    noise = chance.field()
    cells = smooth_noise(noise, shape, (shape[0] // 5, shape[1] // 5))
    grain = np.abs(cells - 0.5) * 2
    tone = chance.randint(18, 52)
    grey = tone + 26 * grain + 14 * smooth_noise(noise, shape, (3, 3))
    if chance.happens(0.6):
        x = chance.randint(30, shape[1] - 30)
        for y in range(0, shape[0], 9):
            cv2.line(grey, (x, y), (x + 1, y + 5), tone + 60.0, 2)
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


def floor(chance: Chance, shape: Shape) -> Floats:
    """Tiles with joints."""
    base = stone(chance, shape)
    step, offset = chance.randint(140, 300), chance.randint(0, 100)
    for at in range(offset, max(shape), step):
        base[at : at + 3] *= 0.6
        base[:, at : at + 3] *= 0.6
    return base


def papers(chance: Chance, shape: Shape) -> Floats:
    """Other sheets lying about on a desk."""
    base = desk(chance, shape)
    for _ in range(chance.randint(2, 5)):
        corners = _loose_sheet(chance, shape)
        tone = chance.uniform(170, 245)
        shade = np.zeros(shape, np.uint8)
        cv2.fillConvexPoly(shade, corners + 4, 255)
        dim = 1 - 0.3 * cv2.GaussianBlur(shade, (0, 0), 5).astype(np.float32)[..., None] / 255
        base *= dim
        cv2.fillConvexPoly(base, corners, (tone, tone + 2, tone + 4))
        _scribble(base, corners, chance)
    return base


def _loose_sheet(chance: Chance, shape: Shape) -> np.ndarray:
    centre = (chance.uniform(0, shape[1]), chance.uniform(0, shape[0]))
    size = (chance.uniform(180, 420), chance.uniform(240, 560))
    return cv2.boxPoints((centre, size, chance.uniform(-40, 40))).astype(np.int32)


def _scribble(base: Floats, corners: np.ndarray, chance: Chance) -> None:
    """Rows of grey dashes that stand for print nobody can read."""
    origin, across, down = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    tone = chance.uniform(95, 150)
    for place in np.arange(0.08, 0.92, chance.uniform(0.035, 0.07)):
        at, end = 0.08, chance.uniform(0.3, 0.92)
        while at < end:
            width = chance.uniform(0.03, 0.14)
            start = origin + across * at + down * place
            stop = origin + across * min(end, at + width) + down * place
            cv2.line(base, start.astype(int).tolist(), stop.astype(int).tolist(), (tone,) * 3, 1)
            at += width + chance.uniform(0.012, 0.04)


SURFACES: dict[str, tuple[float, Callable[[Chance, Shape], Floats]]] = {
    "wood": (5, wood),
    "desk": (3, desk),
    "cloth": (1.5, cloth),
    "stone": (2, stone),
    "dashboard": (1, dashboard),
    "floor": (1, floor),
    "papers": (1.2, papers),
}


def draw_background(chance: Chance, width: int, height: int) -> tuple[str, Pixels]:
    """What lies behind, and its name: height × width × 3, uint8."""
    name = chance.weighted({name: weight for name, (weight, _) in SURFACES.items()})
    small = (max(64, round(SIDE * height / width)), SIDE)
    made = SURFACES[name][1](chance.sub(name), small)
    pixels = np.clip(made, 0, 255).astype(np.uint8)
    return name, cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC)
