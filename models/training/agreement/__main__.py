"""Learns how two readings of a line are weighed against each other, and writes curves and card.

    python -m models.training.agreement                   # half an hour on one core
    python -m models.training.agreement --workers 2       # a quarter of an hour on two
    python -m models.training.agreement --count 100 --out out/agreement   # quick, and elsewhere

Renders receipts of the training split, reads them with the real reader and compares what both
recognisers make of each line with what is printed there. What it writes is
`receipt_screen/reading/agreement.toml` and `models/agreement.md`. Readings that are kept for the
fields are made anew afterwards: `python -m models.training.fields`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.field_figures import reliability
from models.training.agreement.fit import Taken, fit_curves, held_out
from models.training.agreement.judged import judge_picture
from models.training.readings import CACHE, ONE_THREAD, ROOT, Picked, in_processes
from receipt_screen.reading.agree import Curves
from receipt_screen.reading.align import Case
from samples.render.fonts import require_fonts

CARD = Path(__file__).with_name("card.md")
HEAD = """\
# Learned by `python -m models.training.agreement`; how and how well: models/agreement.md. Not for
# editing. By case (receipt_screen/reading/align.py), for the character of ours and of theirs: the
# weights of 1, of how sure we and the second reader are of the character, of how sure of the piece,
# and of whether it may be a slashed zero.
"""


def main(arguments: list[str] | None = None) -> None:
    """Reads, fits and writes."""
    options = _parser().parse_args(arguments)
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    require_fonts()
    picked = Picked("train", options.seed, options.count, options.cache)
    made = in_processes(partial(judge_picture, picked), range(options.count), options.workers)
    console = Console(stderr=True)
    pictures = track(made, "readings", total=options.count, console=console)
    judged = [each for picture in pictures for each in picture]
    write_curves(options.out / "receipt_screen/reading/agreement.toml", fit_curves(judged))
    learned_from = f"{options.count} pictures of seed {options.seed}"
    write_card(options.out / "models/agreement.md", list(held_out(judged)), learned_from)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.agreement",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=1420, help="pictures to learn from")
    parser.add_argument("--seed", type=int, default=11, help="1 is the committed set's")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where pictures are kept")
    parser.add_argument("--workers", type=int, default=1, help="processes for reading")
    parser.add_argument("--out", type=Path, default=ROOT, help="below which the files are written")
    return parser


def write_curves(file: Path, curves: Curves) -> None:
    """Writes the weights as TOML."""
    tables = [
        f"\n[{case.value}]\n" + "".join(f"{who} = {_list(each)}\n" for who, each in readers.items())
        for case, readers in curves.items()
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "".join(tables), encoding="utf-8")


def _list(weights: Sequence[float]) -> str:
    return "[" + ", ".join(f"{weight:.3f}" for weight in weights) + "]"


def write_card(file: Path, taken: Sequence[Taken], learned_from: str) -> None:
    """Writes the card."""
    cases = {case: [each for each in taken if each.case is case] for case in (*Case, None)}
    rows = "\n".join(_row(case, each) for case, each in cases.items() if each)
    points = _reliability(cases[None])["curve"]
    numbers = "\n".join(f"| {said:.1%} | {right:.1%} |" for said, right in points)
    text = CARD.read_text(encoding="utf-8")
    file.parent.mkdir(parents=True, exist_ok=True)
    text = text.format(learned_from=learned_from, rows=rows, numbers=numbers)
    file.write_text(text, encoding="utf-8")


def _row(case: Case | None, taken: Sequence[Taken]) -> str:
    right = sum(each.right for each in taken) / len(taken)
    said = sum(each.said for each in taken) / len(taken)
    error = _reliability(taken)["calibration_error"]
    name = "whole numbers" if case is None else case.value.replace("_", " ")
    return f"| {name} | {len(taken)} | {right:.2%} | {said:.2%} | {error:.4f} |"


def _reliability(taken: Sequence[Taken]) -> dict[str, Any]:
    return reliability([(each.said, each.right) for each in taken])


if __name__ == "__main__":
    main()
