"""Learns how much each likeness of two receipts says, and writes weights and card.

    python -m models.training.relation                        # some twenty minutes on two cores
    python -m models.training.relation --count 96 --test-count 96 --crowds 4 --out out/relation

Renders and reads pictures of the training split, lays those of each pair on each other, learns, and
measures on the test split. Stopped halfway it goes on where it was. What it writes is
`receipt_screen/relation/weights.toml` and `models/relation.md`.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.proportions import Share
from models.training.readings import CACHE, ONE_THREAD, ROOT, Picked, read_samples, reader_key
from models.training.relation.crowds import read_crowds
from models.training.relation.learn import Features, Learned, learn, weights_toml
from models.training.relation.measure import by_pictures, by_prints, located, recall_at, tally
from models.training.relation.pairs import Eye, Pair, crowded, labelled, make_pairs
from receipt_screen.reading import open_reader
from receipt_screen.relation.model import PICTURES, PRINTS, weights_of

CARD = Path(__file__).with_name("card.md")
RATES = (0.01, 0.001)


@dataclass(frozen=True)
class Examples:
    """Pairs of a split with their features, without and with the pictures."""

    pairs: list[Pair]
    eye: Eye
    features: dict[str, Features]


def main(arguments: list[str] | None = None) -> None:
    """Reads, learns, measures and writes."""
    options = _parser().parse_args(arguments)
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    console = Console(stderr=True)
    train = _examples(Picked("train", options.seed, options.count, options.cache), options, console)
    learned = [learn(name, train.pairs, train.features[name]) for name in (PRINTS, PICTURES)]
    _write(options.out / "receipt_screen" / "relation" / "weights.toml", weights_toml(learned))
    test_seed, test_count = options.seed - 1, options.test_count
    test = _examples(Picked("test", test_seed, test_count, options.cache), options, console)
    weights_of.cache_clear()  # measured with what was just written
    altered = [pair for pair in test.pairs if pair.edited]
    card = CARD.read_text(encoding="utf-8").format(
        learned_from=_described(train, options.seed),
        measured_on=_described(test, test_seed),
        recalls="\n".join(_recalls(each, train, test) for each in learned),
        scenarios=_scenarios(test, console),
        located=_share(located(track(altered, "locating", console=console))),
    )
    _write(options.out / "models" / "relation.md", card)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.relation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=720, help="pictures to learn from")
    parser.add_argument("--test-count", type=int, default=480, help="pictures to measure on")
    parser.add_argument("--crowds", type=int, default=32, help="shops with several receipts each")
    parser.add_argument("--seed", type=int, default=13, help="1 is the committed set's")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where readings are kept")
    parser.add_argument("--workers", type=int, default=1, help="processes for reading")
    parser.add_argument("--out", type=Path, default=ROOT, help="below which the files are written")
    return parser


def _examples(picked: Picked, options: argparse.Namespace, console: Console) -> Examples:
    samples = labelled(picked, read_samples(picked, console, workers=options.workers))
    samples += crowded(read_crowds(picked, options.crowds, open_reader()))
    pairs = make_pairs(samples)
    eye = Eye(picked.folder / f"seen.{reader_key()}.jsonl")
    seen = [eye.see(pair) for pair in track(pairs, "laying pictures", console=console)]
    prints = [pair.features(None) for pair in pairs]
    pictures = [pair.features(each) for pair, each in zip(pairs, seen, strict=True)]
    return Examples(pairs, eye, {PRINTS: prints, PICTURES: pictures})


def _described(examples: Examples, seed: int) -> str:
    pairs = examples.pairs
    same, hard = sum(pair.same for pair in pairs), sum(pair.hard for pair in pairs)
    others = len(pairs) - same - hard
    return (
        f"{same} pairs of one purchase, {hard} of different purchases at one shop and {others} of "
        f"different shops, rendered (seed {seed}) and read by {reader_key()}"
    )


def _recalls(learned: Learned, train: Examples, test: Examples) -> str:
    chances = learned.chances(test.features[learned.name])
    rows = []
    for rate in RATES:
        found, _ = recall_at(chances, test.pairs, rate)
        folded, _ = recall_at(learned.folded, train.pairs, rate)
        boosted, _ = recall_at(learned.boosted, train.pairs, rate)
        rows.append(
            f"| {learned.name} | {rate:.1%} | {_share(found)} | {_share(folded)} "
            f"| {_share(boosted)} |"
        )
    return "\n".join(rows)


def _scenarios(test: Examples, console: Console) -> str:
    prints = tally(test.pairs, [by_prints(pair) for pair in test.pairs])
    told = by_pictures(test.eye)
    pictures = tally(
        test.pairs, [told(pair) for pair in track(test.pairs, "telling", console=console)]
    )
    return "\n".join(
        f"| {one.how} | {_hits(one.duplicate)} | {_hits(one.altered)} | {_hits(other.duplicate)} "
        f"| {_hits(other.altered)} |"
        for one, other in zip(prints, pictures, strict=True)
    )


def _hits(share: Share) -> str:
    return f"{share.hits}/{share.of}"


def _share(share: Share) -> str:
    low, high = share.interval()
    return f"{share.value or 0:.1%} ({low:.1%} – {high:.1%})"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
