"""Shops that do not exist: names, people, numbers and places drawn from tables."""

from __future__ import annotations

from dataclasses import dataclass

from samples.render.chance import Chance
from samples.render.tables import table
from samples.render.words import coined

FRESH = "fresh"
"""The names of shops of the train split that no reader of lines was trained on."""
COINED = "coined"
"""Names, wares and streets made up anew: a reader of lines would learn tables by heart."""
WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def check_digit(nine: str) -> str:
    """The tenth digit of a business number (weights 1,3,7,1,3,7,1,3,5 plus ⌊5·d9/10⌋)."""
    digits = [int(digit) for digit in nine]
    total = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True))
    return str((10 - (total + digits[8] * 5 // 10) % 10) % 10)


def unissued_business_number(chance: Chance) -> str:
    """A number with a right check digit that no shop can have.

    Tax offices are numbered from 101, and the two digits in the middle, which tell people from
    companies, are never 00.
    """
    if chance.happens(0.5):
        nine = f"{chance.randint(1, 100):03}{chance.randint(1, 99):02}{chance.digits(4)}"
    else:
        nine = f"{chance.randint(401, 899)}00{chance.digits(4)}"
    return nine + check_digit(nine)


def broken(business_number: str) -> str:
    """The same number with a check digit that fails, as on specimens."""
    return business_number[:9] + str((int(business_number[9]) + 1) % 10)


def fictional_phone(chance: Chance) -> str:
    """A telephone number that cannot be dialled: no Korean exchange begins with 1."""
    area = chance.weighted({"063": 7, "010": 2, "070": 1, "02": 0.3})
    exchange = f"1{chance.digits(3 if area in ('010', '070') else 2)}"
    return f"{area}-{exchange}-{chance.digits(4)}"


@dataclass(frozen=True)
class Shop:
    """Who sold."""

    key: str
    stems: str
    """Which names it has: those of a split, `fresh` or `coined` ones."""
    trade: str
    stem: str
    """The shop's own part of its name."""
    name: str
    owner: str
    business_number: str
    phone: str
    address: str
    merchant_number: str
    terminal: str
    slogan: str

    @property
    def split(self) -> str:
        """Whose faces it prints with."""
        return "train" if self.stems in (FRESH, COINED) else self.stems


def person(chance: Chance) -> str:
    """A Korean name."""
    names = table("shops")
    return chance.choice(names["surnames"]) + "".join(chance.sample(names["given"], 2))


def _address(chance: Chance, stems: str) -> str:
    places = table("places")
    town = _coined_town(chance) if stems == COINED else chance.choice(list(places["towns"]))
    number = f"{chance.randint(1, 240)}" + chance.choice(["", "", f"-{chance.randint(1, 40)}"])
    street = _coined_street(chance) if stems == COINED else chance.choice(places["towns"][town])
    detail = chance.choice(places["rest"]["details"])
    province = chance.choice(places["rest"]["provinces"] if stems == COINED else places["province"])
    return f"{province} {town} {street} {number}{detail}"


def _coined_town(chance: Chance) -> str:
    return coined(chance) + chance.choice("시군구")


def _coined_street(chance: Chance) -> str:
    return coined(chance) + chance.choice("로길동읍면")


def _stem(chance: Chance, stems: str) -> str:
    return coined(chance) if stems == COINED else chance.choice(table("shops")["stems"][stems])


def _name(chance: Chance, stem: str, trade: str) -> str:
    name = stem + chance.choice(table("shops")["trades"][trade]["suffixes"])
    branch = chance.weighted({"": 10, " 전주점": 1, " 본점": 1, " 군산점": 1, "(익산점)": 1})
    company = chance.weighted({"{}": 12, "(주){}": 1, "주식회사 {}": 1, "㈜{}": 0.6})
    return company.format(name + branch)


def shop(stems: str, trade: str, number: int) -> Shop:
    """The shop of a number: always the same one."""
    key = f"{stems}-{trade}-{number:03}"
    chance = Chance("shop", key)
    stem = _stem(chance, stems)
    return Shop(
        key=key,
        stems=stems,
        trade=trade,
        stem=stem,
        name=_name(chance, stem, trade),
        owner=person(chance),
        business_number=unissued_business_number(chance),
        phone=fictional_phone(chance),
        address=_address(chance, stems),
        merchant_number=chance.digits(chance.choice([8, 9, 9, 10])),
        terminal=chance.digits(chance.choice([7, 8, 8, 10])),
        slogan=chance.choice(table("wording")["talk"]["slogans"]),
    )
