"""Lines that were read are held against the labels that stand in the same place."""

from __future__ import annotations

import pytest

from benchmarks.lines import LineError, TextLine, bare, page_error
from receipt_screen.geometry import Box, Quad, Transform


def line(text: str, left: float, top: float, right: float, bottom: float) -> TextLine:
    return TextLine(text, Quad.from_box(Box(left, top, right, bottom)))


TOTAL = line("합계 100,000", 0, 0, 200, 20)
DATE = line("2025-01-20", 0, 30, 200, 50)


def test_lines_read_as_printed_have_no_error() -> None:
    read = [line("합 계100,000", 2, 1, 198, 19), line("2025-01-20", 0, 31, 199, 52)]
    page = page_error([TOTAL, DATE], read)
    assert (page.edits, page.exact, page.extra) == (0, 2, 0)
    assert page.characters == len("합계100,000") + len("2025-01-20")


def test_a_wrong_character_counts_once() -> None:
    page = page_error([TOTAL], [line("합계 180,000", 0, 0, 200, 20)])
    assert page.lines == (LineError(9, 1),)


def test_a_line_that_was_not_read_counts_whole() -> None:
    assert page_error([TOTAL, DATE], []).edits == page_error([TOTAL, DATE], []).characters


def test_a_line_read_in_pieces_is_put_together_in_order() -> None:
    pieces = [line("100,000", 90, 2, 198, 19), line("합계", 0, 0, 60, 21)]
    assert page_error([TOTAL], pieces).edits == 0


def test_labels_read_as_one_line_are_compared_together() -> None:
    labels = [line("단가", 100, 0, 150, 20), line("상품", 0, 0, 50, 20)]
    page = page_error(labels, [line("상품 단가", 0, 0, 150, 20)])
    assert (page.edits, len(page.lines)) == (0, 1)


def test_rows_read_as_one_block_are_compared_row_by_row() -> None:
    page = page_error([DATE, TOTAL], [line("합계100,0002025-01-20", 0, 0, 200, 50)])
    assert page.edits == 0


def test_what_is_read_beside_the_labels_is_extra() -> None:
    page = page_error([TOTAL], [TOTAL, line("키보드", 500, 500, 600, 520)])
    assert (page.edits, page.extra) == (0, 3)


@pytest.mark.parametrize("turns", range(4))
def test_it_makes_no_difference_how_the_photo_is_turned(turns: int) -> None:
    turn = Transform.turning(turns, 400, 300)
    labels = [line("상품", 0, 0, 50, 20), line("단가", 100, 0, 150, 20), DATE]
    turned = [TextLine(each.text, turn.quad(each.quad)) for each in labels]
    whole = TextLine("상품단가", turn.quad(Quad.from_box(Box(0, 0, 150, 20))))
    assert page_error(turned, [whole, turned[2]]).edits == 0


def test_spaces_ruling_and_width_of_signs_do_not_count() -> None:
    assert bare("-------- 합 계：１００ ====") == "합계:100"
    assert page_error([line("--------", 0, 0, 99, 9)], []).lines == ()
