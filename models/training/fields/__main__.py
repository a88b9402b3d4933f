"""Learns how fields are chosen and trusted, and writes weights, card and curves.

    python -m models.training.fields                       # three quarters of an hour on one core
    python -m models.training.fields --count 200 --out out/fields   # quick, and writes elsewhere

Renders receipts of the training split, half of them of shops whose names the readers were not
trained on (who knows a name by heart reads it surer than others), reads them with the real reader,
and fits each field's choice and trust on the candidates (`models/fields.md` says how and how well).
Seeds are other than the committed set's. Stopped halfway it goes on where it was. What it writes is
`receipt_screen/fields/learned.toml` and `learned_kinds.toml`, `receipt_screen/curves.toml`,
`models/fields.md` and `docs/confidence.png`.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from models.training.fields.card import write_card
from models.training.fields.cases import LEARNED, cases_of
from models.training.fields.curves import draw_curves
from models.training.fields.kinds import learn_kinds, write_kinds
from models.training.fields.learn import Learned, learn_field
from models.training.fields.weights import write_curves, write_weights
from models.training.readings import (
    CACHE,
    ONE_THREAD,
    ROOT,
    Picked,
    read_others,
    read_samples,
    reader_key,
)


def main(arguments: list[str] | None = None) -> None:
    """Reads, fits and writes."""
    options = _parser().parse_args(arguments)
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    console = Console(stderr=True)
    known = Picked("train", options.seed + 1, options.count // 2, options.cache)
    fresh = replace(known, split="fresh", seed=options.seed, count=options.count - known.count)
    samples = [
        sample
        for picked in (fresh, known)
        for sample in read_samples(picked, console, workers=options.workers)
    ]
    some = replace(known, seed=options.seed, count=options.others)
    others = read_others(some, console, workers=options.workers)
    cases = cases_of(track(samples, "candidates", console=console))
    learned = [learn_field(name, cases[name]) for name in track(LEARNED, "fields", console=console)]
    fields = options.out / "receipt_screen" / "fields"
    fields.mkdir(parents=True, exist_ok=True)
    write_kinds(fields / "learned_kinds.toml", learn_kinds(samples, others))
    _write(
        options.out,
        learned,
        f"{options.count} pictures of seeds {options.seed} and {options.seed + 1}",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.fields",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=1420, help="pictures to learn from")
    parser.add_argument("--others", type=int, default=120, help="pictures of no receipts")
    parser.add_argument("--seed", type=int, default=11, help="1 is the committed set's")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where readings are kept")
    parser.add_argument("--workers", type=int, default=1, help="processes for reading")
    parser.add_argument("--out", type=Path, default=ROOT, help="below which the files are written")
    return parser


def _write(out: Path, learned: list[Learned], learned_from: str) -> None:
    weights = out / "receipt_screen" / "fields" / "learned.toml"
    write_weights(weights, learned)
    write_curves(out / "receipt_screen" / "curves.toml", learned)
    write_card(out / "models" / "fields.md", learned, f"{learned_from}, read by {reader_key()}")
    draw_curves(out / "docs" / "confidence.png", learned)


if __name__ == "__main__":
    main()
