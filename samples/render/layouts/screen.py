"""Receipts that are screens: e-receipts, delivery apps, payment apps, banks."""

from __future__ import annotations

import datetime as dt

from receipt_screen.records import MarkKind
from samples.render.blocks import (
    BIG,
    BOLD,
    Band,
    Blocks,
    Colour,
    Gap,
    Marked,
    Part,
    Piece,
    Row,
    Rule,
    Style,
    Trap,
    centre,
    left,
    line,
    middle,
    restyle,
    right,
    row,
    won,
)
from samples.render.layouts.items import marks
from samples.render.receipt import Receipt
from samples.render.shops import fictional_phone, person, unissued_business_number
from samples.render.tables import table
from samples.render.template import shown_tail

GREY: Colour = (140, 134, 128)
BLUE: Colour = (200, 90, 60)
RED: Colour = (60, 60, 210)
WHITE: Colour = (255, 255, 255)
FAINT = Style(colour=GREY)
NAMED_AT = 0.32


def _named(label: str, *value: Part | str, style: Style = Style()) -> Row:  # noqa: B008  frozen
    """A grey label, its value in a second column."""
    return row(left(label, style=FAINT), left(*value, at=NAMED_AT, style=style))


def _pair(label: str, *value: Part | str, style: Style = Style()) -> Row:  # noqa: B008  frozen
    return row(left(label, style=restyle(style, colour=(60, 56, 52))), right(*value, style=style))


def _thin() -> Blocks:
    return [Gap(0.3), Rule("grey"), Gap(0.3)]


def _amount(receipt: Receipt, rank: int = 0) -> Part:
    return receipt.amount(rank, receipt.template.pick("won", ["{}원", "{}", "{} 원", "₩{}"]))


def _card(receipt: Receipt) -> Part:
    printed = receipt.template.masked(receipt.purchase)
    return Part(printed, "card" if shown_tail(printed, receipt.purchase.card.number) else None)


def _before_tax(receipt: Receipt) -> str:
    sums_ = receipt.purchase.sums
    return receipt.sum(sums_.supply + sums_.tax_free) + "원"


def _status(receipt: Receipt) -> tuple[str, Blocks]:
    """What the screen says has happened."""
    if receipt.state == "cancellation":
        word = receipt.template.pick("cancelled", ["승인취소", "결제취소", "취소완료", "거래취소"])
        return word, [Marked(MarkKind.CANCELLATION)]
    return receipt.template.pick("done", ["정상", "결제완료", "승인", "결제 완료"]), []


def brand(receipt: Receipt) -> Blocks:
    """A coloured strip with the app's name for the page."""
    fill = receipt.template.pick("fill", [(70, 40, 30), (0, 200, 250), (190, 140, 20), (60, 60, 60),
                                          (120, 190, 40), (250, 250, 250)])  # fmt: skip
    word = receipt.template.pick("page", ["결제 상세", "이용내역 상세", "전자영수증", "주문 상세"])
    bright = sum(fill) > 420
    style = restyle(BOLD, colour=(30, 30, 30) if bright else WHITE)
    return [Band(Piece((Part(f"<  {word}"),), "left", 0.0, style), fill, 2.4), Gap(0.8)]


def title(receipt: Receipt) -> Blocks:
    word = receipt.template.pick("app title", ["영수증", "전자영수증", "매출전표", "구매영수증"])
    style = receipt.template.pick("app style", [BIG, restyle(BIG, bold=True), BOLD])
    return [middle(word, style=style), Gap(0.7)]


