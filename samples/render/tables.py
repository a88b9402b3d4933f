"""The tables that everything is drawn from."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tables"


@cache
def table(name: str) -> dict[str, Any]:
    """The contents of tables/NAME.toml."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def campaign() -> dict[str, Any]:
    """The campaign file that `expected` is decided by."""
    path = FOLDER.parents[1] / "campaigns" / "jeonbuk-2025.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
