"""What is and isn't a shop's name: the tables of `names.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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
    source = files("receipt_screen.fields") / "names.toml"
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    return Names(**{name: tuple(words) for name, words in tables.items()})
