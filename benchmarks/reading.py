"""What is read of labelled receipts, how surely and how fast: ours against the peers.

    python -m benchmarks.reading                 real receipts and the samples' test split
    python -m benchmarks.reading --set real --errors
    python -m benchmarks.reading --quick         a few photos of each

Every reader runs in a process of its own, on one core, over the same photos in the same run.
`lines` and `tesseract` are this package's engines on the same flattened paper; `rapidocr` is
the package as it comes, on the whole photo, and has no field rules: for all three "in text"
says whether the printed value stands somewhere in what was read.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.labelled import (
    FIELDS,
    Labelled,
    found_values,
    judge,
    real_photos,
    sample_photos,
    stands_in,
)
from benchmarks.peers.rapidocr_peer import RapidOcrPeer
from receipt_screen.errors import ReceiptScreenError
from receipt_screen.fields import find_fields
from receipt_screen.paper import find_paper
from receipt_screen.photo import open_photos
from receipt_screen.reading import open_reader

RESULTS = Path(__file__).parent / "results" / "reading.json"
ONE_THREAD = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS")
READERS = ("lines", "tesseract", "rapidocr")
STAGES = ("photo", "paper", "reading", "fields")


@dataclass
class Outcome:
    """What one reader made of one photo."""

    id: str
    seconds: dict[str, float]
    in_text: dict[str, bool]
    verdicts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str | None] = field(default_factory=dict)
    confidences: dict[str, float] = field(default_factory=dict)


def measure(reader: str, photos: list[Labelled]) -> tuple[list[Outcome], int]:
    """All outcomes of one reader, and the peak memory of its process in MiB."""
    cv2.setNumThreads(1)
    read = _peer() if reader == "rapidocr" else _engine(reader)
    if photos:
        read(photos[0])  # models load once per process; that isn't part of a photo's time
    outcomes = [read(photo) for photo in track(photos, description=f"{reader:9}")]
    return outcomes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _peer() -> Callable[[Labelled], Outcome]:
    peer = RapidOcrPeer()

    def read(photo: Labelled) -> Outcome:
        text, seconds = peer.read(photo.path)
        return Outcome(photo.id, {"reading": seconds}, _in_text(text, photo))

    return read


def _engine(name: str) -> Callable[[Labelled], Outcome]:
    reader = open_reader(name)

    def read(photo: Labelled) -> Outcome:
        clock = [time.perf_counter()]
        try:
            opened = open_photos(photo.path)[0]
            clock.append(time.perf_counter())
            paper = find_paper(opened)
            clock.append(time.perf_counter())
            page = reader.read(paper.pixels)
            clock.append(time.perf_counter())
            fields = find_fields(page, screen=paper.facts.kind == "screen")
            clock.append(time.perf_counter())
        except ReceiptScreenError as error:
            raise SystemExit(f"{photo.path.name}: {error}") from error
        values = found_values(fields)
        return Outcome(
            photo.id,
            dict(zip(STAGES, (b - a for a, b in pairwise(clock)), strict=True)),
            _in_text("\n".join(line.text for line in page.lines), photo),
            {n: judge(n, values[n], printed) for n, printed in photo.values.items()},
            values,
            {n: getattr(fields, n).confidence for n in FIELDS},
        )

    return read


def _in_text(text: str, photo: Labelled) -> dict[str, bool]:
    return {
        name: stands_in(name, text, printed) for name, printed in photo.values.items() if printed
    }


# ── figures ──────────────────────────────────────────────────────────────────────────────────


def figures(outcomes: list[Outcome], memory: int) -> dict[str, Any]:
    """One reader's figures: counts by field, seconds by stage."""
    return {
        "photos": len(outcomes),
        "fields": {name: _counts(outcomes, name) for name in FIELDS},
        "seconds": {stage: _spread(stage, outcomes) for stage in (*STAGES, "total")},
        "peak_memory_mib": memory,
    }


