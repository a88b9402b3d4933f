"""What a document says of itself."""

from __future__ import annotations

import pytest

from receipt_screen.fields import find_fields
from receipt_screen.records import MarkKind
from tests.pages import SLIP, page_of

PAID = """
라온식당
결제일시  2025-01-20 12:10
결제수단  누리카드
"""


def marks_on(layout: str, *, screen: bool = False) -> set[MarkKind]:
    return {mark.kind for mark in find_fields(page_of(layout), screen=screen).marks}


def test_an_app_sets_what_was_paid_with_a_minus_and_a_slip_what_was_taken_back() -> None:
    layout = PAID + "결제금액  -100,000원\n"
    assert MarkKind.CANCELLATION not in marks_on(layout, screen=True)
    assert MarkKind.CANCELLATION in marks_on(SLIP.replace("100,000", "-100,000"))


def test_a_sum_that_a_bracket_repeats_is_no_cancellation() -> None:
    assert MarkKind.CANCELLATION not in marks_on("영 수 증\n일금 이십만원정 (₩200,000)\n")
    assert MarkKind.CANCELLATION in marks_on("영 수 증\n합계 (200,000)\n")


def test_what_is_to_be_looked_at_before_paying_is_unpaid() -> None:
    assert MarkKind.UNPAID in marks_on(PAID + "** 결제 전 확인용입니다 **\n")


@pytest.mark.parametrize(
    "row", ["영수증(재출력)", "재출력일시 2025-02-01", "재발행일시 2025-01-20 12:11"]
)
def test_on_paper_what_was_printed_again_is_a_reprint(row: str) -> None:
    assert MarkKind.REPRINT in marks_on(f"{row}\n{PAID}")


def test_what_was_printed_when_it_was_paid_is_no_reprint() -> None:
    assert MarkKind.REPRINT not in marks_on(f"재발행일시 2025-01-20 12:10:40\n{PAID}")


def test_on_a_screen_to_print_again_is_a_button() -> None:
    assert MarkKind.REPRINT not in marks_on(f"{PAID}영수증 재출력\n", screen=True)


def test_a_count_in_brackets_is_no_negative_total() -> None:
    assert MarkKind.CANCELLATION not in marks_on(PAID + "합계 (2)\n")


@pytest.mark.parametrize(
    "row", ["영수증 전송    결제취소", "영수증 출력 결제 취소", "전체  승인  취소"]
)
def test_a_button_beside_others_is_no_status(row: str) -> None:
    assert MarkKind.CANCELLATION not in marks_on(f"{PAID}{row}\n", screen=True)
    assert MarkKind.CANCELLATION in marks_on(PAID + "승인취소    영수증\n", screen=True)
    assert MarkKind.CANCELLATION in marks_on(PAID + "결제상태    결제취소\n", screen=True)


def test_whether_a_sale_was_taken_back_is_no_cancellation() -> None:
    assert MarkKind.CANCELLATION not in marks_on(PAID + "매출취소여부    -\n", screen=True)


@pytest.mark.parametrize(
    "row", ["거래종류 취소", "현금환불  60,000", "환불금액  60,000", "취소금액 : 60,000"]
)
def test_what_was_given_back_is_a_cancellation(row: str) -> None:
    marks = find_fields(page_of(f"새봄마트\n{row}")).marks
    assert MarkKind.CANCELLATION in {mark.kind for mark in marks}


def test_nothing_given_back_is_no_cancellation() -> None:
    marks = find_fields(page_of("새봄마트\n합계  60,000\n취소금액  0")).marks
    assert MarkKind.CANCELLATION not in {mark.kind for mark in marks}


@pytest.mark.parametrize(
    "row", ["상품권은 환불되지 않습니다", "백화점상품권 증정행사", "온누리상품권 가맹점"]
)
def test_a_notice_about_gift_certificates_is_no_payment_with_one(row: str) -> None:
    marks = find_fields(page_of(f"새봄마트\n합계  60,000\n{row}")).marks
    assert MarkKind.GIFT_CERTIFICATE not in {mark.kind for mark in marks}


@pytest.mark.parametrize("row", ["계산서(빌지)", "중간계산서", "GUEST CHECK"])
def test_a_bill_is_still_to_be_paid(row: str) -> None:
    marks = find_fields(page_of(f"{row}\n합계  60,000")).marks
    assert MarkKind.UNPAID in {mark.kind for mark in marks}


def test_months_before_an_approval_number_are_no_cancellation() -> None:
    marks = find_fields(page_of("새봄마트\n합계  60,000\n12개월승인번호11209348")).marks
    assert MarkKind.CANCELLATION not in {mark.kind for mark in marks}


def test_an_order_that_is_a_receipt_too_is_paid() -> None:
    marks = find_fields(page_of("아늑한가구\n주문확인서 겸 영수증\n합계  880,000")).marks
    assert MarkKind.UNPAID not in {mark.kind for mark in marks}


@pytest.mark.parametrize("rows", ["최종금액  11,400", "[ 계 란 ] 행 사  -3,000\n합 계  12,500"])
def test_what_only_looks_like_a_sum_given_back_is_no_cancellation(rows: str) -> None:
    assert MarkKind.CANCELLATION not in marks_on(PAID + rows + "\n")


def test_the_latest_receipt_printed_again_is_a_reprint() -> None:
    assert MarkKind.REPRINT in marks_on("*** 최근영수증발행인쇄 ***\n" + PAID)


def test_a_message_says_before_the_sum_that_it_was_given_back() -> None:
    message = "09/25 13:00\n{} 4,500원\n도라지커피\n잔액 235,300원\n"
    assert MarkKind.CANCELLATION in marks_on(message.format("취소"), screen=True)
    assert MarkKind.CANCELLATION not in marks_on(message.format("결제"), screen=True)


@pytest.mark.parametrize("head", ["누리0108취소 라*하", "[누리카드]0108취소", "누리(0108) 취소"])
def test_a_message_says_behind_the_cards_digits_that_it_was_cancelled(head: str) -> None:
    message = f"{head}\n165,323원 일시불\n10/18 12:29 도라지커피\n"
    assert MarkKind.CANCELLATION in marks_on(message, screen=True)
    approved = message.replace("취소", "승인")
    assert MarkKind.CANCELLATION not in marks_on(approved, screen=True)
