"""What the scripts have in common: options, results on disk, and what is missing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.machine import machine
from benchmarks.tables import Table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
QUICK_RESULTS = ROOT / "out" / "benchmarks"
"""A quick look mustn't stand where the docs take their figures from."""

console = Console(width=150)


def parser(doc: str | None) -> argparse.ArgumentParser:
    """The options that every script has."""
    made = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--quick", action="store_true", help="a first look at a few of everything")
    made.add_argument(
        "--out",
        type=Path,
        default=None,
        help="folder for JSON and plot (default: benchmarks/results; with --quick out/benchmarks)",
    )
    return made


def finish(
    name: str,
    data: Mapping[str, Any],
    tables: Sequence[Table],
    plot: Callable[[Mapping[str, Any], Path], None] | None,
    options: argparse.Namespace,
) -> None:
    """Prints the tables, writes `NAME.json` and draws `NAME.png`, where there is something to."""
    folder = options.out or (QUICK_RESULTS if options.quick else RESULTS)
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables:
        table.show(console)
    for peer, why in data.get("missing", {}).items():
        console.print(f"missing: {peer}: {why}", markup=False)
    file = folder / f"{name}.json"
    text = json.dumps(data, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")
    console.print(f"written: {file}", markup=False)
    if plot is not None:
        plot(data, file.with_suffix(".png"))
        console.print(f"written: {file.with_suffix('.png')}", markup=False)


def heading(options: argparse.Namespace, packages: Sequence[str]) -> dict[str, Any]:
    """How every result begins."""
    return {"quick": bool(options.quick), "machine": machine(packages)}
