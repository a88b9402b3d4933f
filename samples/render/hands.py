"""Fingers: what holds the paper down, and what it hides."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from receipt_screen.geometry import Quad
from samples.render.chance import Chance
from samples.render.printer import Floats, smooth_noise

SKINS = ((118, 150, 205), (135, 170, 222), (150, 182, 228), (95, 125, 180))


@dataclass(frozen=True)
class Finger:
    """A finger from its root to its tip, in picture pixels."""

    root: tuple[float, float]
    tip: tuple[float, float]
    width: float

    @property
    def outline(self) -> Quad:
        """The quad around it."""
        root, tip = np.array(self.root), np.array(self.tip)
        along = (tip - root) / max(1.0, float(np.hypot(*(tip - root))))
        aside = np.array([-along[1], along[0]]) * self.width / 2
        end = tip + along * self.width / 2
        return Quad.from_array([root - aside, end - aside, end + aside, root + aside])


def finger_over(edge: Quad, chance: Chance) -> Finger:
    """A thumb over the left or right edge of a paper, whose corners are `edge`."""
    right = chance.happens(0.5)
    corners = edge.array
    top, bottom = (corners[1], corners[2]) if right else (corners[0], corners[3])
    at = top + (bottom - top) * chance.uniform(0.2, 0.9)
    inward = _unit(edge.array.mean(axis=0) - at)
    size = _thumb(edge) * chance.uniform(0.85, 1.15)
    tip = at + inward * size * chance.uniform(0.0, 0.5)
    root = tip - _turned(inward, chance.uniform(-0.5, 0.5)) * size * 2.2
    return Finger(_pair(root), _pair(tip), size)


def _thumb(edge: Quad) -> float:
    """A thumb is 2 cm wide; receipts are 5.8 or 8 cm, sheets more."""
    return min(edge.width, edge.height) * 0.27


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(1.0, float(np.hypot(*vector))))


def finger_onto(place: Quad, edge: Quad, chance: Chance) -> Finger:
    """A finger whose tip hides a place on the paper, coming from its nearer side."""
    centre = np.array(place.center)
    outward = _turned(_unit(centre - edge.array.mean(axis=0)), chance.uniform(-0.2, 0.2))
    size = min(max(_thumb(edge), place.height * 1.6), _thumb(edge) * 1.5)
    reach = max(place.width * 0.3, size * 0.4)
    tip = centre - outward * reach * 0.3
    return Finger(_pair(tip + outward * (reach + size * 2.2)), _pair(tip), size)


def _turned(direction: np.ndarray, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([direction[0] * cos - direction[1] * sin,
                     direction[0] * sin + direction[1] * cos])  # fmt: skip


def _pair(point: np.ndarray) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def draw_finger(picture: Floats, finger: Finger, chance: Chance) -> None:
    """Paints a finger with rounded shading, a nail and a soft shadow."""
    height, width = picture.shape[:2]
    _palm(picture, finger, chance.sub("palm"))
    distance, along = _distances(finger, height, width)
    radius = finger.width / 2 * (1 + 0.5 * np.clip(1 - along, 0, 1) ** 2)
    inside = distance / np.maximum(radius, 1)
    shadow = np.clip(1.35 - inside, 0, 0.35)[..., None]
    picture *= 1 - shadow
    cover = np.clip((1 - inside) * radius / 1.5, 0, 1)[..., None].astype(np.float32)
    skin = np.float32(chance.sub("palm").choice(SKINS))
    roundness = 0.52 + 0.5 * np.sqrt(np.clip(1 - inside**2, 0, 1)) + 0.12 * (1 - inside)
    noise = chance.field()
    texture = 0.96 + 0.06 * smooth_noise(noise, (height, width), (height // 40, width // 40))
    texture += 0.03 * smooth_noise(noise, (height, width), (height // 4, width // 4))
    colour = skin * (roundness * texture)[..., None]
    colour = _knuckle(colour, along, chance)
    picture *= 1 - cover
    picture += (colour * cover).astype(np.float32)
    _nail(picture, finger)


def _palm(picture: Floats, finger: Finger, chance: Chance) -> None:
    """The hand that the finger belongs to, going out of the picture: broad, in shade, soft."""
    skin = np.float32(chance.choice(SKINS))
    root, tip = np.array(finger.root), np.array(finger.tip)
    away = _turned(_unit(root - tip), chance.uniform(-0.35, 0.35))
    aside = np.array([-away[1], away[0]]) * chance.choice([-1, 1]) * finger.width * 0.7
    end, start = root + away * max(picture.shape), root + away * finger.width + aside
    wrist = Finger(_pair(end), _pair(start), finger.width * 2.9)
    distance, _ = _distances(wrist, *picture.shape[:2])
    inside = distance / (wrist.width / 2)
    cover = np.clip((1 - inside) * wrist.width / 6, 0, 1)[..., None].astype(np.float32)
    roundness = (0.42 + 0.5 * np.sqrt(np.clip(1 - inside**2, 0, 1)))[..., None]
    picture *= 1 - np.clip(1.25 - inside, 0, 0.25)[..., None]
    picture *= 1 - cover
    picture += (skin * roundness * cover).astype(np.float32)


def _distances(finger: Finger, height: int, width: int) -> tuple[Floats, Floats]:
    """Each pixel's distance from the finger's axis, and how far along it lies (1 = tip)."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    root, tip = np.float32(finger.root), np.float32(finger.tip)
    axis = tip - root
    along = ((xs - root[0]) * axis[0] + (ys - root[1]) * axis[1]) / float(axis @ axis)
    held = np.clip(along, 0, 1)
    distance = np.hypot(xs - root[0] - held * axis[0], ys - root[1] - held * axis[1])
    return distance, along


def _knuckle(colour: Floats, along: Floats, chance: Chance) -> Floats:
    at = chance.uniform(0.62, 0.75)
    crease = np.exp(-(((along - at) / 0.012) ** 2))
    crease += 0.6 * np.exp(-(((along - at - 0.02) / 0.01) ** 2))
    return np.asarray(colour * (1 - 0.16 * crease[..., None]))


def _nail(picture: Floats, finger: Finger) -> None:
    """A paler ellipse near the tip."""
    root, tip = np.array(finger.root), np.array(finger.tip)
    along = (tip - root) / max(1.0, float(np.hypot(*(tip - root))))
    centre = tip + along * finger.width * 0.1
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    layer = np.zeros(picture.shape[:2], np.float32)
    axes = (max(2, round(finger.width * 0.3)), max(2, round(finger.width * 0.24)))
    cv2.ellipse(layer, (round(centre[0]), round(centre[1])), axes, angle, 0, 360, 1.0, -1)
    layer = cv2.GaussianBlur(layer, (0, 0), max(0.8, finger.width * 0.02))[..., None]
    picture += (np.float32([190, 200, 235]) - picture) * layer * np.float32(0.3)
