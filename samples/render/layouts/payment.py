"""The slip of the payment terminal, alone or at the foot of a till's receipt."""

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
    Trap,
    left,
    line,
    middle,
    right,
    row,
    spread,
)
from samples.render.layouts.header import original
from samples.render.purchases import Payment
from samples.render.receipt import Receipt
from samples.render.tables import table
from samples.render.template import shown_tail


def _card_part(receipt: Receipt) -> Part:
    printed = receipt.template.masked(receipt.purchase)
    return Part(printed, "card" if shown_tail(printed, receipt.purchase.card.number) else None)


def _card_traps(receipt: Receipt) -> Blocks:
    whole = "*" not in receipt.template.mask
    return [Trap("whole_card_number")] if whole else []


def _approval(payment: Payment) -> Part:
    return Part(payment.approval, "approval_number")


def _approval_traps(payment: Payment) -> Blocks:
    return [Trap("long_approval")] if len(payment.approval) != 8 else []


def _compact_traps(receipt: Receipt) -> Blocks:
    short = [Trap("short_year")] if "{y}" in receipt.template.compact_form else []
    return [Trap("compact_date"), *short]


def _heading(receipt: Receipt) -> Row:
    template = receipt.template
    word = template.pick("slip word", table("wording")["payment"]["slips"])
    form = template.pick("slip heading", ["- {} -", "<<{}>>", "[{}]", "*** {} ***", "-- {} --"])
    style = template.pick("slip style", [PLAIN, BOLD, PLAIN, WIDE])
    return middle(form.format(word), style=style)


def _is_slip(payment: Payment) -> bool:
    return payment.method in ("card", "easy", "zeropay")


def colons(receipt: Receipt) -> Blocks:
    """`승인번호 : 12345678` line by line, for each part that was paid by card."""
    if receipt.state == "unpaid":
        return []
    blocks: Blocks = []
    for payment in filter(_is_slip, receipt.purchase.payments):
        blocks += _colons(receipt, payment)
    return blocks


def _colons(receipt: Receipt, payment: Payment) -> Blocks:
    template, card = receipt.template, receipt.purchase.card
    whole = payment.amount == receipt.purchase.charged
    amount = receipt.amount() if whole else Part(receipt.sum(payment.amount))
    stamp = template.pick("slip stamp", [template.compact, template.date])
    compact = _compact_traps(receipt) if stamp == template.compact else []
    return [
        _heading(receipt),
        line(template.tag("charged"), amount),
        line(template.tag("instalment"), card.instalment),
        line(template.tag("approval"), _approval(payment)),
        line(template.tag("approved_at"), *stamp(receipt.purchase.when, rank=0)),
        line(template.tag("card_number"), _card_part(receipt)),
        line(template.tag("card_kind"), card.issuer),
        line(template.tag("acquirer"), card.acquirer),
        line(template.tag("merchant_number"), receipt.shop.merchant_number),
        *original(receipt), *compact, *_card_traps(receipt), *_approval_traps(payment),
        Marked(MarkKind.CARD),
    ]  # fmt: skip


def bracketed(receipt: Receipt) -> Blocks:
    """Labels in brackets, two to a line and hardly a space between."""
    if receipt.state == "unpaid" or not _is_slip(receipt.purchase.main):
        return []
    template, purchase = receipt.template, receipt.purchase
    payment, card = purchase.main, purchase.card
    whole = payment.amount == purchase.charged
    amount = receipt.amount() if whole else Part(receipt.sum(payment.amount))
    return [
        _heading(receipt),
        row(left("[카드번호]"), right(_card_part(receipt))),
        row(left("[승인번호]"), right(_approval(payment), at=0.52),
            left("[승인일자]", at=0.53), right(*template.compact(purchase.when))),
        row(left("[승인금액]"), right(amount, at=0.52),
            left("[할부개월]", at=0.53), right("0")),
        line(f"[발급사/매입사]{card.issuer} / {card.acquirer}"),
        row(left("[가맹번호]"), right(f"{receipt.shop.merchant_number}(NC)")),
        line(template.pick("signed", table("wording")["payment"]["signed"])),
        *original(receipt), *_compact_traps(receipt), *_card_traps(receipt),
        *_approval_traps(payment), Marked(MarkKind.CARD),
    ]  # fmt: skip


