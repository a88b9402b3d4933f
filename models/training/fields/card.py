"""The card: what was learned, from what, and how the ways of choosing compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.training.fields.learn import Learned, Measured
from receipt_screen.levels import asked_errors, asked_for, levels_for

TEXT = Path(__file__).with_name("card.md")


def write_card(file: Path, learned: Sequence[Learned], learned_from: str) -> None:
    """Writes the card."""
    rows = "\n".join(row for each in learned for row in _rows(each))
    asked = asked_for()
    levels = levels_for({each.name: each.curve for each in learned}, asked)
    silence = ", ".join(f"{name} {level:.2f}" for name, level in levels.given.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    text = TEXT.read_text(encoding="utf-8").format(
        learned_from=learned_from,
        silence=silence,
        rows=rows,
        levels=levels,
        errors=asked_errors(asked),
    )
    file.write_text(text, encoding="utf-8")


def _rows(learned: Learned) -> list[str]:
    ways = {"rules": learned.rules, "learned": learned.learned, "boosting": learned.boosted}
    return [_row(learned.name, way, measured) for way, measured in ways.items()]


def _row(name: str, way: str, measured: Measured) -> str:
    right, wrong, silent = measured.shares()
    error = measured.calibration_error()
    return f"| {name} | {way} | {right:.1%} | {wrong:.1%} | {silent:.1%} | {error:.3f} |"
