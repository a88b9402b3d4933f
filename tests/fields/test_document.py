"""The kind of a document, and what says so."""

from __future__ import annotations

import pytest

from receipt_screen.fields import find_fields
from receipt_screen.fields.document import SURELY_NONE
from receipt_screen.records import DocumentKind, Found
from tests.pages import SLIP, page_of

MENU = """
전주콩나물국밥
메 뉴 판
콩나물국밥  8,000
비빔밥  10,000
모주  2,000
포장 가능합니다
"""
CARD = """
전주콩나물국밥
대표  김OO
M. 010-1234-0000
T. 063-123-0000
전북 전주시 완산구 한들로 1
"""


PLACE = """
라온식당
방문자 리뷰 812  블로그 리뷰 203
저장  공유  길찾기
영업 중
"""
WARE = """
햇살 쌀 10kg
38,900원
옵션 선택
장바구니  바로구매
"""
VOUCHER = """
모바일 교환권
따뜻한 커피 1잔
교환처  라온카페
유효기간  2025년 04월 30일까지
"""


def kind_of(
    layout: str, *, confidence: float = 0.98, screen: bool = False, drawn: bool | None = None
) -> Found[DocumentKind]:
    return find_fields(page_of(layout, confidence=confidence), screen=screen, drawn=drawn).document


def chance_of(kind: DocumentKind, found: Found[DocumentKind]) -> float:
    chances = {rival.value: rival.confidence for rival in found.rivals}
    return found.confidence if found.value is kind else chances.get(kind, 0.0)


def test_what_a_program_drew_is_likelier_an_apps_and_what_a_camera_saw_less_likely() -> None:
    drawn, unknown, seen = (
        chance_of(DocumentKind.APP, kind_of(SLIP + "결제완료\n", drawn=drawn))
        for drawn in (True, None, False)
    )
    assert drawn > unknown > seen


def test_the_head_of_a_table_of_wares_speaks_for_a_till_receipt() -> None:
    table = "상품명        수량\n선결제          1\n"
    with_table, without = (kind_of(layout) for layout in (SLIP + table, SLIP))
    assert chance_of(DocumentKind.POS, with_table) > 10 * chance_of(DocumentKind.POS, without)


def test_a_kind_names_the_words_that_tell_it() -> None:
    kind = kind_of(SLIP)
    assert kind.value is DocumentKind.CARD_SLIP
    assert "매출전표" in (kind.text or "")
    assert kind.quad is not None
    assert kind.why is None


@pytest.mark.parametrize("layout", [MENU, CARD])
def test_a_page_that_says_nothing_of_a_payment_is_no_receipt(layout: str) -> None:
    kind = kind_of(layout)
    assert kind.value is DocumentKind.NOT_A_RECEIPT
    assert kind.confidence >= SURELY_NONE
    assert "no sum on the label of a total" in (kind.why or "")


def test_a_page_that_was_read_badly_is_not_called_no_receipt() -> None:
    garbled = "전즈몽나를국법\n거래얼시\n승연금맥 1?0,0?0\n송인빈호\n"
    assert kind_of(garbled, confidence=0.5).value is not DocumentKind.NOT_A_RECEIPT


@pytest.mark.parametrize(
    "line", ["메뉴판 참고", "운송장 12-34", "공지: 휴무 안내문", "통장 신분증"]
)
def test_a_stray_word_makes_no_receipt_another_document(line: str) -> None:
    assert kind_of(f"{SLIP}{line}\n").value is DocumentKind.CARD_SLIP


def test_rows_of_wares_make_a_till_receipt_of_a_slip() -> None:
    wares = "공기밥  1,000  2  2,000\n정액권  98,000  1  98,000\n"
    likelier = {}
    for name, layout in (("slip", SLIP), ("wares", SLIP + wares)):
        kind = kind_of(layout)
        chances = {kind.value: kind.confidence} | {r.value: r.confidence for r in kind.rivals}
        likelier[name] = chances.get(DocumentKind.POS, 0.0)
    assert likelier["wares"] > likelier["slip"]