def slip_groups(receipt: Receipt) -> Blocks:
    """매출전표 of a delivery app: the payment agent stands before the seller."""
    purchase, template, shop = receipt.purchase, receipt.template, receipt.shop
    agent = template.chance.sub("agent")
    state, said = _status(receipt)
    first, more = purchase.items[0].name, len(purchase.items) - 1
    menu = f"{first} 외 {more}건" if more else first
    name = agent.choice(["배달온누리", "한걸음페이", "모아주문", "동네배달"])
    number = agent.sub(purchase.number).digits(7)
    blocks: Blocks = [
        line("매출전표", style=BOLD), Gap(0.5),
        _named("승인번호", Part(purchase.main.approval, "approval_number")),
        _named("카드종류", purchase.card.issuer),
        _named("카드번호", _card(receipt)),
        _named("할부", "일시불"),
        _named("결제일자", *template.date(purchase.when)),
        _named("취소일자", "-" if receipt.state == "sale" else template.day(purchase.when)),
        _named("거래상태", state),
        _named("주문메뉴", menu),
        _named("주문번호", f"OD{number}"), *_thin(),
        line("가맹점 정보", style=BOLD), Gap(0.4),
        _named("가맹점", f"(주){name}"),
        _named("대표자명", person(agent)),
        _named("사업자등록번호", unissued_business_number(agent)),
        _named("전화번호", fictional_phone(agent)), *_thin(),
    ]  # fmt: skip
    seller: Blocks = [
        line("판매자 정보", style=BOLD), Gap(0.4),
        _named("판매자 상호", Part(shop.name, "merchant")),
        _named("대표자명", shop.owner),
        _named("사업자등록번호", receipt.number("{a}{b}{c}")),
        _named("판매자 전화", Part(shop.phone.replace("-", ""), "phone")),
        _named("판매자 주소", Part(shop.address, "address")), *_thin(),
    ]  # fmt: skip
    return [*blocks, *seller, *said, *marks(receipt), Trap("two_merchants"), Marked(MarkKind.CARD)]


def slip_total(receipt: Receipt) -> Blocks:
    """금액 is the supply price, 합계 the charge."""
    return [
        line("총 결제금액", style=BOLD), Gap(0.4),
        _named("금액", _before_tax(receipt)),
        _named("부가세", receipt.sum(receipt.purchase.sums.vat) + "원"),
        _named("합계", _amount(receipt), style=BOLD),
        Trap("bare_supply"),
    ]  # fmt: skip


def shop_head(receipt: Receipt) -> Blocks:
    """Name and phone, address, owner and number without labels."""
    shop = receipt.shop
    return [
        row(left(Part(shop.name, "merchant"), style=BOLD), right(Part(shop.phone, "phone"))),
        line(Part(shop.address, "address")),
        row(left(shop.owner), right(receipt.number("{a}{b}{c}"))),
        Gap(0.5),
        Trap("unlabelled_business_number"),
    ]


def channel(receipt: Receipt) -> Blocks:
    """온라인 or 오프라인, and the date in two rows at the right edge."""
    date, _, time = receipt.template.date(receipt.purchase.when)
    way = receipt.template.pick("channel", ["오프라인", "온라인", "매장", "포장"])
    return [row(right(date)), row(left(way), right(time)), Rule("dotted")]


def items(receipt: Receipt) -> Blocks:
    blocks: Blocks = [
        row(left("품명", style=BOLD), right("단가", at=0.62, style=BOLD),
            right("수량", at=0.78, style=BOLD), right("금액", style=BOLD)), Rule("grey"),
    ]  # fmt: skip
    for item in receipt.purchase.items:
        blocks.append(
            row(left(item.name), right(won(item.price), at=0.62), right(str(item.count), at=0.78),
                right(receipt.sum(item.amount)))
        )  # fmt: skip
    return [*blocks, Rule("dotted"), *marks(receipt)]


def sums(receipt: Receipt) -> Blocks:
    """상품합계, 배달료, 할인합계, and 결제 금액 in larger letters."""
    sums_ = receipt.purchase.sums
    discount: Blocks = [_pair("할인합계", f"-{sums_.discount:,}" if sums_.discount else "0",
                        style=Style(colour=RED) if sums_.discount else Style())]  # fmt: skip
    return [
        _pair("상품합계", Part(receipt.sum(sums_.total), None if sums_.discount else "amount", 2)),
        _pair("배달료", "0"),
        *discount,
        Rule("dotted"),
        _pair(receipt.template.pick("paid", ["결제 금액", "결제금액", "총 결제금액", "합계금액"]),
              receipt.amount(), style=receipt.template.pick("sum style", [BIG, BOLD])),
        Rule("dotted"),
        _pair(receipt.template.pick("card", ["신용카드", "신용카드 지불", "간편결제"]),
              receipt.amount(1)),
        *([Trap("discount")] if sums_.discount else []),
        Marked(MarkKind.CARD),
    ]  # fmt: skip


