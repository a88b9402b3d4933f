"""The light on a scene: exposure, shadows, flash, glare, colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from samples.render.chance import Chance
from samples.render.printer import Floats


@dataclass(frozen=True)
class Light:
    """The light on the scene. Factors on brightness; shares of the frame."""

    exposure: float
    fall_off: float
    cast: tuple[float, float, float]
    shadow: float
    flash: float
    glare: float
    gamma: float

    @property
    def faults(self) -> tuple[str, ...]:
        found = {
            "low_light": self.exposure < 0.5,
            "overexposed": self.exposure > 1.15,
            "shadow": self.shadow > 0.15,
            "flash": self.flash > 0,
            "glare": self.glare > 0,
            "colour_cast": max(self.cast) - min(self.cast) > 0.18,
        }
        return tuple(name for name, is_so in found.items() if is_so)


# Blue, green, red. Phones balance most of the lamp's colour away; some casts stay.
CASTS = {
    (1.05, 1.0, 0.95): 4,
    (1.0, 1.0, 1.0): 5,
    (1.02, 1.0, 0.98): 4,
    (0.93, 0.99, 1.02): 3,
    (0.86, 0.97, 1.04): 1.5,
    (0.74, 0.93, 1.06): 0.7,
    (1.12, 1.02, 0.9): 0.8,
    (0.96, 1.04, 0.97): 1,
}


def draw_light(chance: Chance) -> Light:
    return Light(
        exposure=chance.uniform(0.34, 0.5) if chance.happens(0.1) else chance.uniform(0.68, 1.05),
        fall_off=chance.uniform(0.0, 0.35),
        cast=chance.weighted(CASTS),
        shadow=chance.uniform(0.2, 0.5) if chance.happens(0.3) else 0.0,
        flash=chance.uniform(0.3, 0.8) if chance.happens(0.08) else 0.0,
        glare=chance.uniform(0.3, 0.9) if chance.happens(0.08) else 0.0,
        gamma=chance.uniform(0.85, 1.15),
    )


def lit(pixels: Floats, light: Light, chance: Chance) -> Floats:
    """The scene under a light."""
    height, width = pixels.shape[:2]
    small = (max(16, height // 16), max(16, width // 16))
    field_of_light = _light_field(small, light, chance)
    field_of_light = cv2.resize(field_of_light, (width, height), interpolation=cv2.INTER_LINEAR)
    pixels = pixels * field_of_light
    if light.glare or light.flash:
        pixels = _hot_spot(pixels, light, chance)
    return pixels


def _light_field(shape: tuple[int, int], light: Light, chance: Chance) -> Floats:
    ys, xs = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j].astype(np.float32)
    angle = chance.uniform(0, 6.283)
    slope = (xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle)
    level = light.exposure * (1 + light.fall_off * slope)
    level *= 1 - 0.18 * ((xs - 0.5) ** 2 + (ys - 0.5) ** 2)
    if light.shadow:
        level *= 1 - light.shadow * _phone_shadow(shape, chance)
    return (level[..., None] * np.float32(light.cast)).astype(np.float32)


def _phone_shadow(shape: tuple[int, int], chance: Chance) -> Floats:
    """The dark shape of whoever holds the phone, with a soft edge."""
    height, width = shape
    mask = np.zeros(shape, np.float32)
    centre = (width * chance.uniform(-0.1, 1.1), height * chance.uniform(0.3, 1.1))
    size = (width * chance.uniform(0.4, 1.0), height * chance.uniform(0.5, 1.2))
    corners = cv2.boxPoints((centre, size, chance.uniform(-50, 50))).astype(np.int32)
    cv2.fillConvexPoly(mask, corners, 1.0)
    return cv2.GaussianBlur(mask, (0, 0), max(1.0, width * chance.uniform(0.01, 0.08)))


def _hot_spot(pixels: Floats, light: Light, chance: Chance) -> Floats:
    height, width = pixels.shape[:2]
    ys, xs = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    x, y = width * chance.uniform(0.25, 0.75), height * chance.uniform(0.2, 0.8)
    reach = width * (0.45 if light.flash else chance.uniform(0.06, 0.16))
    stretch = chance.uniform(0.6, 1.8)
    spot = np.exp(-(((xs - x) / reach) ** 2 + ((ys - y) / (reach * stretch)) ** 2))
    spot = cv2.resize(spot, (width, height))[..., None]
    return pixels + spot * np.float32(130 * light.exposure * max(light.flash, light.glare))
