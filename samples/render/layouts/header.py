"""The head of a receipt: title, shop, when, where in the shop."""

from __future__ import annotations

import datetime as dt

from receipt_screen.records import MarkKind
from samples.render.blocks import (
    BIG,
    BOLD,
    PLAIN,
    TALL,
    WIDE,
    Blocks,
    Gap,
    Marked,
    Part,
    Rule,
    Sign,
    Trap,
    left,
    line,
    middle,
    restyle,
    right,
    row,
)
from samples.render.receipt import Receipt
from samples.render.tables import table


def logo(receipt: Receipt) -> Blocks:
    """The shop's name as a sign."""
    template = receipt.template
    face = template.pick("sign", table("fonts")["signs"]["faces"])
    return [Sign(receipt.shop.name, face, template.pick("ornament", range(6))), Gap(0.4)]


def title(receipt: Receipt) -> Blocks:
    style = receipt.template.pick("title style", [BIG, TALL, WIDE, BOLD, PLAIN, BIG])
    return [*reprint(receipt), middle(receipt.template.label("title"), style=style), Gap(0.5)]


def slip_title(receipt: Receipt) -> Blocks:
    """What kind of slip it is, and for whom."""
    template = receipt.template
    style = template.pick("title style", [BIG, WIDE, TALL, BOLD, WIDE, PLAIN])
    return [*reprint(receipt), middle(_slip_word(receipt), style=style), *copy(receipt), Gap(0.3)]


def _slip_word(receipt: Receipt) -> str:
    if receipt.state == "cancellation":
        return receipt.template.label("cancel_title")
    if receipt.purchase.main.method == "cash":
        proof = "expense_proof" in receipt.wants
        return receipt.template.label("cash_proof_title" if proof else "cash_title")
    return receipt.template.label("slip_title")


def copy(receipt: Receipt) -> Blocks:
    """고객용, 가맹점용: of one slip there are several."""
    payment = table("wording")["payment"]
    if receipt.copy == "customer":
        word = receipt.template.pick("customer copy", payment["customer_copies"])
        return [row(right(word)), Marked(MarkKind.CUSTOMER_COPY)]
    if receipt.copy == "merchant":
        word = receipt.template.pick("merchant copy", payment["merchant_copies"])
        return [row(right(word)), Marked(MarkKind.MERCHANT_COPY)]
    return []


def reprint(receipt: Receipt) -> Blocks:
    if receipt.printed_again is None:
        return []
    word = receipt.template.pick("reprint", table("wording")["payment"]["reprints"])
    return [middle(word), Marked(MarkKind.REPRINT), Trap("reprint")]


def cancelled(receipt: Receipt) -> Blocks:
    """The title of a taken-back sale, and the sale it takes back."""
    if receipt.state != "cancellation":
        return []
    template = receipt.template
    word = template.label(template.pick("cancel word", ["cancel_title", "refund_title"]))
    style = template.pick("cancel style", [BIG, WIDE, BOLD])
    return [middle(word, style=style), Gap(0.3)]


def original(receipt: Receipt) -> Blocks:
    """원거래일 and 원승인번호 of the sale that is taken back."""
    if receipt.sold is None:
        return []
    template = receipt.template
    blocks: Blocks = [
        line(template.tag("original"), template.day(receipt.sold)),
        line(template.tag("original_approval"), receipt.purchase.main.approval),
        Trap("original_date"),
    ]
    return blocks


# ── the shop ─────────────────────────────────────────────────────────────────────────────────


def shop_labelled(receipt: Receipt) -> Blocks:
    """Every line with its label."""
    template, shop = receipt.template, receipt.shop
    rows: Blocks = [
        line(template.tag("merchant"), Part(shop.name, "merchant")),
        line(template.tag("business_number"), receipt.number()),
        line(template.tag("owner"), shop.owner),
        line(template.tag("phone"), Part(shop.phone, "phone")),
        line(template.tag("address"), Part(shop.address, "address")),
    ]
    return [*rows, *specimen(receipt)]


def shop_joined(receipt: Receipt) -> Blocks:
    """Name in large letters, then two things a line."""
    template, shop = receipt.template, receipt.shop
    style = template.pick("name style", [WIDE, TALL, BOLD, PLAIN, BIG])
    return [
        line(Part(shop.name, "merchant"), style=style),
        line(template.tag("business_number"), receipt.number()),
        line(
            template.tag("owner"),
            f"{shop.owner} ",
            template.tag("phone"),
            Part(shop.phone, "phone"),
        ),
        line(template.tag("address"), Part(shop.address, "address")),
        *specimen(receipt),
    ]


def shop_bare(receipt: Receipt) -> Blocks:
    """Without labels: name and phone, company and number."""
    template, shop = receipt.template, receipt.shop
    form = template.pick("number form", ["{a}{b}{c}", "{a}-{b}-{c}", "{a}{b}{c}"])
    return [
        row(left(Part(shop.name, "merchant")), right(Part(shop.phone, "phone"))),
        row(left(shop.owner), right(receipt.number(form))),
        line(Part(shop.address, "address")),
        Trap("unlabelled_business_number"),
        *specimen(receipt),
    ]


