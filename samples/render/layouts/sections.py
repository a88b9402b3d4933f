"""The sections that families are made of, by the names the table uses."""

from __future__ import annotations

from collections.abc import Callable

from samples.render.blocks import Blocks
from samples.render.layouts import footer, form, header, items, payment, screen, totals
from samples.render.receipt import Laid, Receipt

Section = Callable[[Receipt], Blocks]

SECTIONS: dict[str, Section] = {
    "logo": header.logo,
    "title": header.title,
    "slip title": header.slip_title,
    "cancelled": header.cancelled,
    "copy": header.copy,
    "reprint": header.reprint,
    "shop labelled": header.shop_labelled,
    "shop joined": header.shop_joined,
    "shop bare": header.shop_bare,
    "shop slashed": header.shop_slashed,
    "shop centred": header.shop_centred,
    "shop bracketed": header.shop_bracketed,
    "when": header.when_line,
    "when bare": header.when_bare,
    "when bracketed": header.when_bracketed,
    "when ordered": header.when_ordered,
    "seat": header.seat,
    "waiting": header.waiting,
    "rule": header.rule,
    "double rule": header.double_rule,
    "star rule": header.star_rule,
    "gap": header.gap,
    "items one line": items.one_line,
    "items two lines": items.two_lines,
    "items simple": items.simple,
    "items cafe": items.cafe,
    "items names": items.names_only,
    "items boxed": items.boxed,
    "memo": items.memo,
    "taxes": totals.taxes,
    "total": totals.total,
    "total counted": totals.total_counted,
    "due then taxes": totals.due_then_taxes,
    "settled": totals.settled,
    "points": totals.points,
    "slip colons": payment.colons,
    "slip brackets": payment.bracketed,
    "slip pairs": payment.pairs,
    "slip long": payment.slip_long,
    "slip short": payment.slip_short,
    "slip two columns": payment.slip_two_columns,
    "cash receipt": payment.cash_receipt,
    "terminal": payment.terminal,
    "signature": payment.signature,
    "thanks": footer.thanks,
    "exchange": footer.exchange,
    "adverts": footer.adverts,
    "coupon": footer.coupon,
    "printed": footer.printed,
    "barcode": footer.barcode,
    "qr": footer.qr,
    "app brand": screen.brand,
    "app title": screen.title,
    "app shop": screen.shop_head,
    "app channel": screen.channel,
    "app items": screen.items,
    "app sums": screen.sums,
    "app taxes": screen.taxes,
    "app detail": screen.detail,
    "app membership": screen.membership,
    "app slip groups": screen.slip_groups,
    "app slip total": screen.slip_total,
    "app paid": screen.paid_screen,
    "app local money": screen.local_money,
    "app transfer": screen.transfer,
    "app button": screen.button,
    "app notes": screen.notes,
    "hand head": form.hand_head,
    "hand items": form.hand_items,
    "statement head": form.statement_head,
    "statement items": form.statement_items,
    "ledger": form.ledger,
}


def lay_out(receipt: Receipt) -> Laid:
    """All sections of the receipt's family, in the family's order."""
    names = receipt.template.family.sections
    return Laid(receipt, [block for name in names for block in SECTIONS[name](receipt)])
