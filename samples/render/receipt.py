"""A receipt to be set: who, what, how printed, and why it is printed at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from samples.render.blocks import Blocks, Part
from samples.render.chance import Chance
from samples.render.purchases import Purchase
from samples.render.shops import Shop, broken
from samples.render.template import Template


@dataclass(frozen=True)
class Receipt:
    """One printing of one purchase."""

    template: Template
    purchase: Purchase
    chance: Chance = field(compare=False)
    state: str = "sale"
    """`sale`, `cancellation`, `unpaid`."""
    copy: str | None = None
    """`customer`, `merchant` or what the shop prints anyway."""
    printed_again: dt.datetime | None = None
    sold: dt.datetime | None = None
    """For a cancellation: when the sale was that it takes back."""
    wants: frozenset[str] = frozenset()
    """Traps that the layout has to set if it can."""

    @property
    def shop(self) -> Shop:
        return self.template.shop

    @property
    def business_number(self) -> str:
        number = self.shop.business_number
        return broken(number) if "invalid_business_number" in self.wants else number

    @property
    def sign(self) -> str:
        """A cancellation's amounts are negative on some tills and positive on others."""
        negative = self.state == "cancellation" and self.template.happens("negative", 0.6)
        return "-" if negative else ""

    def wants_or(self, trap: str, probability: float) -> bool:
        """Whether a trap is set: because it is wanted, or as often as the shop does it."""
        return trap in self.wants or self.template.happens(trap, probability)

    def amount(self, rank: int = 0, form: str = "{}") -> Part:
        """What was charged."""
        return Part(form.format(f"{self.sign}{self.purchase.charged:,}"), "amount", rank)

    def sum(self, amount: int) -> str:
        """A sum of the receipt that is not the charged amount."""
        return f"{self.sign}{amount:,}"

    def number(self, form: str = "{a}-{b}-{c}") -> Part:
        """The business number."""
        digits = self.business_number
        return Part(form.format(a=digits[:3], b=digits[3:5], c=digits[5:]), "business_number")


@dataclass(frozen=True)
class Laid:
    """A receipt with its blocks."""

    receipt: Receipt
    blocks: Blocks
