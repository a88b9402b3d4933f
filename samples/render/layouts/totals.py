"""The sums of a receipt, and how they were paid."""

from __future__ import annotations

from receipt_screen.records import MarkKind
from samples.render.blocks import (
    BIG,
    BOLD,
    PLAIN,
    TALL,
    WIDE,
    Blocks,
    Marked,
    Part,
    Row,
    Rule,
    Style,
    Trap,
    left,
    right,
    row,
    spread,
)
from samples.render.purchases import Payment
from samples.render.receipt import Receipt
from samples.render.tables import table

_PAID = {
    "card": ("card_paid", MarkKind.CARD),
    "cash": ("cash_paid", MarkKind.CASH),
    "easy": ("easy_paid", MarkKind.CARD),
    "zeropay": ("easy_paid", MarkKind.CARD),
    "points": ("points_paid", MarkKind.POINTS),
    "gift": ("gift_paid", MarkKind.GIFT_CERTIFICATE),
}


def _pair(receipt: Receipt, label: str, value: Part | str, style: Style = PLAIN) -> Row:
    indent = "  " * receipt.template.pick("indent", [0, 0, 0, 4])
    return row(left(indent + label, style=style), right(value, style=style))


def taxes(receipt: Receipt) -> Blocks:
    """Supply price and VAT ahead of the total."""
    sums, template = receipt.purchase.sums, receipt.template
    rows: Blocks = []
    if sums.supply:
        rows.append(_pair(receipt, template.label("supply"), receipt.sum(sums.supply)))
        rows.append(_pair(receipt, template.label("vat"), receipt.sum(sums.vat)))
    if sums.tax_free or template.happens("zero tax free", 0.3):
        rows.append(_pair(receipt, template.label("tax_free"), receipt.sum(sums.tax_free)))
    if sums.service:
        rows.append(_pair(receipt, template.label("service"), receipt.sum(sums.service)))
    return [*rows, Trap("supply_first")] if sums.supply else rows


def _total_style(receipt: Receipt) -> Style:
    style: Style = receipt.template.pick("total style", [BIG, WIDE, TALL, BOLD, BOLD, TALL])
    return style


def _style_traps(style: Style) -> Blocks:
    return [Trap("double_width")] if style.wide == 2 or style.tall == 2 else []


def _due_label(receipt: Receipt) -> tuple[str, Blocks]:
    label = receipt.template.label("due")
    if receipt.wants_or("spaced_total", 0.35):
        label = spread(label, min(12, 4 * len(label)))
    return label, [Trap("spaced_total")] if " " in label.strip() else []


def total(receipt: Receipt) -> Blocks:
    """합계, and after a discount 결제금액 below it."""
    style = _total_style(receipt)
    label, traps = _due_label(receipt)
    sums, template = receipt.purchase.sums, receipt.template
    if not sums.discount:
        return [_pair(receipt, label, receipt.amount(1), style), *traps, *_style_traps(style)]
    return [
        _pair(receipt, label, receipt.sum(sums.total)),
        _pair(receipt, template.label("discount"), f"-{sums.discount:,}"),
        _pair(receipt, template.label("charged"), receipt.amount(), style),
        Trap("discount"),
        *traps,
        *_style_traps(style),
    ]


def total_counted(receipt: Receipt) -> Blocks:
    """합계 with the number of pieces in the same line."""
    count = str(sum(item.count for item in receipt.purchase.items))
    label = receipt.template.label("subtotal")
    value = receipt.sum(receipt.purchase.sums.total)
    tagged = Part(value, None if receipt.purchase.sums.discount else "amount", 2)
    style = BOLD
    return [
        row(left(label, style=style), right(count, at=0.74, style=style),
            right(tagged, style=style)),
        Trap("quantity_in_total"),
    ]  # fmt: skip


def due_then_taxes(receipt: Receipt) -> Blocks:
    """The total in large letters first, what it is made of below."""
    return [*total(receipt), Rule(receipt.template.rule), *taxes(receipt)]


def paid(receipt: Receipt) -> Blocks:
    """One line for each way of paying."""
    blocks: Blocks = []
    several = len(receipt.purchase.payments) > 1
    for payment in receipt.purchase.payments:
        blocks += _paid_line(receipt, payment, several=several)
    return [*blocks, Trap("split_payment")] if several else blocks


def _paid_line(receipt: Receipt, payment: Payment, *, several: bool) -> Blocks:
    label, mark = _PAID[payment.method]
    value = Part(receipt.sum(payment.amount), None if several else "amount", 2)
    trap = [Trap("gift_certificate")] if payment.method == "gift" else []
    if payment.method == "cash" and not several:
        return [*_cash(receipt), Marked(mark)]
    style = receipt.template.pick("paid style", [PLAIN, PLAIN, BOLD])
    return [_pair(receipt, receipt.template.label(label), value, style), Marked(mark), *trap]


def _cash(receipt: Receipt) -> Blocks:
    """받은금액 and 거스름돈."""
    template, purchase = receipt.template, receipt.purchase
    change = purchase.received - purchase.charged
    return [
        _pair(receipt, template.label("received"), f"{purchase.received:,}"),
        _pair(receipt, template.label("change"), f"{change:,}"),
        Trap("received_over_total"),
    ]


def unpaid(receipt: Receipt) -> Blocks:
    """외상: written up, not paid."""
    word = receipt.template.pick("unpaid", table("wording")["payment"]["unpaid"])
    return [_pair(receipt, word, receipt.sum(receipt.purchase.charged), BOLD),
            Marked(MarkKind.UNPAID), Trap("unpaid")]  # fmt: skip


def settled(receipt: Receipt) -> Blocks:
    """How the total was paid, if it was."""
    return unpaid(receipt) if receipt.state == "unpaid" else paid(receipt)


def points(receipt: Receipt) -> Blocks:
    """A point balance: an amount that nobody paid."""
    if not receipt.wants_or("point_balance", 0.2):
        return []
    chance, template = receipt.chance.sub("points"), receipt.template
    earned = receipt.purchase.charged // 100
    return [
        _pair(receipt, template.label("points"), f"{earned:,}"),
        _pair(receipt, template.label("point_balance"), f"{earned + chance.randint(100, 99999):,}"),
        Trap("point_balance"),
    ]