def pairs(receipt: Receipt) -> Blocks:
    """Label at the left edge, value at the right one."""
    if receipt.state == "unpaid":
        return []
    blocks: Blocks = []
    for payment in filter(_is_slip, receipt.purchase.payments):
        blocks += _pairs(receipt, payment)
    return blocks


def _pairs(receipt: Receipt, payment: Payment) -> Blocks:
    template, card = receipt.template, receipt.purchase.card
    whole = payment.amount == receipt.purchase.charged
    amount = receipt.amount() if whole else Part(receipt.sum(payment.amount))
    code = template.pick("acquirer code", ["", "", "05  ", ""])
    return [
        _heading(receipt),
        row(left(template.label("card_kind")), right(card.issuer)),
        row(left(template.label("card_number")), right(_card_part(receipt))),
        row(left(template.label("approval")), right(code, _approval(payment))),
        row(left(template.label("instalment")), right(card.instalment)),
        row(left(template.label("charged")), right(amount)),
        row(left("------- "), right(*template.date(receipt.purchase.when), " ----**")),
        *original(receipt), *_card_traps(receipt), *_approval_traps(payment),
        Marked(MarkKind.CARD),
    ]  # fmt: skip


# ── whole slips of a payment terminal ────────────────────────────────────────────────────────


def slip_long(receipt: Receipt) -> Blocks:
    """A VAN terminal's slip with every line it has: 금액 is the supply price, 합계 the charge."""
    template, purchase = receipt.template, receipt.purchase
    card, sums = purchase.card, purchase.sums
    style = template.pick("total style", [TALL, WIDE, BIG, BOLD])
    expiry = receipt.wants_or("expiry", 0.5)
    bare = template.happens("bare supply", 0.6) or "bare_supply" in receipt.wants
    supply = template.label("bare_supply" if bare else "supply")
    return [
        row(left(template.label("card_kind")), right(card.issuer)),
        row(left(template.label("card_number")), right(_card_part(receipt))),
        *([row(left(template.label("expiry")), right("**/**" if template.happens("stars", 0.5)
               else "2027/11"))] if expiry else []),
        row(left(template.label("approved_at")), right(*template.date(purchase.when))),
        row(left(template.label("instalment")), right(card.instalment)),
        *_slip_sums(receipt, supply, sums.supply + sums.tax_free),
        row(left(spread("합계", 12), style=style), right(receipt.amount(0, "{}원"), style=style)),
        row(left(template.label("approval"), style=BOLD), right(_approval(purchase.main),
            style=BOLD)),
        row(left(template.label("acquirer")), right(card.acquirer)),
        row(left(template.label("merchant_number")), right(receipt.shop.merchant_number)),
        *original(receipt), *_card_traps(receipt), *_approval_traps(purchase.main),
        *([Trap("expiry")] if expiry else []),
        Trap("bare_supply") if bare else Trap("supply_first"), Trap("spaced_total"),
        *([Trap("double_width")] if style is not BOLD else []), Marked(MarkKind.CARD),
    ]  # fmt: skip


def _slip_sums(receipt: Receipt, supply: str, before_tax: int) -> Blocks:
    template, sums = receipt.template, receipt.purchase.sums
    rows: Blocks = [
        row(left(supply), right(receipt.sum(before_tax) + "원")),
        row(left(template.label("vat")), right(receipt.sum(sums.vat) + "원")),
    ]
    if sums.service or template.happens("service", 0.4):
        rows.append(row(left(template.label("service")), right(receipt.sum(sums.service) + "원")))
    return rows


