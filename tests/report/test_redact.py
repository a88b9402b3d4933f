"""What is private is hidden in the pixels; what a reviewer decides on stays readable."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import cases
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.redaction import KEYS, PRIVATE, counted, look
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Found, Line, Outcome, Page, Pixels
from receipt_screen.report.private import private_places
from receipt_screen.report.redact import COVER, is_veiled, redact

ROOT = Path(__file__).parents[2]
GLYPH = 20


def page_of(*texts: str, confidence: float = 0.99) -> Page:
    """A page whose lines stand below each other, every half-width sign 20 pixels wide."""
    lines = []
    for number, text in enumerate(texts):
        left = 100
        for cell in text.split("  "):
            right = left + sum(2 if "가" <= sign <= "힣" else 1 for sign in cell) * GLYPH
            box = Box(left, 100 + 80 * number, right, 140 + 80 * number)
            lines.append(Line(text=cell, quad=Quad.from_box(box), confidence=confidence))
            left = right + 200
    return Page(
        engine="test",
        version="1",
        outcome=Outcome.READ,
        width=1600,
        height=1600,
        lines=tuple(lines),
    )


def with_more(page: Page) -> Page:
    """The page with so much below it as a receipt has to say."""
    more = page_of(*[""] * 15, "감사합니다. 안녕히 가십시오. " * 6).lines[-1]
    return page.model_copy(update={"lines": (*page.lines, more)})


def hidden_on(page: Page, line: int, start: int, end: int) -> float:
    """The share of the middle of a piece of a line that is hidden."""
    pixels = np.full((1600, 1600, 3), 255, np.uint8)
    findings = cases.findings(page=with_more(page), fields=cases.NO_FIELDS)
    redacted = redact(pixels, Transform.identity(), findings)
    box = page.lines[line].quad.box
    text = page.lines[line].text
    widths = [2 if "가" <= sign <= "힣" else 1 for sign in text]
    left, right = (int(box.left) + sum(widths[:at]) * GLYPH for at in (start, end))
    middle = redacted[int(box.top) + 10 : int(box.bottom) - 10, left:right]
    return float((middle == COVER).all(axis=2).mean())


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("카드번호: 4665-9030-2872-5009", "4665-9030-2872"),
        ("카드번호: 466590302872-5009", "466590302872"),
        ("회원번호 : 9970-76**-****-9985", "9970-76**-****"),
        ("4183 05** **** 6326", "4183 05** ****"),
        ("TEL: 063-123-4567", "063-123-4567"),
        ("문의 1588-1234", "1588-1234"),
        ("010.1234.5678", "010.1234.5678"),
        ("신분확인번호: 010-****-2816", "010-****-2816"),
        ("대표자: 홍길동", "홍길동"),
        ("고 객 명: 홍길동", "홍길동"),
        ("홍길동 고객님", "홍길동"),
        ("유효기간: 12/27", "12/27"),
        ("멤버십번호: 12345678", "12345678"),
        ("024-70-35774 / 홍길동 / 전주", "홍길동"),
        ("계좌번호: 352-1234-1234-53", "352-1234-12"),
        ("카드번호: 5608-3172-249C-3626", "5608-3172-249C"),
        ("쇄덜번호 : 918-****-2267", "918-****-2267"),
        ("한들25시 62-i66-4781", "62-i66-4781"),
        ("메표 자 홍길동", "홍길동"),
        ("명 : 홍길동", "홍길동"),
        ("주소 홍길동 (인)", "홍길동"),
        ("e. 0--0897", "0897"),
        ("회원번호: 5108-****-****", "5108-****-****"),
        ("40521419*>**8606", "40521419*>**"),
        ("회원남호39219 79*", "9219 79*"),
    ],
)
def test_what_is_private_is_hidden(text: str, private: str) -> None:
    start = text.index(private)

    assert hidden_on(page_of(text), 0, start, start + len(private)) > 0.98


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("카드번호: 4665-9030-2872-5009", "5009"),
        ("승인금액: 100,000원", "100,000원"),
        ("사업자번호: 505-81-24020", "505-81-24020"),
        ("승인번호: 0387398258849", "0387398258849"),
        ("거래일시 2025-01-20 10:12:33", "2025-01-20 10:12:33"),
        ("20250120101233", "20250120101233"),
        ("2501201012331", "2501201012331"),
        ("상호: 한들콩나물국밥", "한들콩나물국밥"),
        ("합계 1 100,000 100,000", "100,000 100,000"),
        ("회원권 3개월", "회원권 3개월"),
        ("29250124163303", "29250124163303"),
        ("8801234567893", "8801234567893"),
        ("상 호 명 : 한들국밥", "한들국밥"),
        ("한들24  063-123-4567", "한들24"),
        ("사업자NO 0335419216", "0335419216"),
        ("0414024993/ 홍길동/ TEL : 063-123-4567", "0414024993"),
        ("687-05-94794/홍길동  TEL : 063-123-4567", "687-05-94794"),
    ],
)
def test_what_a_reviewer_needs_stays(text: str, open_: str) -> None:
    start = text.index(open_)

    assert hidden_on(page_of(text), 0, start, start + len(open_)) < 0.15


def test_a_value_below_its_label_is_hidden_too() -> None:
    assert hidden_on(page_of("고객명", "홍길동"), 1, 0, 3) > 0.98


def test_a_value_below_a_word_that_is_no_label_of_the_reading_is_hidden_too() -> None:
    assert hidden_on(page_of("보낸분", "홍길동"), 1, 0, 3) > 0.98


def test_the_place_of_a_card_below_its_label_is_hidden_though_half_of_it_was_read() -> None:
    page = page_of("카드번호  거래종류", "3803 56*")
    label = page.lines[0].quad.box
    below = [place.quad.box for place in private_places(page) if place.quad.box.top > label.bottom]

    assert any(box.right > label.left + 8 * GLYPH for box in below)


def test_a_line_among_those_of_the_shop_that_nobody_read_is_hidden() -> None:
    page = page_of("대표자: 홍길동", "", "주소: 전주시 완산구")
    page = page.model_copy(update={"lines": (page.lines[0], page.lines[2])})
    top, bottom = page.lines[0].quad.box.bottom, page.lines[1].quad.box.top

    assert any(
        place.quad.box.top == top and place.quad.box.bottom == bottom
        for place in private_places(page)
    )


def test_a_phone_number_broken_over_two_lines_is_hidden_on_both() -> None:
    page = page_of("대표: 홍길동 전화: 063-12", "3-4567")

    assert hidden_on(page, 0, 4, 7) > 0.98
    assert hidden_on(page, 1, 0, 6) > 0.98


def test_the_rest_of_a_broken_number_is_hidden_past_a_line_of_noise() -> None:
    page = page_of("대표자: 홍길동 전한: 03-13", "* *", "-2464")

    assert hidden_on(page, 2, 0, 5) > 0.98


def test_the_room_of_a_broken_numbers_rest_is_hidden_though_nobody_read_it() -> None:
    page = page_of("대표자: 홍길동 전화: 063-13", "", "카드번호")
    broken = page.model_copy(update={"lines": (page.lines[0], page.lines[2])})

    assert any(
        place.quad.box.bottom > page.lines[0].quad.box.bottom + GLYPH
        for place in private_places(broken)
    )


def test_a_name_is_hidden_as_far_as_it_may_reach_though_part_of_it_was_read() -> None:
    page = page_of("대표자 홍", "상호 한들국밥")
    label = page.lines[0].quad.box

    assert max(place.quad.box.right for place in private_places(page)) > label.right + GLYPH * 3


def test_the_room_for_a_signature_is_hidden() -> None:
    page = page_of("서명", "", "", "감사합니다")
    page = page.model_copy(update={"lines": (page.lines[0], page.lines[-1])})
    places = private_places(page)

    assert any(place.quad.box.bottom > 200 for place in places)
    assert not private_places(page_of("무서명 거래"))


def test_a_field_stays_though_something_private_is_said_to_be_there() -> None:
    page = page_of("대표자 한들콩나물국밥")
    quad = page.lines[0].quad
    merchant = Found[str](value="한들콩나물국밥", confidence=0.9, quad=quad)
    findings = cases.findings(page=with_more(page), fields=cases.fields(merchant=merchant))
    pixels = np.full((400, 1600, 3), 255, np.uint8)

    assert (redact(pixels, Transform.identity(), findings)[100:140, 100:400] == 255).all()


def test_no_field_keeps_a_whole_card_number_visible() -> None:
    page = page_of("4665-9030-2872-5009")
    wrong = Found[str](value="4665903028725009", confidence=0.9, quad=page.lines[0].quad)
    findings = cases.findings(page=with_more(page), fields=cases.fields(approval_number=wrong))
    pixels = np.full((400, 1600, 3), 255, np.uint8)

    redacted = redact(pixels, Transform.identity(), findings)

    assert (redacted[110:130, 110:350] == COVER).all()


@pytest.mark.parametrize(
    "page",
    [
        page_of("4665-9030-2872-5009", "감사합니다. 안녕히 가십시오. " * 6, confidence=0.6),
        page_of("4665-9030-2872-5009"),
        cases.page(outcome=Outcome.FAILED),
    ],
)
def test_a_page_of_which_little_was_read_or_nothing_surely_is_made_illegible(page: Page) -> None:
    pixels = np.full((800, 800, 3), 255, np.uint8)
    cv2.putText(pixels, "4665-9030", (100, 140), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 3)

    redacted = redact(pixels, Transform.identity(), cases.findings(page=page))

    assert is_veiled(page)
    assert not legible(redacted)


def legible(pixels: Pixels) -> bool:
    """Whether any stroke is thinner than a letter of this size could be told by."""
    runs = np.abs(np.diff(pixels[:, :, 0].astype(int), axis=1)).sum(axis=0)
    return bool((np.diff(np.flatnonzero(runs)) < 10).any())


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_can_be_searched(texts: list[str]) -> None:
    private_places(page_of(*(text or " " for text in texts)))


def sample_rows(count: int) -> list[dict[str, Any]]:
    lines = (ROOT / "samples" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    with_card = [row for row in rows if re.search(r"\d{4}", row["fields"]["card"].get("text", ""))]
    return with_card[:: len(with_card) // count][:count]


@pytest.mark.slow
def test_on_samples_cards_phones_and_names_are_hidden_and_key_fields_readable() -> None:
    images = ROOT / "samples" / "images"

    counts = counted([look(row, images / row["file"]) for row in sample_rows(10)])

    (private, hidden), (keys, readable) = counts["private"], counts["key fields"]
    assert private > 15
    assert hidden >= 0.97 * private
    assert readable >= 0.97 * keys
    assert {*PRIVATE, *KEYS} <= set(counts)