def taxes(receipt: Receipt) -> Blocks:
    sums_ = receipt.purchase.sums
    return [
        _pair("과세물품가액", receipt.sum(sums_.supply)),
        _pair("부가세", receipt.sum(sums_.vat)),
        _pair("(*)면세물품가액", receipt.sum(sums_.tax_free)),
        Gap(0.3),
        Trap("supply_first"),
    ]


def detail(receipt: Receipt) -> Blocks:
    """전자영수증 상세내역: every fact a line, bold values."""
    purchase, template, shop = receipt.purchase, receipt.template, receipt.shop
    state, said = _status(receipt)
    number = f"{purchase.when:%Y%m%d}{receipt.chance.sub('order').digits(9)}"
    style = template.pick("detail style", [BOLD, Style()])
    return [
        _named("영수증 상태", state, style=style),
        _named("가맹점명", Part(shop.name, "merchant"), style=style),
        _named("대표자", shop.owner, style=style),
        _named("사업자No", receipt.number(), style=style),
        _named("전화번호", Part(shop.phone, "phone"), style=style),
        _named("주소", Part(shop.address, "address"), style=style),
        _named("판매일시", *template.date(purchase.when), style=style),
        _named("주문번호", number, style=style), _named("POS ID", "01", style=style),
        *([Trap("invalid_business_number")] if "invalid_business_number" in receipt.wants else []),
        *_thin(), Trap("date_like_number"), *said,
    ]  # fmt: skip


def membership(receipt: Receipt) -> Blocks:
    """Stamps, and an order number that begins with a date."""
    chance = receipt.chance.sub("membership")
    return [
        Gap(0.4), middle("[멤버십 정보]", style=BOLD),
        _pair("멤버십 주문번호", f"{receipt.purchase.when:%Y%m%d}{chance.digits(7)}"),
        _pair("고객명", receipt.purchase.customer),
        Gap(0.4), middle("[스탬프 정보]", style=BOLD),
        _pair("적립 스탬프 수", "1개"), _pair("보유 스탬프 수", f"{chance.randint(1, 9)}개"),
        _pair("사용 가능한 쿠폰", "0개"), Trap("date_like_number"),
    ]  # fmt: skip


def paid_screen(receipt: Receipt) -> Blocks:
    """A payment app's page: the amount in large letters, then the facts."""
    purchase, template, shop = receipt.purchase, receipt.template, receipt.shop
    state, said = _status(receipt)
    huge = Style(wide=2, tall=2, bold=True)
    strike = receipt.state == "cancellation"
    points = receipt.wants_or("point_balance", 0.4)
    return [
        Gap(0.8), middle(Part(shop.name, "merchant"), style=BOLD), Gap(0.2),
        middle(_amount(receipt), style=restyle(huge, colour=GREY) if strike else huge),
        middle(state, style=Style(colour=BLUE)), Gap(0.8), Rule("grey"), Gap(0.4),
        _pair("결제일시", *template.date(purchase.when)),
        _pair("결제수단", purchase.card.issuer), _pair("카드번호", _card(receipt)),
        _pair("할부", "일시불"),
        _pair("승인번호", Part(purchase.main.approval, "approval_number")),
        _pair("사업자번호", receipt.number()), _pair("가맹점 주소", Part(shop.address, "address")),
        *_thin(), _pair("공급가액", _before_tax(receipt)),
        _pair("부가세", receipt.sum(purchase.sums.vat) + "원"), Trap("supply_first"),
        *([_pair("적립 예정 포인트", f"{purchase.charged // 200:,}P"),
           _pair("보유 포인트", f"{receipt.chance.sub('p').randint(500, 90000):,}P"),
           Trap("point_balance")] if points else []),
        *said, Marked(MarkKind.CARD), *_long(receipt),
    ]  # fmt: skip


def _long(receipt: Receipt) -> Blocks:
    return [Trap("long_approval")] if len(receipt.purchase.main.approval) != 8 else []