def shop_slashed(receipt: Receipt) -> Blocks:
    """Number, owner and phone in one line with strokes between."""
    template, shop = receipt.template, receipt.shop
    form = template.pick("number form", ["{a}{b}{c}", "{a}-{b}-{c}"])
    return [
        line(Part(shop.name, "merchant")),
        line(Part(shop.address, "address")),
        line(receipt.number(form), f" / {shop.owner} / TEL : ", Part(shop.phone, "phone")),
        Trap("unlabelled_business_number"),
        *specimen(receipt),
    ]


def shop_centred(receipt: Receipt) -> Blocks:
    template, shop = receipt.template, receipt.shop
    style = template.pick("name style", [BIG, WIDE, BOLD, TALL])
    if style.wide == 2 and len(shop.name) > 9:
        style = restyle(style, wide=1)
    return [
        middle(Part(shop.name, "merchant"), style=style),
        Gap(0.3),
        middle(Part(shop.address, "address")),
        middle(template.tag("phone"), Part(shop.phone, "phone")),
        middle(receipt.number(), f" {shop.owner}"),
        *specimen(receipt),
    ]


def shop_bracketed(receipt: Receipt) -> Blocks:
    """[매장명] and the rest in brackets, the address last."""
    shop = receipt.shop
    return [
        line("[매장명] ", Part(shop.name, "merchant")),
        line("[사업자] ", receipt.number(), f" {shop.owner}"),
        line("[주  소] ", Part(shop.address, "address")),
        line("[T E L] ", Part(shop.phone, "phone")),
        *specimen(receipt),
    ]


def specimen(receipt: Receipt) -> Blocks:
    return [Trap("invalid_business_number")] if "invalid_business_number" in receipt.wants else []


# ── when, and where in the shop ──────────────────────────────────────────────────────────────


def when_line(receipt: Receipt) -> Blocks:
    """A labelled date, and the receipt's number."""
    template, purchase = receipt.template, receipt.purchase
    number = f"{purchase.number:04}"
    return [
        line(template.tag("sold_at"), *template.date(purchase.when, rank=1)),
        row(left(template.tag("receipt_number"), number), right(f"{template.label('pos')}:01")),
        *date_traps(receipt),
    ]


def when_bare(receipt: Receipt) -> Blocks:
    """Till, date and time in one line without labels."""
    template, purchase = receipt.template, receipt.purchase
    pos = template.pick("pos no", ["POS-0007", "POS:01", "POS 2-0118", "#03"])
    return [
        row(left(*template.date(purchase.when, rank=1)), right(f"{pos} {purchase.number:04}")),
        *date_traps(receipt),
    ]


def when_bracketed(receipt: Receipt) -> Blocks:
    template, purchase = receipt.template, receipt.purchase
    word = template.pick("registered", ["[등록] ", "[구매] ", "[판매] ", "[ 매 출 ] "])
    return [
        row(
            left(word, *template.date(purchase.when, rank=1), style=BOLD),
            right(f"POS:{purchase.number:04}", style=BOLD),
        ),
        *date_traps(receipt),
    ]


def when_ordered(receipt: Receipt) -> Blocks:
    """주문일시, some seconds or minutes before the payment."""
    template, purchase = receipt.template, receipt.purchase
    ordered = purchase.when - dt.timedelta(
        seconds=template.pick("order lead", [1, 2, 60, 240, 900])
    )
    number = f"{purchase.when:%Y%m%d}{purchase.number:06}"
    return [
        line(template.tag("order_number"), number),
        line("주문일시 : ", *template.date(ordered, tagged=False)),
        Trap("order_date"),
        Trap("date_like_number"),
        *_short_year(template.date_form),
    ]


def seat(receipt: Receipt) -> Blocks:
    """Table, guests and who served."""
    template, chance = receipt.template, receipt.chance.sub("seat")
    return [
        row(
            left(template.tag("table"), str(chance.randint(1, 24))),
            right(template.tag("guests"), f"{chance.randint(1, 6)}명"),
        ),
        line(template.tag("cashier"), template.pick("staff", ["관리자", "01", "카운터", "포스1"])),
    ]


def waiting(receipt: Receipt) -> Blocks:
    """A large number to be called by."""
    number = receipt.chance.sub("waiting").randint(1, 499)
    style = receipt.template.pick("waiting style", [TALL, BIG, WIDE])
    word = receipt.template.pick("waiting", ["교환권 번호", "대기번호", "주문번호", "호출번호"])
    return [middle(f"{word} : {number}", style=style)]


def date_traps(receipt: Receipt) -> Blocks:
    form = receipt.template.date_form
    compact = [Trap("compact_date")] if "{Y}{m}{d}" in form else []
    return [*compact, *_short_year(form)]


def _short_year(form: str) -> Blocks:
    return [Trap("short_year")] if "{y}" in form else []


def rule(receipt: Receipt) -> Blocks:
    return [Rule(receipt.template.rule)]


def double_rule(_receipt: Receipt) -> Blocks:
    return [Rule("=")]


def star_rule(receipt: Receipt) -> Blocks:
    word = receipt.template.pick("stars", ["결제수단", "결제내역", "승인내역", "매출내역"])
    stars = "*" * (receipt.template.columns // 2 - len(word) - 2)
    return [middle(f"{stars} {word} {stars}")]


def gap(_receipt: Receipt) -> Blocks:
    return [Gap(0.7)]
