"""What is and isn't a shop's name: the tables of `names.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from receipt_screen.fields.tables import read_table


@dataclass(frozen=True)
class Names:
    """The tables of `names.toml`."""

    not_the_shop: tuple[str, ...]
    not_the_shop_endings: tuple[str, ...]
    headings: tuple[str, ...]
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    company_signs: tuple[str, ...]
    shop_endings: tuple[str, ...]
    chains: tuple[str, ...]
    trades: tuple[str, ...]
    regions: tuple[str, ...]


@cache
def names() -> Names:
    """What is and isn't a shop's name."""
    return Names(**{name: tuple(words) for name, words in read_table("names.toml").items()})
