"""Seconds and memory for a photo: ours against Tesseract and RapidOCR.

    python -m benchmarks.speed            one core, then all cores
    python -m benchmarks.speed --quick    a few photos

Every reader gets the same photos in the same run: first alone on one core with one thread, then
in as many processes as there are cores. `lines` and `tesseract` do all that `receipt-screen read`
does, on the same flattened paper; RapidOCR decodes and reads the whole photo and finds no fields.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from benchmarks.children import Done, on_cores, total_peak
from benchmarks.labelled import real_photos, sample_photos
from benchmarks.machine import cores
from benchmarks.peers import READERS, Peer, TextReader
from benchmarks.proportions import median
from benchmarks.script import console, finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.photo import open_photos
from receipt_screen.reading import open_reader
from receipt_screen.screener import examine_upload

matplotlib.use("Agg")

STAGES = ("photo", "paper", "reading", "fields", "prints")
TITLES = {
    "lines": "ours, `lines`",
    "tesseract": "ours, `tesseract`",
    "rapidocr": "RapidOCR as it comes",
}
PHOTOS, QUICK_PHOTOS = 16, 1
"""Of each set."""
Measured = Callable[[Path], "Seconds"]


@dataclass(frozen=True)
class Seconds:
    """One photo's time by stage, and how long its process took to open the reader."""

    stages: dict[str, float]
    opening: float

    @property
    def total(self) -> float:
        return sum(self.stages.values())


# ── measuring ────────────────────────────────────────────────────────────────────────────────


def open_engine(name: str) -> Measured:
    """One of our engines."""
    started = time.perf_counter()
    reader = open_reader(name)
    opening = time.perf_counter() - started

    def measure(photo: Path) -> Seconds:
        pages = examine_upload(photo, reader)
        stages = {stage: sum(page.seconds[stage] for page in pages) for stage in STAGES}
        return Seconds(stages, opening)

    return _warm(measure)


def open_peer(peer: Peer) -> Measured:
    """A peer: decoding and reading."""
    started = time.perf_counter()
    reader: TextReader = peer.open()
    opening = time.perf_counter() - started

    def measure(photo: Path) -> Seconds:
        begun = time.perf_counter()
        pixels = open_photos(photo)[0].pixels
        decoded = time.perf_counter()
        reader.read(pixels)
        stages = {"photo": decoded - begun, "reading": time.perf_counter() - decoded}
        return Seconds(stages, opening)

    return _warm(measure)


def _warm(measure: Measured) -> Measured:
    """Once before it counts: models load with the first photo."""
    measure(_photos(1)[0])
    return measure


