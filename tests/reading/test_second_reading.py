"""Which parts of a line are read a second time."""

from __future__ import annotations

import pytest

from receipt_screen.geometry import Quad
from receipt_screen.reading.lines import LinesSettings, number_span
from tests.reading.test_agree import glyphs

QUAD = Quad.from_array([[0, 0], [400, 0], [400, 20], [0, 20]])


def is_read_twice(text: str, confidence: float = 0.999) -> bool:
    return number_span(glyphs(text, confidence), QUAD, LinesSettings()) is not None


@pytest.mark.parametrize(
    "text", ["100,000", "2025-01-14 10:49", "110-81-41272", "승인번호 00652378", "2501141324"]
)
def test_sums_dates_and_numbers_that_identify_are_read_twice_however_sure(text: str) -> None:
    assert is_read_twice(text)


@pytest.mark.parametrize("text", ["3,480", "063-146-0757", "1588-1234", "5327-50**-****-1234"])
def test_numbers_on_which_nothing_hangs_are_read_twice_only_when_unsure(text: str) -> None:
    assert not is_read_twice(text)
    assert is_read_twice(text, 0.9)


def test_only_the_part_with_what_matters_is_read_twice() -> None:
    span = number_span(glyphs("3,480 원   100,000", 0.999), QUAD, LinesSettings())
    assert span is not None
    assert span.start > 0.4
