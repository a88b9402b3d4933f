"""Learned models → `learned.toml`, `curves.toml`: plain numbers, so that a diff can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from models.training.fields.learn import Learned

HEAD = """\
# Learned by `python -m models.training.fields`; how and how well: models/fields.md. Not for
# editing: what a person decides stands in weights.toml, from which the learning starts.
"""


def write_weights(file: Path, learned: Iterable[Learned]) -> None:
    """Writes the models of all learned fields."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "".join(_field(each) for each in learned), encoding="utf-8")


CURVES = """\
# Measured by `python -m models.training.fields` on families and shops that weren't learned from: of
# the values that are at least so sure, the share that was wrong, and wrong by more than one misread
# digit. Which share is asked for stands in levels.toml.
"""


def write_curves(file: Path, learned: Iterable[Learned]) -> None:
    """Writes how often values of a confidence and above were wrong."""
    tables = [
        f"\n[{each.name}]\nsure = {_list(each.curve.sure)}\nwrong = {_list(each.curve.wrong)}\n"
        f"far = {_list(each.curve.far)}\n"
        for each in learned
    ]
    file.write_text(CURVES + "".join(tables), encoding="utf-8")


def _field(learned: Learned) -> str:
    trust = learned.model.trust
    assert trust is not None  # a learned model has one
    return (
        f"\n[{learned.name}]\n"
        f"seen = {_list(trust.seen)}\nright = {_list(trust.right)}\n"
        f"\n[{learned.name}.choice]\n{_table(learned.model.weights)}"
        f"\n[{learned.name}.trust]\n{_table(trust.weights)}"
    )


def _list(values: Iterable[float]) -> str:
    return "[" + ", ".join(f"{value:.4f}" for value in values) + "]"


def _table(weights: Mapping[str, float]) -> str:
    return "".join(f"{name} = {weight:.3f}\n" for name, weight in weights.items())
