"""The same image again: what people and apps do to a file between two uploads."""

from __future__ import annotations

import cv2
import numpy as np

from receipt_screen.geometry import Transform
from samples.render import screen
from samples.render.chance import Chance
from samples.render.picture import Picture, moved, resized


def cropped(picture: Picture, chance: Chance) -> Picture:
    """A few hundredths off every side."""
    height, width = picture.pixels.shape[:2]
    left, right = (round(width * chance.uniform(0.0, 0.09)) for _ in "lr")
    top, bottom = (round(height * chance.uniform(0.01, 0.1)) for _ in "tb")
    pixels = picture.pixels[top : height - bottom, left : width - right]
    return moved(picture, pixels, screen.moved(1, -left, -top), "cropped")


def turned(picture: Picture, chance: Chance) -> Picture:
    """A quarter turn or two, in the pixels."""
    turns = chance.choice([1, 2, 3])
    height, width = picture.pixels.shape[:2]
    back = Transform.turning(turns, width, height)
    return moved(picture, np.rot90(picture.pixels, turns), back.inverse(), "turned_again")


def rotated(picture: Picture, chance: Chance) -> Picture:
    """Straightened, or the reverse, by a few degrees."""
    height, width = picture.pixels.shape[:2]
    angle = chance.choice([-1, 1]) * chance.uniform(2, 8)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    ground = chance.choice([(0, 0, 0), (255, 255, 255)])
    pixels = cv2.warpAffine(picture.pixels, matrix, (width, height), borderValue=ground)
    return moved(picture, pixels, Transform.from_array(np.vstack([matrix, [0, 0, 1]])), "rotated")


def enhanced(picture: Picture, chance: Chance) -> Picture:
    """A phone's document filter: brighter, harder, a little sharper."""
    pixels = picture.pixels.astype(np.float32)
    soft = cv2.GaussianBlur(pixels, (0, 0), 2)
    pixels = (pixels + 0.5 * (pixels - soft) - 128) * chance.uniform(1.15, 1.4) + 128
    pixels = np.clip(pixels + chance.uniform(5, 30), 0, 255).astype(np.uint8)
    return moved(picture, pixels, Transform.identity(), "enhanced")


def greyed(picture: Picture, _chance: Chance) -> Picture:
    grey = cv2.cvtColor(picture.pixels, cv2.COLOR_BGR2GRAY)
    return moved(picture, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), Transform.identity(), "grey")


def same(picture: Picture, _chance: Chance) -> Picture:
    return picture


def forwarded(picture: Picture, chance: Chance) -> Picture:
    """Sent on by a messenger that shrinks what it sends."""
    long_side = min(max(picture.pixels.shape[:2]), chance.choice([720, 800, 960]))
    return resized(picture, long_side, "forwarded")


def shrunk(picture: Picture, chance: Chance) -> Picture:
    long_side = round(max(picture.pixels.shape[:2]) * chance.uniform(0.4, 0.8))
    return resized(picture, long_side, "resized")


def shown(picture: Picture, on: screen.Screen) -> Picture:
    """Captured from a screen that shows it."""
    return moved(picture, on.pixels, on.transform, *on.faults)


def in_chat(picture: Picture, chance: Chance) -> Picture:
    return shown(picture, screen.chat_window(picture.pixels, chance))


def in_camera(picture: Picture, chance: Chance) -> Picture:
    return shown(picture, screen.camera_preview(picture.pixels, chance))


def in_gallery(picture: Picture, chance: Chance) -> Picture:
    return shown(picture, screen.gallery_preview(picture.pixels, chance))


def squared(picture: Picture, _chance: Chance) -> Picture:
    return shown(picture, screen.mirrored_bars(picture.pixels))
