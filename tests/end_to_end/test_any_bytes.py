"""Uploads are hostile input: whatever the bytes, `screen` answers or raises a documented error."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from receipt_screen import Campaign, Screener
from receipt_screen.errors import ReceiptScreenError
from receipt_screen.records import Screening

CAMPAIGN = Path(__file__).parents[2] / "samples" / "campaigns" / "jeonbuk-2025.toml"
RECEIVED = dt.datetime(2025, 1, 20, 10, 15)


def _receipt(suffix: str) -> bytes:
    paper = np.full((260, 200, 3), 240, np.uint8)
    for row, text in enumerate(("TOTAL 100,000", "2025-01-14", "NO 30012345")):
        place = (10, 60 + 60 * row)
        cv2.putText(paper, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2)
    encoded, image = cv2.imencode(suffix, paper)
    assert encoded
    return image.tobytes()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A photo with some of its bytes overwritten, and sometimes its end cut off."""
    image = bytearray(_receipt(draw(st.sampled_from([".jpg", ".png", ".webp", ".tiff", ".bmp"]))))
    for place in draw(st.lists(st.integers(0, len(image) - 1), max_size=8)):
        image[place] = draw(st.integers(0, 255))
    return bytes(image[: draw(st.integers(len(image) // 2, len(image)))])


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(Campaign.load(CAMPAIGN))


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(upload=st.one_of(st.binary(max_size=400), damaged()))
def test_no_bytes_make_screen_raise_anything_but_its_own_errors(
    screener: Screener, upload: bytes
) -> None:
    answer = _answer(screener, upload)
    assert isinstance(answer, Screening) or (str(answer) and answer.text("ko"))


def _answer(screener: Screener, upload: bytes) -> Screening | ReceiptScreenError:
    try:
        return screener.screen(upload, submission="1", received=RECEIVED)
    except ReceiptScreenError as error:
        return error
