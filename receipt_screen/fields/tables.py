"""The tables of words and numbers that lie beside the modules as TOML."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def read_table(name: str) -> dict[str, Any]:
    """The tables of a file in this folder, `labels.toml` say."""
    source = files("receipt_screen.fields") / name
    return tomllib.loads(source.read_text(encoding="utf-8"))
