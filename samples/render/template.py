"""A shop's way of printing: the same for every receipt it hands out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from receipt_screen.records import DocumentKind
from samples.render.blocks import Part, spread
from samples.render.chance import Chance
from samples.render.fonts import face_names
from samples.render.purchases import Purchase
from samples.render.shops import Shop
from samples.render.tables import table

WEEKDAYS = "월화수목금토일"


@dataclass(frozen=True)
class Family:
    """A group of layouts, as tables/families.toml describes it."""

    name: str
    split: str
    kind: DocumentKind
    medium: str
    """What it appears on: `thermal`, `office`, `hand` (a form filled in), `screen`."""
    trades: tuple[str, ...]
    sections: tuple[str, ...]
    columns: tuple[int, ...]
    methods: tuple[str, ...]
    can: frozenset[str]


def families() -> dict[str, Family]:
    """All families of layouts by name."""
    return {name: _family(name, entry) for name, entry in table("families").items()}


def _family(name: str, entry: dict[str, Any]) -> Family:
    return Family(
        name=name,
        split=entry["split"],
        kind=DocumentKind(entry["kind"]),
        medium=entry["medium"],
        trades=tuple(entry["trades"]),
        sections=tuple(entry["sections"]),
        columns=tuple(entry.get("columns", (42, 48))),
        methods=tuple(entry.get("methods", ("card",))),
        can=frozenset(entry.get("can", ())),
    )


@dataclass(frozen=True)
class Template:
    """The choices a shop made once: words, faces, columns, formats."""

    shop: Shop
    family: Family
    chance: Chance = field(compare=False)

    @property
    def key(self) -> str:
        return f"{self.family.name}/{self.shop.key}"

    def pick(self, name: str, values: Any) -> Any:
        """The shop's choice among values, always the same under the same name."""
        return self.chance.sub(name).choice(values)

    def happens(self, name: str, probability: float) -> bool:
        """Whether the shop has a habit."""
        return self.chance.sub("habit", name).happens(probability)

    @property
    def face(self) -> str:
        kind = {"thermal": "thermal", "hand": "hand"}.get(self.family.medium, "outline")
        return str(self.pick("face", face_names(kind, self.shop.split)))

    @property
    def columns(self) -> int:
        return int(self.pick("columns", self.family.columns))

    @property
    def rule(self) -> str:
        return str(self.pick("rule", ["-", "-", "-", "-", "=", "dashed", "dotted", "- "]))

    def label(self, name: str) -> str:
        """The wording of a label, letter-spaced where the shop's till does that."""
        text = str(self.pick(f"label/{name}", table("wording")["labels"][name]))
        if self.happens("spread", 0.25) and text.isalpha() and 2 <= len(text) <= 4:
            return spread(text, 8)
        return text

    def tag(self, name: str) -> str:
        """A label with the sign that leads to its value: `승인번호 : `, `[승인번호] `."""
        form = self.pick("tag", ["{}:", "{}: ", "{} : ", "{} : ", "[{}] ", "{}  ", "{}:", "{})"])
        return str(form).format(self.label(name))

    def date(self, when: dt.datetime, *, rank: int = 0, tagged: bool = True) -> list[Part]:
        """A date and a time as this shop prints them."""
        return self._stamp(
            when,
            str(self.pick("date", table("wording")["dates"]["formats"])),
            " ",
            rank if tagged else None,
        )

    def compact(self, when: dt.datetime, *, rank: int = 0) -> list[Part]:
        """A date and a time run together, as terminals stamp them."""
        return self._stamp(
            when, str(self.pick("stamp", table("wording")["dates"]["compact"])), "", rank
        )

    def day(self, when: dt.datetime) -> str:
        """A day without a time, not tagged as the payment's."""
        return self.date(when, tagged=False)[0].text

    def _stamp(self, when: dt.datetime, form: str, glue: str, rank: int | None) -> list[Part]:
        day, time = stamp(when, form).split("|")
        if rank is None:
            return [Part(day), Part(glue), Part(time)]
        return [Part(day, "date", rank), Part(glue), Part(time, "time", rank)]

    @property
    def date_form(self) -> str:
        return str(self.pick("date", table("wording")["dates"]["formats"]))

    @property
    def compact_form(self) -> str:
        return str(self.pick("stamp", table("wording")["dates"]["compact"]))

    def masked(self, purchase: Purchase) -> str:
        """The card number as this shop's terminal masks it."""
        return mask(purchase.card.number, self.mask)

    @property
    def mask(self) -> str:
        return str(self.pick("mask", table("wording")["payment"]["masks"]))


def mask(number: str, form: str) -> str:
    """A card number in one of the forms of tables/wording.toml."""
    a, b, c, d = number[:4], number[4:8], number[8:12], number[12:]
    return form.format(a=a, b=b, c=c, d=d, b2=b[:2], d3=d[:3])


def shown_tail(printed: str, number: str) -> str | None:
    """The last four digits where a masked number shows them."""
    return number[12:] if printed.endswith(number[12:]) else None


def stamp(when: dt.datetime, form: str) -> str:
    """A moment in a form of tables/wording.toml."""
    half = "오전" if when.hour < 12 else "오후"
    return form.format(
        Y=f"{when:%Y}", y=f"{when:%y}", m=f"{when:%m}", d=f"{when:%d}",
        H=f"{when:%H}", M=f"{when:%M}", S=f"{when:%S}", k=when.month, e=when.day,
        w=WEEKDAYS[when.weekday()], n=(when.weekday() + 1) % 7 + 1, p=half,
        h=(when.hour - 1) % 12 + 1,
    )  # fmt: skip


def template(family: Family, shop: Shop) -> Template:
    """How a shop prints its receipts."""
    return Template(shop, family, Chance("template", family.name, shop.key))
