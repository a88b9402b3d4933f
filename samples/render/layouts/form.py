"""Ruled forms: 간이영수증 filled in by hand, 거래명세서 from an office printer."""

from __future__ import annotations

from receipt_screen.records import MarkKind
from samples.render.blocks import (
    BIG,
    Blocks,
    Cell,
    Colour,
    Gap,
    Grid,
    Marked,
    Part,
    Piece,
    Seal,
    Style,
    Trap,
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

FORM_COLOURS: list[Colour] = [(120, 90, 40), (70, 120, 50), (60, 60, 170), (60, 60, 60)]
PENS: list[Colour] = [(40, 30, 30), (150, 50, 30), (120, 40, 20)]


def _cell(text: Part | str, width: float, style: Style, align: str = "centre") -> Cell:
    part = Part(text) if isinstance(text, str) else text
    return Cell(Piece((part,), align, 0.0, style), width)  # type: ignore[arg-type]


def _colours(receipt: Receipt) -> tuple[Style, Style]:
    """The form's print and the pen that fills it in."""
    printed = Style(colour=receipt.template.pick("form colour", FORM_COLOURS))
    written = Style(colour=receipt.chance.sub("pen").choice(PENS), hand=True)
    return printed, written


def hand_head(receipt: Receipt) -> Blocks:
    """영수증 (공급받는자용), number, whom it is for, and who supplied."""
    printed, written = _colours(receipt)
    shop, title = receipt.shop, restyle(BIG, colour=printed.colour)
    number = f"No. {receipt.purchase.number:03}"
    day = Part(_written_day(receipt), "date")
    return [
        row(left(number, style=printed)),
        middle("영  수  증", style=title),
        row(right("(공급받는자용)", style=printed)),
        row(left(f"{receipt.purchase.customer[0]}OO 귀하", style=written)),
        Grid(
            (
                (_cell("사업자등록번호", 0.3, printed),
                 _cell(receipt.number(), 0.7, restyle(written, hand=_rubber(receipt)))),
                (_cell("상   호", 0.3, printed), _cell(Part(shop.name, "merchant"), 0.36, written),
                 _cell("성명", 0.12, printed), _cell(shop.owner, 0.22, written)),
                (_cell("사업장소재지", 0.3, printed),
                 _cell(Part(shop.address, "address"), 0.7, written, "left")),
                (_cell("작성년월일", 0.38, printed), _cell("금액 합계", 0.38, printed),
                 _cell("비고", 0.24, printed)),
                (_cell(day, 0.38, written),
                 _cell(receipt.amount(1, "₩ {}"), 0.38, restyle(written, bold=True)),
                 _cell("", 0.24, written)),
            ),
            printed.colour,
        ),
        Seal(shop.owner + "인", 0.93),
    ]  # fmt: skip


def _rubber(receipt: Receipt) -> bool:
    """Whether the number was written; otherwise a rubber stamp printed it."""
    return bool(receipt.template.pick("rubber", [False, True, False]))


def _written_day(receipt: Receipt) -> str:
    when = receipt.purchase.when
    form = receipt.template.pick("written", ["{0:%y}. {1}. {2}", "{0:%Y}. {1}. {2}.",
                                            "{0:%Y}년 {1}월 {2}일", "{0:%y}.{1}.{2}"])  # fmt: skip
    return str(form).format(when, when.month, when.day)


def hand_items(receipt: Receipt) -> Blocks:
    """A line for each ware, empty lines below, the sum at the foot."""
    printed, written = _colours(receipt)
    when = receipt.purchase.when
    head = tuple(
        _cell(text, width, printed)
        for text, width in (
            ("월일", 0.14),
            ("품목", 0.36),
            ("수량", 0.12),
            ("단가", 0.17),
            ("금액", 0.21),
        )
    )
    rows = [
        (_cell(f"{when.month}/{when.day}", 0.14, written), _cell(item.name, 0.36, written, "left"),
         _cell(str(item.count), 0.12, written), _cell(won(item.price), 0.17, written, "right"),
         _cell(won(item.amount), 0.21, written, "right"))
        for item in receipt.purchase.items
    ]  # fmt: skip
    empty = tuple(_cell("", width, printed) for width in (0.14, 0.36, 0.12, 0.17, 0.21))
    foot = (
        _cell("합        계", 0.5, printed),
        _cell(receipt.amount(0, "{}원"), 0.5, restyle(written, bold=True), "right"),
    )
    blanks = [empty] * max(0, 4 - len(rows))
    return [
        middle("위 금액을 영수(청구)함", style=printed),
        Grid((head, *rows, *blanks, foot), printed.colour),
        line("부가가치세법시행규칙 제25조의 규정에 의한 (영수증)", style=printed),
        *_unpaid(receipt, written), Trap("spaced_total"), *marks(receipt),
    ]  # fmt: skip


def _unpaid(receipt: Receipt, written: Style) -> Blocks:
    if receipt.state != "unpaid":
        return []
    return [
        row(right("* 외상 (월말 정산)", style=written)),
        Marked(MarkKind.UNPAID),
        Trap("unpaid"),
    ]


def statement_head(receipt: Receipt) -> Blocks:
    """거래명세서: supplier in a box at the right."""
    template, shop = receipt.template, receipt.shop
    plain = Style()
    word = template.pick(
        "statement", ["거 래 명 세 서", "거 래 명 세 표", "선결제 확인서", "납품 영수증"]
    )
    return [
        middle(word, style=restyle(BIG, bold=True)), Gap(0.6),
        row(left("거래일자: ", *template.date(receipt.purchase.when)[:1]),
            right(f"No. {receipt.purchase.when:%Y%m%d}-{receipt.purchase.number % 100:02}")),
        Grid((
            (_cell("등록번호", 0.2, plain), _cell(receipt.number(), 0.8, Style(bold=True))),
            (_cell("상호", 0.2, plain), _cell(Part(shop.name, "merchant"), 0.35, plain),
             _cell("성명", 0.15, plain), _cell(f"{shop.owner} (인)", 0.3, plain)),
            (_cell("주소", 0.2, plain), _cell(Part(shop.address, "address"), 0.8, plain, "left")),
            (_cell("전화", 0.2, plain), _cell(Part(shop.phone, "phone"), 0.35, plain),
             _cell("업태", 0.15, plain), _cell("소매", 0.3, plain)),
        )),
        Seal(shop.owner + "인", 0.84),
        row(left(f"{receipt.purchase.customer} 귀하"), right("아래와 같이 계산합니다.")),
        Trap("date_like_number"),
    ]  # fmt: skip


def statement_items(receipt: Receipt) -> Blocks:
    """Supply price and tax in columns of their own, the total below."""
    widths = (0.08, 0.38, 0.1, 0.16, 0.16, 0.12)
    plain, sums = Style(), receipt.purchase.sums
    head = tuple(
        _cell(text, width, Style(bold=True))
        for text, width in zip(
            ("No", "품목", "수량", "단가", "공급가액", "세액"), widths, strict=True
        )
    )
    rows = []
    for number, item in enumerate(receipt.purchase.items, 1):
        tax = 0 if item.tax_free else round(item.amount / 11)
        cells = (str(number), item.name, str(item.count), won(item.price), won(item.amount - tax),
                 won(tax))  # fmt: skip
        rows.append(tuple(
            _cell(text, width, plain, "left" if place == 1 else "right" if place > 1 else "centre")
            for place, (text, width) in enumerate(zip(cells, widths, strict=True))
        ))  # fmt: skip
    empty = tuple(_cell("", width, plain) for width in widths)
    before_tax = won(sums.supply + sums.tax_free)
    foot = (_cell("공급가액", 0.16, plain), _cell(before_tax, 0.18, plain, "right"),
            _cell("세액", 0.12, plain), _cell(won(sums.vat), 0.14, plain, "right"),
            _cell("합계금액", 0.16, Style(bold=True)),
            _cell(receipt.amount(0, "₩{}"), 0.24, Style(bold=True), "right"))  # fmt: skip
    return [
        Grid((head, *rows, *[empty] * max(1, 5 - len(rows)), foot)),
        *_unpaid(receipt, Style()), Trap("supply_first"), *marks(receipt),
    ]  # fmt: skip


def ledger(receipt: Receipt) -> Blocks:
    """The foot of a statement: what is left of a prepayment, which nobody pays now."""
    if not receipt.purchase.prepaid:
        return [Gap(1)]
    return [
        line(f"* 선결제 잔액: {receipt.purchase.charged:,}원 / 사용 0원"),
        line("* 위 금액은 매장 이용시 차감됩니다."),
        Marked(MarkKind.PREPAYMENT), Trap("point_balance"),
    ]  # fmt: skip
