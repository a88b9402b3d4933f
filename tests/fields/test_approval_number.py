"""Under which number a payment was approved."""

from __future__ import annotations

from receipt_screen.fields import find_fields
from tests.pages import page_of, read_differently


def test_a_number_that_one_reader_saw_whole_is_proposed() -> None:
    line = "승인번호 3/012345"
    page = read_differently(page_of(line), line, ("승인번호 37012345", line))
    assert find_fields(page).approval_number.value == "37012345"


def test_another_number_in_the_label_s_cell_is_none_of_one_reader() -> None:
    line = "승인번호 -"
    page = read_differently(page_of(line), line, ("승인번호 37012345", line))
    assert find_fields(page).approval_number.value is None