def _counts(outcomes: list[Outcome], name: str) -> dict[str, float]:
    verdicts = Counter(o.verdicts[name] for o in outcomes if name in o.verdicts)
    in_text = [o.in_text[name] for o in outcomes if name in o.in_text]
    counts: dict[str, float] = {word: verdicts[word] for word in ("right", "wrong", "silent")}
    return {**counts, "in_text": sum(in_text), "printed": len(in_text)}


def _spread(stage: str, outcomes: list[Outcome]) -> dict[str, float]:
    seconds = sorted(
        sum(o.seconds.values()) if stage == "total" else o.seconds.get(stage, 0.0) for o in outcomes
    )
    ninth = seconds[min(len(seconds) - 1, int(0.9 * len(seconds)))]
    return {"median": round(statistics.median(seconds), 4), "p90": round(ninth, 4)}


def show(console: Console, name: str, readers: dict[str, dict[str, Any]]) -> None:
    """The table of one set."""
    table = Table(title=f"{name}: right / wrong / silent, and in text", title_justify="left")
    table.add_column("field")
    for reader in readers:
        table.add_column(reader, justify="right")
    for row in FIELDS:
        table.add_row(row, *(_cell(data, row) for data in readers.values()))
    for stage in (*STAGES, "total"):
        table.add_row(
            f"seconds {stage}",
            *(f"{d['seconds'][stage]['median']:.3f}" for d in readers.values()),
        )
    table.add_row("peak MiB", *(str(data["peak_memory_mib"]) for data in readers.values()))
    console.print(table)


def _cell(data: dict[str, Any], name: str) -> str:
    counts = data["fields"][name]
    judged = sum(counts[word] for word in ("right", "wrong", "silent"))
    in_text = f"{counts['in_text'] / counts['printed']:.0%}" if counts["printed"] else "–"
    if not judged:
        return f"{in_text} in text"
    share = f"{counts['right'] / judged:.0%}"
    return f"{share} ({counts['right']}/{counts['wrong']}/{counts['silent']}), {in_text} in text"


def show_errors(console: Console, reader: str, outcomes: Iterable[Outcome]) -> None:
    """Each mistake of a reader; on the terminal only."""
    for outcome in outcomes:
        for name, verdict in outcome.verdicts.items():
            if verdict != "right":
                value, sure = outcome.values[name], outcome.confidences[name]
                console.print(
                    f"{reader} {outcome.id} {name}: {verdict} {value or ''} ({sure:.2f})",
                    markup=False,
                )


def machine() -> dict[str, str]:
    """Where and with what the figures were measured."""
    packages = ("onnxruntime", "rapidocr", "opencv-python-headless", "pytesseract")
    return {
        "date": dt.date.today().isoformat(),
        "python": platform.python_version(),
        "processor": platform.processor() or platform.machine(),
        **{package: version(package) for package in packages},
    }


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", choices=("real", "samples", "all"), default="all")
    parser.add_argument("--limit", type=int, default=None, help="photos of each set")
    parser.add_argument("--quick", action="store_true", help="six photos of each set")
    parser.add_argument("--errors", action="store_true", help="print each mistake")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    console = Console(width=130)
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # for the readers' own processes
    sets = {"real": real_photos, "samples": sample_photos}
    results: dict[str, Any] = {"machine": machine(), "sets": {}}
    for name, load in sets.items():
        photos = load()[: 6 if options.quick else options.limit]
        if options.set not in (name, "all"):
            continue
        if not photos:
            console.print(f"{name}: no photos here, skipped")
            continue
        results["sets"][name] = _measure_set(console, name, photos, options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    console.print(f"written: {options.out}")


def _measure_set(
    console: Console, name: str, photos: list[Labelled], options: argparse.Namespace
) -> dict[str, Any]:
    data = {}
    readers = [reader for reader in READERS if reader != "tesseract" or shutil.which(reader)]
    if len(readers) < len(READERS):
        console.print("tesseract is not installed: left out")
    for reader in readers:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as alone:
            outcomes, memory = alone.submit(measure, reader, photos).result()
        data[reader] = figures(outcomes, memory)
        if options.errors:
            show_errors(console, reader, outcomes)
    show(console, name, data)
    return data


if __name__ == "__main__":
    main()
