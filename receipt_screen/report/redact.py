"""Hiding what is private in the pixels; the fields that a reviewer decides on are kept."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Fields, Findings, Outcome, Page, Pixels
from receipt_screen.report.private import private_places

COVER = (72, 62, 56)
"""The colour of what is hidden, blue-green-red: dark, and like no ink or paper."""
KEPT = ("amount", "date", "time", "merchant", "business_number", "approval_number")
"""Fields that a reviewer decides on."""
SURE = 0.5
"""A field of at least this confidence keeps its place visible."""
UNSURE_PAGE = 0.85
"""A page read less surely than this, by its mean letter, may have secrets that weren't found."""
LEAST_LETTERS = 80
"""Every receipt says more; of a page of which less was read most is text that nobody read."""
VEIL = 48
"""The longer side in pixels to which a picture is reduced whose text could not be read."""


def redact(pixels: Pixels, to_pixels: Transform, findings: Findings) -> Pixels:
    """A copy of upright pixels without anything private.

    `to_pixels` leads from the full-size photo to the pixels. Of a page that could not be read
    surely nobody knows where its secrets are: see `is_veiled`.
    """
    if is_veiled(findings.page):
        return _veiled(pixels)
    lines = tuple(
        line.model_copy(update={"quad": to_pixels.quad(line.quad)}) for line in findings.page.lines
    )
    places = private_places(findings.page.model_copy(update={"lines": lines}))
    redacted = pixels.copy()
    _cover(redacted, [place.quad for place in places])
    _restore(redacted, pixels, [to_pixels.quad(quad) for quad in _kept(findings.fields)])
    _cover(redacted, [place.quad for place in places if place.certain])
    return redacted


def is_veiled(page: Page) -> bool:
    """Whether so little of a page was read, or so badly, that its picture is made illegible."""
    if page.outcome is not Outcome.READ:
        return True
    letters = sum(len(line.text) for line in page.lines)
    sure = sum(line.confidence * len(line.text) for line in page.lines)
    return letters < LEAST_LETTERS or sure < UNSURE_PAGE * letters


def _kept(fields: Fields) -> list[Quad]:
    """Where the fields stand that a reviewer decides on."""
    founds = [getattr(fields, name) for name in KEPT]
    return [found.quad for found in founds if found.quad and found.confidence >= SURE]


def _cover(pixels: Pixels, quads: Sequence[Quad]) -> None:
    for quad in quads:
        cv2.fillPoly(pixels, [_corners(quad)], COVER)


def _restore(pixels: Pixels, original: Pixels, quads: Sequence[Quad]) -> None:
    kept = np.zeros(pixels.shape[:2], np.uint8)
    for quad in quads:
        cv2.fillPoly(kept, [_corners(quad)], 1)
    pixels[kept > 0] = original[kept > 0]


def _corners(quad: Quad) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.rint(quad.array).astype(np.int32)


def _veiled(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = VEIL / max(height, width)
    small = max(1, round(width * scale)), max(1, round(height * scale))
    reduced = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
    return np.asarray(
        cv2.resize(reduced, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8
    )
