"""How a registry grows: microseconds to look up and insert, and bytes an entry.

    python -m benchmarks.scale            1000 to 1 000 000 entries
    python -m benchmarks.scale --quick    1000 and 10 000

Ours is the whole registry in an SQLite file: transaction keys, text and hashes, each remembered
submission written durably. The peers hold nothing but hashes of 256 bits in memory. All look for
what is at most 10 bits away. A size that a contestant would need too long for is named so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import psutil

from benchmarks.children import processes
from benchmarks.peers import INDEXES, Hashes, HashIndex, Peer, split_missing
from benchmarks.proportions import median
from benchmarks.script import finish, heading, parser
from benchmarks.tables import Table

matplotlib.use("Agg")

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000, 1_000_000), (1_000, 10_000)
QUESTIONS = 20
"""Look-ups and inserts that are timed at each size, unless they take too long."""
PATIENCE = 30.0
"""Seconds that filling a contestant, or asking it, may take at one size."""
PIECE = 1_000
"""Entries between two looks at the clock."""
HASH_BYTES = 32
TITLES = {peer.name: peer.title for peer in INDEXES}


# ── measuring ────────────────────────────────────────────────────────────────────────────────


def hashes(seed: int, count: int) -> Hashes:
    """Random hashes of 256 bits, always the same ones."""
    return np.random.default_rng(seed).integers(0, 256, (count, HASH_BYTES), np.uint8)


def measure(peer: Peer, size: int) -> dict[str, Any]:
    """One contestant at one size: µs, seconds and bytes an entry, or `why` not."""
    with closing(peer.open()) as index:
        return _measured_at(index, size)


def _measured_at(index: HashIndex, size: int) -> dict[str, Any]:
    wanted = hashes(1, QUESTIONS)
    index.near(wanted[0])  # what the package itself takes isn't an entry's
    before = psutil.Process().memory_info().rss
    if not fill(index, size):
        return {"size": size, "why": f"filling takes more than {PATIENCE:.0f} s"}
    opening = index.reopen(wanted[0])
    index.near(wanted[0])  # what is loaded by the first question isn't part of the others
    held = psutil.Process().memory_info().rss - before
    look_up = _timed(index.near, list(wanted))
    insert = _timed(index.add, [row[None] for row in hashes(2, QUESTIONS)])
    stored = index.stored_bytes()
    return {
        "size": size,
        "look_up": look_up,
        "insert": insert,
        "opening_seconds": None if opening is None else round(opening, 2),
        "memory_bytes": round(held / size),
        "stored_bytes": None if stored is None else round(stored / size),
    }


def fill(index: HashIndex, size: int) -> bool:
    """Adds so many random entries; False where it would take too long."""
    entries, started = hashes(0, size), time.perf_counter()
    if index.fill(entries):
        return True
    for start in range(0, size, PIECE):
        index.add(entries[start : start + PIECE])
        spent = time.perf_counter() - started
        share = min(size, start + PIECE) / size
        if spent > PATIENCE or (spent > PATIENCE / 10 and spent / share > 2 * PATIENCE):
            return False
    return True


def _timed(work: Callable[[Any], Any], items: Sequence[Any]) -> float:
    """Median µs of doing one."""
    spent: list[float] = []
    for item in items:
        started = time.perf_counter()
        work(item)
        spent.append(time.perf_counter() - started)
        if sum(spent) > PATIENCE / 2:
            break
    return round(1e6 * median(spent), 1)


def _measure(job: tuple[Peer, int]) -> dict[str, Any]:
    return measure(*job)


# ── tables and plot ──────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """Look-up, insert, opening and bytes by size."""
    return [
        _table("Looking up, µs", data, lambda row: _number(row["look_up"])),
        _table("Inserting one, µs", data, lambda row: _number(row["insert"])),
        _table("Opening and answering the first question, s", data, _opening),
        _table("Bytes an entry: memory / on disk", data, _bytes),
    ]


def _table(title: str, data: Mapping[str, Any], cell: Callable[[Mapping[str, Any]], str]) -> Table:
    contestants = data["contestants"]
    sizes = [row["size"] for row in next(iter(contestants.values()))]
    rows = [
        (TITLES[name], *(cell(row) if "why" not in row else "too long" for row in measured))
        for name, measured in contestants.items()
    ]
    return Table(title, ("entries", *(f"{size:,}" for size in sizes)), tuple(rows))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _opening(row: Mapping[str, Any]) -> str:
    seconds = row.get("opening_seconds")
    return "–" if seconds is None else f"{seconds:.2f}"


def _bytes(row: Mapping[str, Any]) -> str:
    stored = row["stored_bytes"]
    return f"{row['memory_bytes']:,}" + ("" if stored is None else f" / {stored:,}")


def plot(data: Mapping[str, Any], file: Path) -> None:
    """Look-up and insert against size, both logarithmic."""
    from matplotlib import pyplot  # noqa: PLC0415 - slow to import; children don't need it

    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4), sharey=True)
    for axis, (key, title) in zip(
        axes, {"look_up": "look-up", "insert": "insert"}.items(), strict=True
    ):
        for name, measured in data["contestants"].items():
            rows = [row for row in measured if "why" not in row]
            axis.plot([r["size"] for r in rows], [r[key] for r in rows], "-o", label=TITLES[name])
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("entries")
        axis.set_title(f"µs of one {title}", fontsize=10)
    axes[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


# ── the run ──────────────────────────────────────────────────────────────────────────────────


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and writes."""
    options = parser(__doc__).parse_args(arguments)
    peers, missing = split_missing(INDEXES)
    sizes = QUICK_SIZES if options.quick else SIZES
    packages = [package for peer in peers for package in peer.packages]
    data = {
        **heading(options, (*packages, "sqlalchemy")),
        "missing": missing,
        "contestants": {peer.name: _measured(peer, sizes) for peer in peers},
    }
    finish("scale", data, tables(data), plot, options)


def _measured(peer: Peer, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """A fresh process for each size, so that memory is that size's own."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        if rows and "why" in rows[-1]:
            rows.append({"size": size, "why": rows[-1]["why"]})
            continue
        with processes(partial(_worker), 1) as run:
            rows += [done.result for done in run([(peer, size)], f"{peer.title}: {size:,}")]
    return rows


def _worker() -> Callable[[tuple[Peer, int]], dict[str, Any]]:
    return _measure


if __name__ == "__main__":
    main()
