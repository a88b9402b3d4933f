"""Bar codes and QR codes: found however they lie, and no way in for hostile ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from receipt_screen.geometry import Quad
from receipt_screen.records import Pixels, Symbol
from receipt_screen.symbols import MOST_CHARACTERS, MOST_SYMBOLS, find_symbols

KEY = "202501200817005394"


def code(text: str, kind: str = "Code128", *, scale: int = 2) -> Pixels:
    """A code as a printer draws it."""
    drawn = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    return cv2.cvtColor(np.asarray(drawn.to_image(scale=scale)), cv2.COLOR_GRAY2BGR)


def paper_with(*codes: Pixels, height: int = 1400, width: int = 800) -> Pixels:
    """A paper with codes below each other."""
    paper = np.full((height, width, 3), 235, np.uint8)
    top = 60
    for each in codes:
        tall, wide = each.shape[:2]
        paper[top : top + tall, 90 : 90 + wide] = each
        top += tall + 60
    return paper


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("Code128", KEY, "code128"),
        ("Code39", "A2501200042", "code39"),
        ("ITF", "020250120230270002510086", "itf"),
        ("EAN13", "8801234567893", "ean13"),
        ("QRCode", f"https://receipt.invalid/1?r={KEY}", "qrcode"),
    ],
)
def test_each_format_that_receipts_carry_is_read(kind: str, text: str, name: str) -> None:
    (symbol,) = find_symbols(paper_with(code(text, kind)))
    assert (symbol.format, symbol.text) == (name, text)


@pytest.mark.parametrize("turns", range(4))
def test_a_code_is_read_whichever_way_the_paper_lies(turns: int) -> None:
    paper = np.ascontiguousarray(np.rot90(paper_with(code(KEY)), turns))
    assert [symbol.text for symbol in find_symbols(paper)] == [KEY]


@pytest.mark.parametrize("height", [700, 1400, 3000])
def test_the_quad_is_where_the_code_stands_on_the_paper(height: int) -> None:
    drawn = code(KEY)
    (symbol,) = find_symbols(paper_with(drawn, height=height))
    box = symbol.quad.box
    assert 90 <= box.left < box.right <= 90 + drawn.shape[1]
    assert 60 - 3 <= box.top < box.bottom <= 60 + drawn.shape[0] + 3


def test_several_codes_come_from_top_to_bottom() -> None:
    found = find_symbols(paper_with(code(KEY), code("880123", "QRCode", scale=5)))
    assert [symbol.text for symbol in found] == [KEY, "880123"]


def test_a_paper_without_codes_has_none() -> None:
    assert find_symbols(paper_with()) == ()


def test_no_more_codes_are_carried_than_a_receipt_has() -> None:
    many = [code(f"{number:06}", scale=1)[:40] for number in range(12)]
    assert len(find_symbols(paper_with(*many))) <= MOST_SYMBOLS


def test_a_text_too_long_for_a_receipt_is_left_out() -> None:
    drawn = code("9" * (MOST_CHARACTERS + 1), "QRCode", scale=4)
    assert find_symbols(paper_with(drawn)) == ()
    drawn = code("9" * MOST_CHARACTERS, "QRCode", scale=4)
    assert len(find_symbols(paper_with(drawn))) == 1


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\nb", "\x1b[31mred", "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "a\x1d21"]
)
def test_what_a_code_holds_can_do_nothing_to_a_terminal(text: str) -> None:
    (symbol,) = find_symbols(paper_with(code(text, "QRCode", scale=6)))
    assert symbol.text.isprintable()


def test_a_symbol_does_not_show_its_text_when_it_is_printed() -> None:
    place = Quad.from_array([(0, 0), (9, 0), (9, 9), (0, 9)])
    assert KEY not in repr(Symbol(format="code128", text=KEY, quad=place))


@given(
    arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 60), st.integers(1, 60), st.just(3)),
        elements=st.sampled_from([0, 255]),
    )
)
@settings(max_examples=60)
def test_any_pixels_give_an_answer(pixels: Pixels) -> None:
    assert isinstance(find_symbols(pixels), tuple)
