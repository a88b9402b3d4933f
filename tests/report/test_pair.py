"""The drawing of two receipts: what differs is framed on both and said below."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from receipt_screen.compare import Side, compare
from receipt_screen.report.pair import difference_words, draw_pair, pair_words
from tests.compare.test_compare import SLIP, altered, side

SVG = "{http://www.w3.org/2000/svg}"


def test_an_altered_amount_is_framed_on_both_and_said_in_words() -> None:
    one, other = side(SLIP), side(altered(8, "TOTAL 150,000"))
    comparison = compare(one, other)

    drawing = ET.fromstring(draw_pair(one, other, comparison, "en"))

    frames = list(drawing.iter(f"{SVG}polygon"))
    assert len(frames) == 2
    left, right = (float(frame.attrib["points"].split(",")[0]) for frame in frames)
    images = [float(image.attrib["x"]) for image in drawing.iter(f"{SVG}image")]
    assert images[0] < left < images[1] < right
    said = [text.text for text in drawing.iter(f"{SVG}text")]
    assert "1. amount: 50,000 won → 150,000 won" in said


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_word_of_a_comparison_has_a_name(language: str) -> None:
    one = side(SLIP)
    for other in (one, side(altered(8, "TOTAL 150,000")), side(altered(1, "2025-01-29 10:12:33"))):
        assert all(list(pair_words(compare(one, other), language)))  # type: ignore[arg-type]


def test_what_was_not_read_is_said_so() -> None:
    one, other = side(SLIP), side(altered(8, "TOTAL 150,000"))
    [difference] = compare(one, other).differs

    assert difference_words(difference.model_copy(update={"after": None}), "en") == (
        "amount: 50,000 won → unread"
    )


def test_a_side_without_its_picture_cannot_be_drawn() -> None:
    one = side(SLIP)
    with pytest.raises(ValueError, match="isn't at hand"):
        draw_pair(one, Side(one.findings), compare(one, one), "en")
