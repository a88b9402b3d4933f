"""Readers that need no model: what they "read" is told by the colour of the photo.

A batch opens them in its child processes, so they live in a module that can be imported there.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import cv2
import numpy as np

from receipt_screen.errors import SetupError
from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Line, Outcome, Page, Pixels

INK = 40
RED, GREEN, BLUE = (60, 60, 230), (60, 230, 60), (230, 60, 60)
"""Papers on which `StubReader` is killed, runs wild, and hangs."""


def draw_receipt(path: Path, number: int, paper: tuple[int, int, int] = (235, 235, 235)) -> Path:
    """A small receipt whose look differs from that of every other number."""
    image = np.full((420, 300, 3), paper, np.uint8)
    rows = ("RECEIPT", f"NO {number:08d}", f"TOTAL {100_000 + number}", "2025-01-20 10:12")
    for row, text in enumerate(rows):
        place = (15, 60 + 60 * row)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (INK, INK, INK), 2)
    blocks = np.random.default_rng(number).integers(0, 2, (4, 12)) * 200
    image[300:400, 15:285] = cv2.resize(
        blocks.astype(np.uint8)[..., None].repeat(3, 2), (270, 100), interpolation=cv2.INTER_NEAREST
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    return path


class StubReader:
    """Reads one line, after a while, and misbehaves on coloured paper."""

    name = "stub"
    version = "1"

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause

    def read(self, pixels: Pixels) -> Page:
        blue, green, red = np.median(pixels.reshape(-1, 3), axis=0)
        if red > 2 * blue:
            os.kill(os.getpid(), signal.SIGKILL)
        if blue > 2 * red:
            time.sleep(600)
        if green > 2 * red:
            raise SystemExit(7)
        time.sleep(self.pause)
        height, width = pixels.shape[:2]
        line = Line(text="합계 100,000원", quad=Quad.from_box(Box(10, 10, 200, 40)), confidence=0.9)
        return Page(
            engine=self.name,
            version=self.version,
            outcome=Outcome.READ,
            width=width,
            height=height,
            lines=(line,),
        )


def open_stub(engine: str) -> StubReader:
    """Opens a `StubReader`; `slow` ones pause, `missing` ones can't be opened."""
    if engine == "missing":
        raise SetupError("reading.no_tesseract")
    return StubReader(pause=0.15 if engine == "slow" else 0.0)
