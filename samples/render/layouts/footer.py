"""The foot of a receipt: thanks, small print, codes."""

from __future__ import annotations

import datetime as dt

from samples.render.blocks import (
    BOLD,
    PLAIN,
    Blocks,
    Gap,
    Style,
    Symbol,
    Trap,
    line,
    middle,
)
from samples.render.receipt import Receipt
from samples.render.tables import table

REVERSE = Style(reverse=True)


def thanks(receipt: Receipt) -> Blocks:
    template = receipt.template
    words = table("wording")["talk"]["thanks"]
    return [Gap(0.4), middle(template.pick("thanks", words),
            style=template.pick("thanks style", [PLAIN, PLAIN, BOLD]))]  # fmt: skip


def exchange(receipt: Receipt) -> Blocks:
    """교환/환불: small print of an ordinary sale."""
    chance = receipt.template.chance.sub("exchange")
    lines = chance.some(table("wording")["talk"]["exchange"], 4)
    style = receipt.template.pick("exchange style", [PLAIN, PLAIN, BOLD])
    return [*(line(text, style=style) for text in lines), Trap("boilerplate")]


def adverts(receipt: Receipt) -> Blocks:
    chance = receipt.template.chance.sub("adverts")
    return [line(text) for text in chance.some(table("wording")["talk"]["adverts"], 4)]


def coupon(receipt: Receipt) -> Blocks:
    """A date in the future that is not the payment's."""
    if not receipt.wants_or("expiry", 0.25):
        return []
    form = receipt.template.pick("coupon", table("wording")["talk"]["coupons"])
    ends = receipt.purchase.when + dt.timedelta(days=receipt.template.pick("ends", [14, 30, 365]))
    return [line(form.format(date=receipt.template.day(ends))), Trap("expiry")]


def printed(receipt: Receipt) -> Blocks:
    """출력일시: today on a reprint, the moment of payment otherwise."""
    again = receipt.printed_again
    if again is None and not receipt.template.happens("printed at", 0.15):
        return []
    when = again or receipt.purchase.when
    trap: Blocks = [Trap("printed_later")] if again else []
    style = receipt.template.pick("printed style", [PLAIN, REVERSE, PLAIN])
    return [line(receipt.template.tag("printed_at"), *receipt.template.date(when, tagged=False),
            style=style), *trap]  # fmt: skip


def _key(receipt: Receipt) -> str:
    purchase = receipt.purchase
    return f"{purchase.when:%Y%m%d}{receipt.shop.terminal[:4]}{purchase.number:06}"


def barcode(receipt: Receipt) -> Blocks:
    """A barcode of date, till and receipt number; some tills add the amount."""
    amount = f"{receipt.purchase.charged:08}" if receipt.template.happens("coded", 0.4) else ""
    return [Gap(0.4), Symbol(_key(receipt) + amount)]


def qr(receipt: Receipt) -> Blocks:
    """A QR code that leads to nowhere and names the transaction."""
    number = receipt.purchase.main.approval
    address = f"https://receipt.invalid/{receipt.shop.terminal}?r={_key(receipt)}&a={number}"
    return [Gap(0.4), Symbol(address, "QRCode", caption=False)]
