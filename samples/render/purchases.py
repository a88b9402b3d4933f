"""What was bought and how it was paid, consistent to the won."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from samples.render.chance import Chance
from samples.render.shops import COINED, Shop
from samples.render.tables import table
from samples.render.words import coined


@dataclass(frozen=True)
class Item:
    """A line of wares."""

    name: str
    price: int
    count: int
    tax_free: bool
    code: str

    @property
    def amount(self) -> int:
        return self.price * self.count


@dataclass(frozen=True)
class Card:
    """A card as the terminal knows it; the number fails its own check digit."""

    number: str
    issuer: str
    acquirer: str
    instalment: str


@dataclass(frozen=True)
class Payment:
    """One part of what was paid; `method` is card, cash, easy, zeropay, points or gift."""

    method: str
    amount: int
    approval: str


@dataclass(frozen=True)
class Sums:
    """What the wares come to. total − discount = charged = supply + vat + tax_free + service."""

    total: int
    discount: int
    charged: int
    supply: int
    vat: int
    tax_free: int
    service: int = 0


@dataclass(frozen=True)
class Purchase:
    """A transaction, before anyone prints it."""

    when: dt.datetime
    items: tuple[Item, ...]
    sums: Sums
    payments: tuple[Payment, ...]
    card: Card
    received: int
    number: int
    prepaid: str | None
    customer: str

    @property
    def charged(self) -> int:
        return self.sums.charged

    @property
    def main(self) -> Payment:
        return self.payments[0]


# Where amounts lie: the campaign asks for 100,000 won, so most entries stand at or around it.
AMOUNTS = {
    "threshold": 30,
    "just_below": 10,
    "above": 22,
    "below": 12,
    "wares": 26,
}
SMALL_TRADES = ("convenience", "cafe")


def _round_amount(chance: Chance) -> int | None:
    """An amount that somebody chose, or None: let the wares decide."""
    kind = chance.weighted(AMOUNTS)
    choices = {
        "threshold": [100_000],
        "just_below": [99_000, 98_000, 95_000, 99_900, 90_000, 97_500],
        "above": [110_000, 120_000, 130_000, 150_000, 200_000, 300_000, 500_000, 1_000_000],
        "below": [10_000, 20_000, 30_000, 34_000, 50_000, 70_000, 80_000],
    }
    return chance.choice(choices[kind]) if kind in choices else None


def _code(chance: Chance) -> str:
    return chance.choice([f"880{chance.digits(10)}", chance.digits(6), f"2{chance.digits(12)}"])


def _wares(chance: Chance, shop: Shop) -> tuple[Item, ...]:
    trade = shop.trade
    shelf = table("wares")[trade]
    taxed = [(name, price, False) for name, price in shelf.get("taxed", {}).items()]
    free = [(name, price, True) for name, price in shelf.get("free", {}).items()]
    most = {"mart": 9, "restaurant": 6, "convenience": 4, "lodging": 2, "lesson": 2}.get(trade, 4)
    return tuple(
        Item(
            _coined_ware(chance) if shop.stems == COINED else name,
            price,
            chance.weighted({1: 7, 2: 2, 3: 1, 4: 0.5}),
            tax_free,
            _code(chance),
        )
        for name, price, tax_free in chance.some(taxed + free, most)
    )


def _coined_ware(chance: Chance) -> str:
    size = chance.choice(["", "", "g", "kg", "ml", "L", "입", "개", "P", "호", "매"])
    return coined(chance) + (
        f"{chance.choice(['', ' '])}{chance.randint(1, 999)}{size}" if size else ""
    )


def _prepayment(chance: Chance, amount: int, *, part: bool) -> tuple[Item, ...]:
    words = table("wares")["prepayment"]
    name = chance.choice(words["part" if part else "items"])
    return (Item(name, amount, 1, tax_free=False, code=_code(chance)),)


def _vat(chance: Chance, taxed: int) -> int:
    """A eleventh; tills round or truncate, and some round the supply price instead."""
    return chance.choice([round(taxed / 11), taxed // 11, taxed - round(taxed / 1.1)])


def _sums(chance: Chance, items: tuple[Item, ...], discount: int, *, service: bool) -> Sums:
    total = sum(item.amount for item in items)
    free = sum(item.amount for item in items if item.tax_free)
    taxed = total - free
    free_cut = min(free, max(0, discount - taxed))
    taxed, free = taxed - (discount - free_cut), free - free_cut
    tip = round(taxed * 0.1 / 100) * 100 if service else 0
    vat = _vat(chance, taxed - tip)
    return Sums(total, discount, total - discount, taxed - tip - vat, vat, free, tip)


def approval_number(chance: Chance, method: str, when: dt.datetime) -> str:
    """Card approvals have 8 digits, cash receipts 9; easy payments have more."""
    if method == "cash":
        return chance.digits(9)
    if method == "zeropay":
        return "00" + chance.digits(8)
    if method == "easy":
        return chance.choice([f"{when:%Y%m%d}{chance.digits(9)}", "0" + chance.digits(12)])
    return chance.digits(8)


def _card(chance: Chance) -> Card:
    payment = table("wording")["payment"]
    number = chance.choice("4593") + chance.digits(15)
    while _luhn(number):
        number = number[:15] + str((int(number[15]) + 1) % 10)
    return Card(
        number,
        chance.choice(payment["issuers"]),
        chance.choice(payment["acquirers"]),
        chance.choice(payment["instalments"]),
    )


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(number)]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _when(chance: Chance) -> dt.datetime:
    """Mostly within the campaign, some on its last days, some long before or after."""
    first, days = chance.weighted(
        {
            (dt.date(2025, 1, 13), 47): 70,
            (dt.date(2025, 2, 28), 1): 5,
            (dt.date(2025, 1, 2), 11): 8,
            (dt.date(2025, 3, 1), 60): 8,
            (dt.date(2023, 1, 13), 45): 4,
            (dt.date(2024, 6, 1), 200): 5,
        }
    )
    day = first + dt.timedelta(days=chance.randrange(days))
    seconds = int(chance.triangular(8 * 3600, 22 * 3600, 13 * 3600))
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)


@dataclass(frozen=True)
class Wanted:
    """What a purchase has to show; the rest is left to chance."""

    method: str | None = None
    prepaid: bool | None = None
    part: bool = False
    discount: bool = False
    split: bool = False
    mixed_tax: bool = False
    amount: int | None = None


def draw_purchase(chance: Chance, shop: Shop, wanted: Wanted) -> Purchase:
    """A purchase in a shop."""
    when = _when(chance.sub("when"))
    items, prepaid = _items(chance.sub("items"), shop, wanted)
    gross = sum(item.amount for item in items)
    discount = _discount(chance.sub("discount"), gross, wanted)
    service = shop.trade == "lodging" and chance.happens(0.3)
    sums = _sums(chance.sub("vat"), items, discount, service=service)
    payments = _payments(chance.sub("paid"), sums.charged, when, wanted)
    return Purchase(
        when=when,
        items=items,
        sums=sums,
        payments=payments,
        card=_card(chance.sub("card")),
        received=_received(sums.charged),
        number=chance.randint(1, 9999),
        prepaid=prepaid,
        customer=chance.choice("김이박최정강조윤장임") + "**",
    )


def _items(chance: Chance, shop: Shop, wanted: Wanted) -> tuple[tuple[Item, ...], str | None]:
    amount = wanted.amount or _round_amount(chance)
    prepaid = chance.happens(0.55) if wanted.prepaid is None else wanted.prepaid
    if amount is None and shop.trade in SMALL_TRADES:
        prepaid = False
    if wanted.mixed_tax:
        return _mixed(chance, shop.trade), None
    if prepaid or wanted.part:
        items = _prepayment(chance, amount or 100_000, part=wanted.part)
        return items, items[0].name
    return _fill(chance, _wares(chance, shop), amount), None


def sells_both(trade: str) -> bool:
    """Taxed and tax-free wares."""
    return {"taxed", "free"} <= table("wares")[trade].keys()


def _mixed(chance: Chance, trade: str) -> tuple[Item, ...]:
    wares = table("wares")
    taxed = chance.some(list(wares[trade]["taxed"].items()), 4)
    # A trade without tax-free wares of its own sells groceries beside them.
    free = chance.some(list(wares[trade].get("free", wares["mart"]["free"]).items()), 3)
    rows = [(name, price, False) for name, price in taxed]
    rows += [(name, price, True) for name, price in free]
    return tuple(Item(name, price, 1, free, _code(chance)) for name, price, free in rows)


def _fill(chance: Chance, items: tuple[Item, ...], amount: int | None) -> tuple[Item, ...]:
    """Wares topped up with a prepayment to a chosen amount, where they stay below it."""
    gross = sum(item.amount for item in items)
    if amount is None or gross >= amount or chance.happens(0.5):
        return items
    return items + _prepayment(chance, amount - gross, part=False)


def _discount(chance: Chance, gross: int, wanted: Wanted) -> int:
    if not wanted.discount:
        return 0
    share = chance.choice([0.05, 0.1, 0.2, 0.3])
    return max(100, round(gross * share / 100) * 100)


def _payments(
    chance: Chance, charged: int, when: dt.datetime, wanted: Wanted
) -> tuple[Payment, ...]:
    method = wanted.method or chance.weighted({"card": 8, "cash": 1, "easy": 1})
    if not wanted.split:
        return (Payment(method, charged, approval_number(chance, method, when)),)
    first = max(100, round(charged * chance.uniform(0.3, 0.8) / 100) * 100)
    other = chance.choice(["points", "gift", "cash"] if method == "card" else ["points", "gift"])
    return tuple(
        Payment(way, amount, approval_number(chance.sub(way), way, when))
        for way, amount in ((method, first), (other, charged - first))
    )


def _received(charged: int) -> int:
    """Bank notes: the next 10,000 won, the next 50,000 beyond 20,000."""
    step = 10_000 if charged <= 20_000 else 50_000
    return (charged // step + 1) * step


def later(purchase: Purchase, chance: Chance, minutes: int) -> Purchase:
    """The same purchase by somebody else, some minutes later."""
    when = purchase.when + dt.timedelta(minutes=minutes, seconds=chance.randint(1, 20))
    payments = tuple(
        replace(payment, approval=approval_number(chance, payment.method, when))
        for payment in purchase.payments
    )
    return replace(
        purchase,
        when=when,
        payments=payments,
        card=_card(chance),
        number=purchase.number + max(1, minutes),
    )
