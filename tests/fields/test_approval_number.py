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


def test_a_telephone_that_lost_its_first_nought_in_the_head_is_none() -> None:
    number = "631639477"
    head = page_of(f"새봄떡집\n{number}\n결제일시 25. 2. 8. 15:14\n결제금액 97,500")
    foot = page_of(f"새봄떡집\n결제일시 25. 2. 8. 15:14\n결제금액 97,500\n{number}")
    assert find_fields(head).approval_number.value is None
    assert find_fields(foot).approval_number.value == number