def local_money(receipt: Receipt) -> Blocks:
    """제로페이 and local gift certificates: no approval number, serials that look like cards."""
    purchase, shop, template = receipt.purchase, receipt.shop, receipt.template
    chance = receipt.chance.sub("certificates")
    first = max(1, round(purchase.charged * chance.uniform(0.2, 0.8)))
    blue, owner = Style(colour=BLUE), f"{shop.owner[0]}*{shop.owner[-1]}"
    serials = [
        f"{chance.digits(4)}-{chance.digits(4)}-{chance.digits(4)}-{chance.digits(4)}" for _ in "ab"
    ]
    name = template.pick(
        "money", ["전주사랑상품권", "온누리상품권", "군산사랑상품권", "익산다이로움"]
    )
    return [
        line(Part(shop.name, "merchant"), style=BOLD),
        line("사업자번호:", receipt.number("{a}{b}{c}"), f" / 대표자:{owner}"),
        line("Tel:", Part(shop.phone.replace("-", ""), "phone")),
        line(Part(shop.address, "address")),
        *_thin(),
        row(left(*template.date(purchase.when)),
            right(f"거래번호 LC{chance.digits(10)}", style=FAINT)), *_thin(),
        _pair("결제총액", _amount(receipt), style=blue),
        _pair("금액", _before_tax(receipt), style=blue),
        _pair("부가세", receipt.sum(purchase.sums.vat) + "원", style=blue),
        _pair("봉사료", "0원", style=blue), *_thin(), middle("상품권 결제", style=BOLD), *_thin(),
        _pair(f"{name} 5천원권", won(first) + "원", style=blue), line(serials[0], style=FAINT),
        _pair(f"{name} 1만원권", won(purchase.charged - first) + "원", style=blue),
        line(serials[1], style=FAINT), *_thin(),
        line("* 전통시장과 동네 가게에서 쓰면 소득공제 혜택이 있습니다.", style=FAINT),
        Trap("bare_supply"), Trap("gift_certificate"), Trap("split_payment"),
        Marked(MarkKind.GIFT_CERTIFICATE),
    ]  # fmt: skip


def transfer(receipt: Receipt) -> Blocks:
    """A bank's page after a transfer: a balance that nobody paid, no approval number."""
    purchase, shop, template = receipt.purchase, receipt.shop, receipt.template
    chance = receipt.chance.sub("account")
    bank = template.pick("bank", ["전북은행", "농협은행", "국민은행", "신한은행", "카카오뱅크"])
    memo = purchase.prepaid or purchase.items[0].name
    return [
        Gap(0.5),
        middle(template.pick("moved", ["이체 완료", "송금 완료", "이체결과 확인증"]), style=BIG),
        Gap(0.6), middle(_amount(receipt), style=Style(wide=2, tall=2, bold=True)),
        middle(Part(shop.name, "merchant"), "님에게 보냈습니다"), Gap(0.6), Rule("grey"), Gap(0.3),
        _pair("받는 분", shop.name),
        _pair("받는 계좌", f"{bank} {chance.digits(3)}-{chance.digits(6)}"),
        _pair("보내는 분", purchase.customer), _pair("이체금액", _amount(receipt, 1)),
        _pair("수수료", "0원"), _pair("거래일시", *template.date(purchase.when)),
        _pair("받는 통장 표시", memo),
        _pair("거래 후 잔액", won(chance.randint(20_000, 3_000_000)) + "원"),
        Trap("point_balance"), *marks(receipt),
    ]  # fmt: skip


def button(receipt: Receipt) -> Blocks:
    """The button at the foot of an app's page."""
    word = receipt.template.pick("button", ["확인", "영수증 저장", "공유하기", "현금영수증 신청"])
    fill = receipt.template.pick("button fill", [(230, 120, 40), (60, 60, 60), (0, 210, 250)])
    bright = sum(fill) > 420
    style = restyle(BOLD, colour=(30, 30, 30) if bright else WHITE)
    return [Gap(1.2), Band(centre(word, style=style), fill, 2.6)]


def notes(receipt: Receipt) -> Blocks:
    """Faint small print of an app, with a deadline in it."""
    ends = receipt.purchase.when + dt.timedelta(days=receipt.template.pick("returns", [7, 14, 30]))
    texts = receipt.template.chance.sub("notes").some(table("wording")["talk"]["exchange"], 3)
    return [
        Gap(0.5), *(line(text, style=FAINT) for text in texts),
        line(f"교환/환불 기한 {receipt.template.day(ends)}", style=FAINT),
        Trap("boilerplate"), Trap("expiry"),
    ]  # fmt: skip