def test_wares_with_how_many_make_a_till_receipt_without_a_word_of_tills() -> None:
    layout = """
    순이네떡볶이
    떡볶이   2   9,000
    순대     1   4,000
    합계        13,000
    카드        13,000
    """
    assert kind_of(layout).value is DocumentKind.POS


def test_a_transfer_between_accounts_is_a_receipt() -> None:
    layout = "이체 결과\n100,000원\n받는분  전주식당\n받는통장  농협\n거래일시  2025-01-20 12:10\n"
    assert kind_of(layout).value is not DocumentKind.NOT_A_RECEIPT


@pytest.mark.parametrize("layout", [PLACE, WARE, VOUCHER])
def test_a_screen_that_says_nothing_of_a_payment_is_no_receipt(layout: str) -> None:
    kind = kind_of(layout, screen=True)
    assert kind.value is DocumentKind.NOT_A_RECEIPT
    assert kind.confidence >= SURELY_NONE


def test_a_message_of_a_payment_is_a_receipt() -> None:
    layout = "[Web발신]\n누리카드 취소\n100,000원 일시불\n01/21 19:10\n토담골순두부\n"
    assert kind_of(layout, screen=True).value is DocumentKind.APP


@pytest.mark.parametrize("top", ["9:41", "16:45  56개)", "22:12  [TE개트", "오후 2:17  5G 55%"])
def test_the_top_of_a_telephones_screen_tells_an_app(top: str) -> None:
    wares = "품명  단가  수량  금액\n김밥  3,000  2  6,000\n합계  6,000\n"
    assert kind_of(wares).value is DocumentKind.POS
    assert kind_of(f"{top}\n{wares}").value is DocumentKind.APP


def test_what_was_approved_under_a_number_is_a_payments_receipt() -> None:
    layout = "도라지당구클럽\n합계  24,000\n2025-02-08 23:02:15\n승인{}  70188273\n"
    assert kind_of(layout.format("번호")).value is not DocumentKind.OTHER
    assert kind_of(layout.format("자")).value is DocumentKind.OTHER


def test_a_table_of_books_is_a_tills() -> None:
    books = "도서명       정가  판매가\n도라지 이야기  15,000  13,500\n받을금액  13,500\n"
    assert kind_of(books).value is DocumentKind.POS


def test_a_moment_on_top_of_a_slip_is_no_telephone() -> None:
    assert kind_of(f"18:09:22\n{SLIP}").value is DocumentKind.CARD_SLIP
    assert kind_of(f"16:45 판매\n{SLIP}").value is DocumentKind.CARD_SLIP


def test_a_statement_whose_title_cannot_be_read_is_told_by_its_form() -> None:
    statement = """
    쓰인한
    거래일자: 2025-02-14           No. 20250214-02
    등록번호    505-81-24020
    강** 귀하                아래와 같이 계산합니다.
    No    품목    수량    단가    공급가액    세액
    1     정액권    1    100,000    90,909    9,091
    """
    assert kind_of(statement).value is DocumentKind.STATEMENT


def test_a_table_with_a_tax_for_each_ware_is_no_tills() -> None:
    table = "품목    수량    단가    공급가액    세액\n선결제    1    100,000    90,909    9,091\n"
    taxed, plain = (kind_of(SLIP + head) for head in (table, table.replace("    세액", "")))
    assert chance_of(DocumentKind.STATEMENT, taxed) > 10 * chance_of(DocumentKind.STATEMENT, plain)


def test_the_law_that_names_a_slip_makes_none_of_a_tills_receipt() -> None:
    till = "메뉴    단가    수량    금액\n아메리카노    4,000    2    8,000\n합계    8,000\n"
    law = "신용카드 매출전표는 부가세법 제32조의2\n"
    assert kind_of(till + law) == kind_of(till)


@pytest.mark.parametrize(
    "message",
    [
        "한들카드 라*하님 전자상거래이용\n04/29 14:51 주식회사도라지 4,800원\n",
        "09/25 13:00\n취소 4,500원\n도라지커피 → 입출금통장(0000)\n잔액 235,300원\n",
    ],
)
def test_a_banks_message_is_an_app(message: str) -> None:
    assert kind_of(message, screen=True).value is DocumentKind.APP
