"""How sure is sure: from which confidence on values are as rarely wrong as a person asks.

`levels.toml` holds the errors asked for, `curves.toml` how often values of a confidence and above
were wrong on rendered receipts of other layouts and shops. A level is the lowest confidence from
which on the asked error is kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

DECIDING: Final = ("amount", "date")
"""The fields that carry a verdict; a level has to hold for each of them."""


@dataclass(frozen=True)
class Curve:
    """Of a field's values that are at least so sure, the share that was wrong."""

    sure: tuple[float, ...]
    """Rising."""
    wrong: tuple[float, ...]
    far: tuple[float, ...]
    """Wrong by more than one misread digit."""

    def level(self, error: float) -> float:
        """The lowest confidence from which on no more are wrong; the best there is if none is."""
        return _lowest(self.sure, self.wrong, error)

    def far_level(self, error: float) -> float:
        """The same for values that are wrong by more than one misread digit."""
        return _lowest(self.sure, self.far, error)


def _lowest(sure: Sequence[float], wrong: Sequence[float], error: float) -> float:
    kept = [at for at, share in zip(sure, wrong, strict=True) if share <= error]
    return min(kept, default=sure[wrong.index(min(wrong))])


@dataclass(frozen=True)
class Errors:
    """The share of values that may be wrong from a level on."""

    acceptable: float
    strong: float


@dataclass(frozen=True)
class Levels:
    """Confidences that a value has to reach."""

    acceptable: float
    """To carry an ELIGIBLE."""
    strong: float
    """To carry an INELIGIBLE on one reading."""
    given: Mapping[str, float]
    """By field: to be given at all."""
    rival: float
    merchant: float
    alike: float
    """For a number that both readers read alike to count as agreed on: its least certain digit."""


def levels_for(curves: Mapping[str, Curve], asked: Mapping[str, Any]) -> Levels:
    """The levels of curves for what `levels.toml` asks."""
    acceptable, strong = deciding_levels(curves, asked_errors(asked))
    given = {
        name: curves[name].level(error)
        for name, error in asked["error"]["given"].items()
        if name in curves
    }
    return Levels(acceptable, strong, given, **asked["by_hand"])


def asked_errors(asked: Mapping[str, Any]) -> Errors:
    """The errors that `levels.toml` asks for."""
    return Errors(asked["error"]["acceptable"], asked["error"]["strong"])


def deciding_levels(curves: Mapping[str, Curve], errors: Errors) -> tuple[float, float]:
    """The levels to accept and to reject; the second is never the lower one."""
    deciding = [curves[name] for name in DECIDING]
    acceptable = max(curve.level(errors.acceptable) for curve in deciding)
    strong = max(curve.far_level(errors.strong) for curve in deciding)
    return acceptable, max(acceptable, strong)


@cache
def levels() -> Levels:
    """The levels that are shipped."""
    return levels_for(curves(), asked_for())


@cache
def asked_for() -> Mapping[str, Any]:
    """`levels.toml`."""
    return _toml("levels.toml")


@cache
def curves() -> Mapping[str, Curve]:
    """The curves that are shipped, by field."""
    return {
        name: Curve(**{what: tuple(values) for what, values in curve.items()})
        for name, curve in _toml("curves.toml").items()
    }


def _toml(name: str) -> dict[str, Any]:
    text = (files("receipt_screen") / name).read_text(encoding="utf-8")
    return tomllib.loads(text)
