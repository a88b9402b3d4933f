"""Which uploads show a receipt again: ours against hashes and local features.

    python -m benchmarks.reuse            renders its images (needs the fonts of samples.render)
    python -m benchmarks.reuse --quick    a few of the committed samples
    python -m benchmarks.reuse --blocks 180 --ours --cache out/reuse
                                          thirty pairs of each scenario, without the peers; keeps
                                          pictures and readings, and goes on where it was stopped

All methods get the same images and the same pairs. Thresholds are set on unrelated pairs: receipts
of different shops. Different receipts of one shop are counted apart, for they look alike and
are the honest uploads that a campaign gets.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isinf
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from benchmarks.children import Done, processes
from benchmarks.peers import MATCHERS, Matcher, Peer, split_missing
from benchmarks.peers.ours import KEPT, Told
from benchmarks.proportions import Scores, Share, found, median, percent, threshold_at
from benchmarks.reuse_images import BLOCKS, Collection, Pair, committed, rendered, unrelated
from benchmarks.script import console, finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.geometry import Box, Quad
from samples.render.fonts import FontsMissingError, require_fonts

matplotlib.use("Agg")

UNRELATED, QUICK_UNRELATED = 10_000, 200
QUICK_IMAGES = 16
CHUNK = 100
"""Pairs that travel to a process together."""
RATES = (1e-2, 1e-3, 1e-4)
LOCATED = 0.5
"""Intersection over union of a frame and what was edited."""
RELATIONS = {
    "same_file": "same file",
    "same_image": "same image",
    "same_receipt": "same receipt",
    "altered_copy": "altered copy",
    "same_shop": "one shop, another receipt",
    "other_shop": "another shop, same layout",
    "unrelated": "unrelated",
}
DUPLICATES = tuple(RELATIONS)[:4]
TOLD = {"found": "one purchase", "altered": "an altered copy", "located": "the edit framed",
        "strong": "strong flag", "review": "to review"}  # fmt: skip
OWN_STYLES = {"ours": "k-o", "ours_pictures": "r--"}
TITLES = {peer.name: peer.title for peer in MATCHERS}


# ── measuring ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Scored:
    """One method's likeness of every pair, in the order of the pairs, and what it took."""

    scores: Scores
    describing: float
    """Seconds an image, median."""
    comparing: float
    """Seconds a pair, mean."""
    told: tuple[Told, ...] = ()
    """Ours say more than a number."""


@dataclass(frozen=True)
class Job:
    """What a process does with one method: describes a photo, or compares some pairs."""

    method: str
    photo: Path | None = None
    pairs: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True)
class Answer:
    """Descriptions or likenesses, and the seconds they took."""

    values: tuple[Any, ...]
    seconds: float


def score(peers: Sequence[Peer], images: Collection, pairs: Sequence[Pair]) -> dict[str, Scored]:
    """Each of the peers describes all images, then compares all pairs."""
    described: dict[str, list[Answer]] = {}
    scored = {}
    with processes(partial(_opened, tuple(peers))) as run:
        for peer in peers:
            if peer.described_by is None:
                described[peer.name] = _describe(peer, run, images)
            if peer.described_by is None and (acquaint := getattr(peer.kind(), "acquaint", None)):
                described[peer.name] = _acquainted(acquaint, described[peer.name])
            known = described[peer.described_by or peer.name]
            scored[peer.name] = _compare(peer, run, known, pairs)
    return scored


Run = Callable[[Sequence[Job], str], list[Done[Answer]]]


def _describe(peer: Peer, run: Run, images: Collection) -> list[Answer]:
    jobs = [Job(peer.name, image.path) for image in images.images]
    return [done.result for done in run(jobs, f"{peer.title}: images")]


def _acquainted(
    acquaint: Callable[[list[Any]], list[Any]], answers: Sequence[Answer]
) -> list[Answer]:
    made = acquaint([answer.values[0] for answer in answers])
    return [Answer((each,), answer.seconds) for each, answer in zip(made, answers, strict=True)]


def _compare(peer: Peer, run: Run, known: Sequence[Answer], pairs: Sequence[Pair]) -> Scored:
    described = [answer.values[0] for answer in known]
    jobs = [
        Job(peer.name, pairs=tuple((described[pair.one], described[pair.other]) for pair in chunk))
        for chunk in batched(pairs, CHUNK)
    ]
    compared = [done.result for done in run(jobs, f"{peer.title}: pairs")]
    values = [value for answer in compared for value in answer.values]
    return Scored(
        np.array([float(value) for value in values]),
        median([answer.seconds for answer in known]),
        sum(answer.seconds for answer in compared) / len(pairs),
        tuple(value for value in values if isinstance(value, Told)),
    )


def batched(pairs: Sequence[Pair], size: int) -> Iterator[Sequence[Pair]]:
    """Pieces of so many."""
    return (pairs[start : start + size] for start in range(0, len(pairs), size))


