"""A card by its last four digits; of a number printed whole the rest is masked for good."""

from __future__ import annotations

import pytest

from receipt_screen.fields import find_fields
from tests.pages import page_of


def test_a_whole_card_number_is_masked_before_it_goes_on() -> None:
    fields = find_fields(page_of("카드번호: 1234-5678-9012-3456"))
    assert fields.card.value == "…-****-****-3456"
    assert fields.card.text is not None
    assert "5678" not in fields.card.text


@pytest.mark.parametrize(
    "text",
    [
        "카드No : ****-****-****-7980",
        "회원번호:****-****-****-7980",
        "카드번호 ************7980",
        "XXXX-XXXX-XXXX-7980",
    ],
)
def test_a_card_number_of_which_only_the_tail_is_printed_is_known_by_it(text: str) -> None:
    assert find_fields(page_of(text)).card.value == "…-****-****-7980"


@pytest.mark.parametrize("text", ["**** 감사합니다 ****", "********************", "****7980"])
def test_stars_without_a_card_number_are_none(text: str) -> None:
    assert find_fields(page_of(text)).card.value is None
