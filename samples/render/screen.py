"""Screens: screenshots with their bars, pictures in a gallery, and photographs of a screen."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, ImageDraw

from receipt_screen.geometry import Transform
from receipt_screen.records import Pixels
from samples.render.blocks import Colour
from samples.render.chance import Chance
from samples.render.fonts import truetype
from samples.render.printer import Floats


@dataclass(frozen=True)
class Screen:
    """A picture on a screen, and where what was put into it has come to lie."""

    pixels: Pixels = field(repr=False)
    transform: Transform
    """From the pixels of what was put in to those of the screen."""
    faults: tuple[str, ...]


DEVICES = ((1080, 2340), (1080, 2400), (828, 1792), (1170, 2532), (720, 1520), (1080, 1920))


def moved(scale: float, left: float, top: float) -> Transform:
    """Scaling, then shifting."""
    return Transform.from_array([[scale, 0, left], [0, scale, top], [0, 0, 1]])


def _scaled(pixels: Pixels, width: int) -> tuple[Pixels, float]:
    scale = width / pixels.shape[1]
    size = (width, max(1, round(pixels.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, size, interpolation=way), scale


# ── bars ─────────────────────────────────────────────────────────────────────────────────────


def status_bar(width: int, ground: Colour, chance: Chance) -> Pixels:
    """Clock, signal and battery."""
    height = round(width * 0.07)
    bright = sum(ground) > 380
    ink = (20, 20, 20) if bright else (240, 240, 240)
    image = Image.new("RGB", (width, height), ground[::-1])
    draw = ImageDraw.Draw(image)
    font = truetype("nanum_round_bold", round(height * 0.42))
    clock = f"{chance.randint(8, 22)}:{chance.randint(0, 59):02}"
    draw.text((width * 0.06, height * 0.55), clock, ink, font=font, anchor="lm")
    _battery(draw, width, height, ink, chance)
    return np.ascontiguousarray(np.asarray(image)[..., ::-1])


def _battery(
    draw: ImageDraw.ImageDraw, width: int, height: int, ink: Colour, chance: Chance
) -> None:
    top, bottom, right = height * 0.38, height * 0.7, width * 0.95
    draw.rounded_rectangle((right - height * 0.6, top, right, bottom), 4, outline=ink, width=2)
    level = chance.uniform(0.2, 1)
    draw.rectangle((right - height * 0.56, top + 4, right - height * (0.56 - 0.5 * level),
                    bottom - 4), fill=ink)  # fmt: skip
    for bar in range(4):
        x = right - height * (1.3 - 0.13 * bar)
        draw.rectangle((x, bottom - (bar + 1) * height * 0.08, x + height * 0.08, bottom), fill=ink)
    if chance.happens(0.6):
        font = truetype("nanum_round_bold", round(height * 0.34))
        draw.text((right - height * 1.5, height * 0.55), chance.choice(["LTE", "5G", "Wi-Fi"]), ink,
                  font=font, anchor="rm")  # fmt: skip


def navigation_bar(width: int, ground: Colour) -> Pixels:
    """Android's three signs."""
    height = round(width * 0.12)
    bar = np.full((height, width, 3), ground, np.uint8)
    ink = (40, 40, 40) if sum(ground) > 380 else (225, 225, 225)
    y, r = height // 2, height // 7
    for offset in (-r, 0, r):
        cv2.line(bar, (width // 4 + offset, y - r), (width // 4 + offset, y + r), ink, 3)
    cv2.rectangle(bar, (width // 2 - r, y - r), (width // 2 + r, y + r), ink, 3)
    points = np.int32(
        [[3 * width // 4 + r, y - r], [3 * width // 4 - r, y], [3 * width // 4 + r, y + r]]
    )
    cv2.polylines(bar, [points], isClosed=False, color=ink, thickness=3)
    return bar


# ── screens ──────────────────────────────────────────────────────────────────────────────────


def app_screenshot(page: Pixels, chance: Chance) -> Screen:
    """An app's page as the phone shows it, scrolled to its end if it is long."""
    width, height = chance.choice(DEVICES)
    picture, scale = _scaled(page, width)
    ground = (255, 255, 255)
    parts = [status_bar(width, ground, chance), picture]
    nav = chance.happens(0.6)
    room = height - sum(part.shape[0] for part in parts) - (round(width * 0.12) if nav else 0)
    if room > 0:
        parts.append(np.full((room, width, 3), ground, np.uint8))
    if nav:
        parts.append(navigation_bar(width, ground))
    return Screen(
        np.vstack(parts), moved(scale, 0, parts[0].shape[0]), ("screenshot", "status_bar")
    )


def gallery_preview(picture: Pixels, chance: Chance) -> Screen:
    """A picture opened over a dimmed gallery, then captured: dark borders with dim shapes."""
    width = chance.randint(620, 1180)
    inner, scale = _scaled(picture, round(width * chance.uniform(0.8, 0.97)))
    height = max(round(inner.shape[0] * chance.uniform(1.02, 1.12)), inner.shape[0] + 20)
    canvas = _dimmed_gallery(width, height, chance)
    left = (width - inner.shape[1]) // 2
    top = round((height - inner.shape[0]) * chance.uniform(0.2, 0.8))
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return Screen(canvas, moved(scale, left, top), ("screenshot", "dimmed_border"))


def _dimmed_gallery(width: int, height: int, chance: Chance) -> Pixels:
    canvas = np.full((height, width, 3), chance.randint(0, 16), np.uint8)
    step = width // 4
    for y in range(chance.randint(-step, 0), height, step):
        for x in range(0, width, step):
            tone = chance.randint(4, 34)
            tint = (tone, tone + chance.randint(0, 5), tone + chance.randint(0, 6))
            cv2.rectangle(canvas, (x + 2, y + 2), (x + step - 2, y + step - 2), tint, -1)
    return canvas


def camera_preview(picture: Pixels, chance: Chance) -> Screen:
    """A camera app's `다시 시도 / 확인` page with the picture in its middle, captured."""
    width, height = chance.choice(DEVICES[:5])
    inner, scale = _scaled(picture, width)
    most = round(height * 0.8)
    if inner.shape[0] > most:
        inner, scale = _scaled(picture, round(width * most / inner.shape[0]))
    canvas = np.zeros((height, width, 3), np.uint8)
    left, top = (width - inner.shape[1]) // 2, round((height - inner.shape[0]) * 0.42)
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    _words(canvas, [("다시 시도", 0.22), ("확인", 0.78)], 0.92)
    return Screen(canvas, moved(scale, left, top), ("screenshot", "black_bars"))


def chat_window(picture: Pixels, chance: Chance) -> Screen:
    """The picture as a messenger shows it, with its bars above and below."""
    width, height = chance.choice(DEVICES[:5])
    inner, scale = _scaled(picture, round(width * 0.9))
    most = round(height * 0.78)
    if inner.shape[0] > most:
        inner, scale = _scaled(picture, round(width * 0.9 * most / inner.shape[0]))
    ground = chance.choice([(20, 20, 20), (220, 206, 186), (250, 250, 250)])
    canvas = np.full((height, width, 3), ground, np.uint8)
    bar = status_bar(width, ground, chance)
    canvas[: bar.shape[0]] = bar
    left, top = (width - inner.shape[1]) // 2, round((height - inner.shape[0]) * 0.5)
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    nav = navigation_bar(width, ground)
    canvas[height - nav.shape[0] :] = nav
    return Screen(canvas, moved(scale, left, top), ("screenshot", "status_bar"))


def mirrored_bars(picture: Pixels) -> Screen:
    """Squared by an app that fills the sides with a blurred mirror image."""
    height, width = picture.shape[:2]
    side = max(height, width)
    across, down = (side - width) // 2, (side - height) // 2
    canvas = cv2.copyMakeBorder(picture, down, side - height - down, across, side - width - across,
                                cv2.BORDER_REFLECT)  # fmt: skip
    soft = cv2.resize(cv2.resize(canvas, (48, 48), interpolation=cv2.INTER_AREA), (side, side))
    soft = cv2.GaussianBlur(soft, (0, 0), side / 60)
    soft[down : down + height, across : across + width] = picture
    return Screen(soft, moved(1, across, down), ("mirrored_bars",))


def _words(canvas: Pixels, words: list[tuple[str, float]], down: float) -> None:
    height, width = canvas.shape[:2]
    image = Image.fromarray(canvas)
    draw = ImageDraw.Draw(image)
    font = truetype("nanum_round_bold", max(14, width // 24))
    for text, across in words:
        draw.text((width * across, height * down), text, (240, 240, 240), font=font, anchor="mm")
    canvas[:] = np.asarray(image)


# ── a photograph of a screen ─────────────────────────────────────────────────────────────────


def moire(picture: Floats, chance: Chance) -> Floats:
    """Beats between the screen's grid and the sensor's, a little different in each colour."""
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = chance.uniform(0.1, 0.6) / width
    result = picture.copy()
    for channel in range(3):
        angle, period = chance.uniform(0, np.pi), chance.uniform(5, 26)
        across = xs * np.cos(angle) + ys * np.sin(angle)
        across += bend * (xs - width / 2) ** 2 / period
        wave = np.sin(across * np.float32(2 * np.pi / period))
        result[..., channel] *= 1 + np.float32(chance.uniform(0.03, 0.09)) * wave
    grid = 0.97 + 0.03 * np.sin(ys * np.float32(2 * np.pi / chance.uniform(2.2, 3.4)))
    return result * grid[..., None]
