"""Lens, hand and sensor: blur, noise, and what the phone's software makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from receipt_screen.records import Pixels
from samples.render.chance import Chance
from samples.render.light import Light
from samples.render.printer import Floats


@dataclass(frozen=True)
class Lens:
    """What lens, hand and sensor do. Radii in pixels of a frame 1000 wide."""

    defocus: float
    motion: float
    noise: float
    sharpening: float

    @property
    def faults(self) -> tuple[str, ...]:
        found = {
            "defocus": self.defocus > 1.0,
            "motion": self.motion > 3.0,
            "noise": self.noise > 9,
            "oversharpened": self.sharpening > 0.9,
        }
        return tuple(name for name, is_so in found.items() if is_so)


def draw_lens(chance: Chance, light: Light) -> Lens:
    dark = light.exposure < 0.5
    return Lens(
        defocus=chance.uniform(1.1, 2.2) if chance.happens(0.1) else chance.uniform(0.2, 0.6),
        motion=chance.uniform(3, 7) if chance.happens(0.07 + 0.1 * dark) else 0.0,
        noise=chance.uniform(6, 16) if dark else chance.triangular(0.6, 6, 1.5),
        sharpening=chance.choice([0, 0.3, 0.5, 0.8, 1.2]),
    )


def expose(pixels: Floats, lens: Lens, gamma: float, chance: Chance) -> Pixels:
    """The picture as the sensor and the phone's software leave it."""
    unit = pixels.shape[1] / 1000
    picture = cv2.GaussianBlur(pixels, (0, 0), max(0.2, lens.defocus * unit))
    if lens.motion:
        picture = cv2.filter2D(picture, -1, _motion_kernel(lens.motion * unit, chance))
    picture = _noisy(picture, lens.noise, chance)
    if lens.sharpening:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
        picture = picture + (picture - soft) * np.float32(lens.sharpening)
    curve = (np.linspace(0, 1, 256) ** gamma * 255).astype(np.uint8)
    return cv2.LUT(np.clip(picture, 0, 255).astype(np.uint8), curve)


def _noisy(picture: Floats, sigma: float, chance: Chance) -> Floats:
    """Luminance noise with some colour in it, from a tile that is shifted about."""
    noise = chance.field()
    height, width = picture.shape[:2]
    tile = noise.normal(0, sigma, (512, 512, 3)).astype(np.float32)
    tile = 0.6 * tile + 0.5 * tile.mean(axis=2, keepdims=True)
    tile = cv2.GaussianBlur(tile, (0, 0), 0.7) * np.float32(1.6)
    rows = np.tile(tile, (height // 512 + 1, width // 512 + 1, 1))[:height, :width]
    return picture + rows


def _motion_kernel(length: float, chance: Chance) -> Floats:
    size = max(3, round(length) | 1)
    kernel = np.zeros((size, size), np.float32)
    angle = chance.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * (size // 2)
    middle = size // 2
    start, end = (middle - reach).round().astype(int), (middle + reach).round().astype(int)
    cv2.line(kernel, start.tolist(), end.tolist(), 1.0, 1)
    return kernel / kernel.sum()