def _photos(most: int) -> list[Path]:
    """Photos of both sets, spread evenly over each; PDF files aside, which peers don't read."""
    sets = (sample_photos(), real_photos())
    paths = [[p.path for p in photos if p.path.suffix != ".pdf"] for photos in sets]
    return [path for members in paths for path in members[:: max(1, len(members) // most)][:most]]


# ── figures ──────────────────────────────────────────────────────────────────────────────────


def alone_figures(done: Sequence[Done[Seconds]]) -> dict[str, Any]:
    """On one core: the spread of seconds by stage, opening and peak memory."""
    seconds = [each.result for each in done]
    by_stage = {stage: [s.stages[stage] for s in seconds if stage in s.stages] for stage in STAGES}
    return {
        "photos": len(done),
        "stages": {stage: _spread(values) for stage, values in by_stage.items() if values},
        "total": _spread([each.total for each in seconds]),
        "opening": round(seconds[0].opening, 3),
        "peak_mib": total_peak(done),
        "each": [round(each.total, 4) for each in seconds],
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(median(values), 4),
        "p90": round(float(np.quantile(values, 0.9)), 4),
        "most": round(max(values), 4),
    }


def together_figures(done: Sequence[Done[Seconds]]) -> dict[str, Any]:
    """On all cores: seconds a photo, as the busiest process took them."""
    work: dict[int, float] = {}
    for each in done:
        work[each.process] = work.get(each.process, 0.0) + each.result.total
    return {
        "processes": len(work),
        "seconds_a_photo": round(max(work.values()) / len(done), 4),
        "median": _spread([each.result.total for each in done])["median"],
        "peak_mib": total_peak(done),
    }


def ratio(own: Sequence[float], other: Sequence[float]) -> float:
    """How many times as long the other takes, photo by photo, in the median."""
    return round(median([theirs / ours for ours, theirs in zip(own, other, strict=True)]), 2)


# ── tables and plot ──────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """On one core, and on all."""
    readers = data["readers"]
    columns = ("", *(TITLES[name] for name in readers))
    alone = [reader["alone"] for reader in readers.values()]
    together = [reader["together"] for reader in readers.values()]
    own = alone[0]["each"]
    stages = [
        (f"{stage}, median", *(_stage(figures, stage) for figures in alone)) for stage in STAGES
    ]
    one = Table(
        f"One core, seconds a photo, {alone[0]['photos']} photos",
        columns,
        (
            *stages,
            *(
                (f"total, {title}", *(f"{figures['total'][key]:.2f}" for figures in alone))
                for key, title in (
                    ("median", "median"),
                    ("p90", "90th percentile"),
                    ("most", "most"),
                )
            ),
            ("times ours (`lines`), median", *(f"{ratio(own, f['each']):.2f}" for f in alone)),
            ("opening the reader", *(f"{figures['opening']:.2f}" for figures in alone)),
            ("peak memory, MiB", *(f"{figures['peak_mib']:.0f}" for figures in alone)),
        ),
    )
    every = Table(
        f"All {together[0]['processes']} cores, a process on each",
        columns,
        (
            ("seconds a photo, all together", *(f"{f['seconds_a_photo']:.2f}" for f in together)),
            ("photos an hour", *(f"{3600 / f['seconds_a_photo']:,.0f}" for f in together)),
            ("seconds of one photo, median", *(f"{f['median']:.2f}" for f in together)),
            ("peak memory of all, MiB", *(f"{f['peak_mib']:.0f}" for f in together)),
        ),
    )
    return [one, every]


def _stage(figures: Mapping[str, Any], stage: str) -> str:
    return f"{figures['stages'][stage]['median']:.3f}" if stage in figures["stages"] else "–"


def plot(data: Mapping[str, Any], file: Path) -> None:
    """Bars of the stages' medians on one core, peak memory written beside them."""
    from matplotlib import pyplot  # noqa: PLC0415 - slow to import; readers' processes don't need it

    figure, axis = pyplot.subplots(figsize=(8, 2.8))
    readers = data["readers"]
    names = [TITLES[name].replace("`", "") for name in readers]
    left = np.zeros(len(readers))
    for stage in STAGES:
        widths = [
            r["alone"]["stages"].get(stage, {"median": 0})["median"] for r in readers.values()
        ]
        axis.barh(names, widths, left=left, label=stage)
        left += widths
    for row, reader in enumerate(readers.values()):
        axis.text(
            left[row], row, f"  {reader['alone']['peak_mib']:.0f} MiB", va="center", fontsize=8
        )
    axis.set_xlim(0, left.max() * 1.15)
    axis.set_xlabel("seconds a photo on one core, medians of the stages")
    axis.invert_yaxis()
    axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


# ── the run ──────────────────────────────────────────────────────────────────────────────────


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and writes."""
    options = parser(__doc__).parse_args(arguments)
    photos = _photos(QUICK_PHOTOS if options.quick else PHOTOS)
    data = {**heading(options, ("rapidocr", "pytesseract")), "missing": {}, "readers": {}}
    for name, opening in _openings(data["missing"]).items():
        alone = on_cores(opening, photos, title=f"{name}, one core", count=1)
        together = on_cores(opening, photos, title=f"{name}, {len(cores())} cores")
        data["readers"][name] = {
            "alone": alone_figures(alone),
            "together": together_figures(together),
        }
    console.print()
    finish("speed", data, tables(data), plot, options)


def _openings(missing: dict[str, str]) -> dict[str, Callable[[], Measured]]:
    """Our engines and the peers, the missing ones named."""
    peers = {peer.name: peer for peer in READERS}
    openings: dict[str, Callable[[], Measured]] = {"lines": partial(open_engine, "lines")}
    if why := peers["tesseract_raw"].missing():
        missing[TITLES["tesseract"]] = why
    else:
        openings["tesseract"] = partial(open_engine, "tesseract")
    if why := peers["rapidocr"].missing():
        missing[TITLES["rapidocr"]] = why
    else:
        openings["rapidocr"] = partial(open_peer, peers["rapidocr"])
    return openings


if __name__ == "__main__":
    main()