def slip_short(receipt: Receipt) -> Blocks:
    """A portable terminal's slip: a dozen lines, the charge in large letters."""
    template, purchase = receipt.template, receipt.purchase
    style = template.pick("total style", [BIG, TALL, WIDE])
    stamp = template.pick("slip stamp", [template.compact, template.date, template.date])
    compact = _compact_traps(receipt) if stamp == template.compact else []
    charged = template.label(template.pick("which", ["charged", "due"]))
    return [
        line(purchase.card.issuer, style=template.pick("issuer style", [BOLD, WIDE, PLAIN])),
        line(template.tag("card_number"), _card_part(receipt)),
        line(template.tag("approved_at"), *stamp(purchase.when, rank=0)),
        row(left(charged, style=style), right(receipt.amount(0, "{}원"), style=style)),
        line(f"(부가세 {purchase.sums.vat:,}원 포함)"),
        line(template.tag("instalment"), purchase.card.instalment),
        line(template.tag("approval"), _approval(purchase.main), style=BOLD),
        *original(receipt), *compact, *_card_traps(receipt), *_approval_traps(purchase.main),
        Trap("double_width"), Marked(MarkKind.CARD),
    ]  # fmt: skip


def slip_two_columns(receipt: Receipt) -> Blocks:
    """Old terminals: captions above their values, two columns."""
    template, purchase = receipt.template, receipt.purchase
    sums = purchase.sums
    return [
        row(left("카드종류"), left("단말기번호", at=0.5)),
        row(left(f" {purchase.card.issuer}"), left(f" {receipt.shop.terminal}", at=0.5)),
        row(left("카드번호"), left("거래종류", at=0.5)),
        row(left(" ", _card_part(receipt)), left(" 신용구매", at=0.62)),
        row(left("거래일시"), left("승인번호", at=0.62)),
        row(left(" ", *template.date(purchase.when)), left(_approval(purchase.main), at=0.62)),
        row(left("금   액"), right(receipt.sum(sums.supply + sums.tax_free))),
        row(left("부 가 세"), right(receipt.sum(sums.vat))),
        row(left("합   계", style=BOLD), right(receipt.amount(), style=BOLD)),
        row(left("매입사"), left("가맹점번호", at=0.5)),
        row(left(f" {purchase.card.acquirer}"), left(f" {receipt.shop.merchant_number}", at=0.5)),
        *original(receipt), *_card_traps(receipt), *_approval_traps(purchase.main),
        Trap("bare_supply"), Trap("spaced_total"), Marked(MarkKind.CARD),
    ]  # fmt: skip


def cash_receipt(receipt: Receipt) -> Blocks:
    """현금영수증: its own number of nine digits, and whose telephone it was issued to."""
    template, purchase = receipt.template, receipt.purchase
    proof = "expense_proof" in receipt.wants
    identity = f"010-****-{receipt.chance.sub('id').digits(4)}"
    if proof:
        identity = f"{receipt.chance.sub('id').digits(3)}-**-*****"
    kind = Marked(MarkKind.EXPENSE_PROOF if proof else MarkKind.INCOME_DEDUCTION)
    return [
        line(template.tag("approved_at"), *template.date(purchase.when)),
        line(template.tag("cash_id"), identity),
        line("거래구분 : ", "지출증빙" if proof else "소득공제"),
        row(left(template.label("supply")), right(receipt.sum(purchase.sums.supply
            + purchase.sums.tax_free))),
        row(left(template.label("vat")), right(receipt.sum(purchase.sums.vat))),
        row(left(template.label("charged"), style=BOLD), right(receipt.amount(), style=BOLD)),
        line(template.tag("approval"), _approval(purchase.main)),
        line("국세청 상담센터 126  http://hometax.go.kr"),
        *original(receipt), *_approval_traps(purchase.main), Trap("supply_first"), kind,
        *([Trap("expense_proof")] if proof else []), Marked(MarkKind.CASH),
    ]  # fmt: skip


def terminal(receipt: Receipt) -> Blocks:
    """Terminal and slip number, and the network that carried the payment."""
    template = receipt.template
    van = template.pick("van", table("wording")["payment"]["vans"])
    number = receipt.chance.sub("slip").digits(12)
    return [
        row(left(template.tag("terminal"), receipt.shop.terminal), right(van)),
        line(template.tag("slip_number"), number),
    ]


def signature(receipt: Receipt) -> Blocks:
    return [line(receipt.template.pick("signed", table("wording")["payment"]["signed"]))]