def _opened(peers: tuple[Peer, ...]) -> Callable[[Job], Answer]:
    matchers: dict[str, Matcher] = {peer.name: peer.open() for peer in peers}

    def work(job: Job) -> Answer:
        matcher, started = matchers[job.method], time.perf_counter()
        values = (
            tuple(_likeness(matcher)(one, other) for one, other in job.pairs)
            if job.photo is None
            else (matcher.describe(job.photo),)
        )
        return Answer(values, time.perf_counter() - started)

    return work


def _likeness(matcher: Matcher) -> Callable[[Any, Any], Any]:
    return getattr(matcher, "tell", matcher.likeness)


# ── figures ──────────────────────────────────────────────────────────────────────────────────


def figures(scored: Scored, pairs: Sequence[Pair], published: float) -> dict[str, Any]:
    """Shares found at each threshold, by relation and by what was done."""
    relations = np.array([pair.relation for pair in pairs])
    negatives = scored.scores[relations == "unrelated"]
    shops = scored.scores[relations == "same_shop"]
    thresholds = {
        # A score at the published threshold counts as alike: the next lower number divides.
        "published": float(np.nextafter(published, -np.inf)),
        **{f"{rate:g}": threshold_at(negatives, rate) for rate in RATES},
        "one_shop": threshold_at(shops, RATES[0]),
    }
    return {
        "describing_seconds": round(scored.describing, 5),
        "comparing_microseconds": round(1e6 * scored.comparing, 1),
        "at": {
            name: _at(threshold, scored.scores, pairs) for name, threshold in thresholds.items()
        },
        "curve": {"unrelated": _curve(scored, relations, negatives),
                  "one_shop": _curve(scored, relations, shops)},
        **({"told": told(scored.told, pairs)} if scored.told else {}),
    }  # fmt: skip


