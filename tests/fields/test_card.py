"""Card numbers are masked for good."""

from __future__ import annotations

from receipt_screen.fields import find_fields
from tests.pages import page_of


def test_a_whole_card_number_is_masked_before_it_goes_on() -> None:
    fields = find_fields(page_of("카드번호: 1234-5678-9012-3456"))
    assert fields.card.value == "…-****-****-3456"
    assert fields.card.text is not None
    assert "5678" not in fields.card.text