def told(answers: Sequence[Told], pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """What ours say, counted by what was done."""
    counts: dict[str, dict[str, int]] = {}
    for answer, pair in zip(answers, pairs, strict=True):
        row = counts.setdefault(
            pair.how, dict.fromkeys(("of", "found", "altered", "strong", "review", "located"), 0)
        )
        row["of"] += 1
        row["found"] += answer.relation in DUPLICATES
        row["altered"] += answer.relation == "altered_copy"
        row["strong"] += answer.severity == "strong"
        row["review"] += answer.severity == "review"
        row["located"] += bool(pair.edited) and is_located(answer.frames, pair.edited)
    return counts


def is_located(frames: Sequence[Box], edited: Sequence[Quad]) -> bool:
    """A frame lies on what was edited: intersection over union of half and more."""
    return any(_overlap(frame, edit.box) >= LOCATED for frame in frames for edit in edited)


def _overlap(one: Box, other: Box) -> float:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(1e-6, one.width * one.height + other.width * other.height - shared)


def _at(threshold: float, scores: Scores, pairs: Sequence[Pair]) -> dict[str, Any]:
    relations = np.array([pair.relation for pair in pairs])
    hows = np.array([pair.how for pair in pairs])
    return {
        "threshold": None if isinf(threshold) else round(threshold, 6),
        "relations": {
            name: found(scores[relations == name], threshold).as_json() for name in RELATIONS
        },
        "duplicates": found(scores[np.isin(relations, DUPLICATES)], threshold).as_json(),
        "hows": {
            how: found(scores[hows == how], threshold).as_json() for how in dict.fromkeys(hows)
        },
    }


def _curve(scored: Scored, relations: Any, negatives: Scores) -> list[tuple[float, float]]:
    """Rate of false alarms and recall, at every threshold that divides the negatives."""
    positives = scored.scores[np.isin(relations, DUPLICATES)]
    if not len(negatives) or not len(positives):
        return []
    values = np.unique(negatives)
    values = values[:: max(1, len(values) // 200)]
    return [
        (round(float(np.mean(negatives > value)), 6), round(float(np.mean(positives > value)), 4))
        for value in values
    ]


# ── tables and plot ──────────────────────────────────────────────────────────────────────────


OPERATING = {
    "published": "At the published thresholds",
    "0.01": "At most 1 false alarm in 100 unrelated pairs",
    "0.001": "At most 1 false alarm in 1000 unrelated pairs",
    "0.0001": "At most 1 false alarm in 10 000 unrelated pairs",
    "one_shop": "At most 1 false alarm in 100 pairs of one shop's receipts",
}


def tables(data: Mapping[str, Any]) -> list[Table]:
    """By relation at each threshold, and by what was done at 1 in 1000."""
    methods = data["methods"]
    made = [_relations_table(title, name, methods) for name, title in OPERATING.items()]
    ours = [_told_table(name, method) for name, method in methods.items() if "told" in method]
    return [*made, _hows_table(methods), *ours, _costs_table(methods)]


def tables_of_ours(data: Mapping[str, Any]) -> list[Table]:
    """What ours say, by relation and by what was done."""
    methods = data["methods"]
    by_relation = _relations_table(OPERATING["published"], "published", methods)
    return [by_relation, *(_told_table(name, method) for name, method in methods.items())]


def _relations_table(title: str, name: str, methods: Mapping[str, Any]) -> Table:
    some = next(iter(methods.values()))["at"][name]["relations"]
    heads = [f"{RELATIONS[each]} ({some[each]['of']})" for each in RELATIONS]
    rows = []
    for method, figures in methods.items():
        at = figures["at"][name]
        cells = [_percent(at["relations"][each]) for each in RELATIONS]
        rows.append((TITLES[method], *cells))
    return Table(title, ("found, %", *heads), tuple(rows))


def _percent(share: Mapping[str, Any]) -> str:
    return percent(Share(share["hits"], share["of"]))


def _hows_table(methods: Mapping[str, Any]) -> Table:
    hows = {name: figures["at"]["0.001"]["hows"] for name, figures in methods.items()}
    some = next(iter(hows.values()))
    rows = [
        (how.replace("_", " "), str(of["of"]), *(_percent(each[how]) for each in hows.values()))
        for how, of in some.items()
        if how != "unrelated"
    ]
    titles = [TITLES[name] for name in methods]
    title = "What was done, at most 1 false alarm in 1000 unrelated pairs"
    return Table(title, ("found, %", "pairs", *titles), tuple(rows))


def _told_table(name: str, method: Mapping[str, Any]) -> Table:
    rows = [
        (how.replace("_", " "), str(row["of"]),
         *(_percent({"hits": row[what], "of": row["of"]}) for what in TOLD))
        for how, row in method["told"].items()
    ]  # fmt: skip
    return Table(f"What is said: {TITLES[name]}", ("", "pairs", *TOLD.values()), tuple(rows))


def _costs_table(methods: Mapping[str, Any]) -> Table:
    rows = [
        (TITLES[name], f"{1000 * each['describing_seconds']:.1f}",
         f"{each['comparing_microseconds']:.0f}", _threshold(each["at"]["0.001"]["threshold"]))
        for name, each in methods.items()
    ]  # fmt: skip
    columns = ("", "ms an image", "µs a pair", "alike above, at 1 in 1000")
    return Table("What it costs", columns, tuple(rows))


def _threshold(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def plot(data: Mapping[str, Any], file: Path) -> None:
    """Recall against false alarms, on unrelated pairs and on one shop's receipts."""
    from matplotlib import pyplot  # noqa: PLC0415 - slow to import; children don't need it

    figure, axes = pyplot.subplots(1, 2, figsize=(12, 4.4), sharey=True)
    titles = {"unrelated": "unrelated pairs", "one_shop": "other receipts of one shop"}
    for axis, (name, title) in zip(axes, titles.items(), strict=True):
        for number, (method, figures) in enumerate(data["methods"].items()):
            points = [(max(x, 1e-5), y) for x, y in figures["curve"][name]]
            if points:
                xs, ys = zip(*points, strict=True)
                style = OWN_STYLES.get(method, ("-", "--", ":")[number % 3])
                axis.plot(xs, ys, style, label=TITLES[method], markersize=4, drawstyle="steps-post")
        axis.set_xscale("log")
        axis.set_xlim(1e-5, 1)
        axis.set_xlabel(f"false alarms, share of {title} (0 is drawn at 0.00001)")
    axes[0].set_ylabel("duplicates found")
    axes[1].legend(fontsize=7, loc="lower right")
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


# ── the run ──────────────────────────────────────────────────────────────────────────────────


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and writes."""
    options = _parser().parse_args(arguments)
    known = [peer for peer in MATCHERS if peer.module == "ours" or not options.ours]
    peers, missing = split_missing(known)
    packages = [package for peer in peers for package in peer.packages]
    with tempfile.TemporaryDirectory() as folder:
        images = _images(options.cache or Path(folder), options)
        count = QUICK_UNRELATED if options.quick else UNRELATED
        pairs = (*images.pairs, *unrelated(images, count))
        methods = {
            peer.name: figures(scored[peer.name], pairs, peer.published or 0.0)
            for module in dict.fromkeys(peer.module for peer in peers)
            for members in [[peer for peer in peers if peer.module == module]]
            for scored in [score(members, images, pairs)]
            for peer in members
        }
    data = {
        **heading(options, packages),
        "missing": missing,
        "images": len(images.images),
        "pairs": len(pairs),
        "published": {peer.title: f"{peer.published:g}: {peer.source}" for peer in peers},
        "methods": methods,
    }
    finish("reuse_ours" if options.ours else "reuse", data, tables(data), plot, options)


def _parser() -> argparse.ArgumentParser:
    made = parser(__doc__)
    made.add_argument("--blocks", type=int, default=BLOCKS, help="each has five pairs")
    made.add_argument("--ours", action="store_true", help="leave the peers out")
    made.add_argument(
        "--cache", type=Path, help="folder for pictures and readings; readings have no timing then"
    )
    return made


def _images(folder: Path, options: argparse.Namespace) -> Collection:
    if options.quick:
        return committed(QUICK_IMAGES)
    try:
        require_fonts()
    except FontsMissingError as error:
        console.print(f"only the committed samples: {error}", markup=False)
        return committed(1000)
    images = rendered(folder, options.blocks)
    if options.cache is not None:
        (images.images[0].path.parent / KEPT).mkdir(exist_ok=True)
    return images


if __name__ == "__main__":
    main()
