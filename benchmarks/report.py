"""Writes docs/benchmarks.md from the figures in benchmarks/results: none is typed by hand.

python -m benchmarks.report
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
READERS = {
    "lines": "receipt-screen, `lines`",
    "tesseract": "receipt-screen, `tesseract`",
    "rapidocr": "RapidOCR as it comes",
}
SETS = {
    "real": "Real receipts",
    "samples": "Rendered samples, test split (shops, layouts and fonts apart from training)",
}
HEAD = """# Benchmarks

Written by `python -m benchmarks.report` from `benchmarks/results/*.json`, which `make bench`
measures. Everything runs on one core, all readers over the same photos in the same run.

The real receipts (photos, scans and screenshots from public repositories without a licence) are
not part of this repository; where the folder is absent the benchmark says so and skips them. Rules
and settings were developed while looking at these 28, so receipts unlike them will read worse.
"""
HOW = """
*right / wrong / silent*: the field's value is the printed one, another one, or none was given.
Where nothing is printed, silence is right. A time is right to the minute; a shop's name when,
without spaces, signs and company forms, it is 80 % alike or a part of four letters and more.
*In text*: the printed value stands, digit for digit, somewhere in what was read. RapidOCR has no
field rules, so only this can be said of it; it is given the whole photo, the other two the same
flattened paper.
"""


def main() -> None:
    """Writes the page."""
    data = json.loads((RESULTS / "reading.json").read_text(encoding="utf-8"))
    parts = [HEAD, _machine(data["machine"])]
    for name, readers in data["sets"].items():
        parts.append(_set(SETS[name], readers))
    parts.append(HOW)
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _machine(machine: dict[str, str]) -> str:
    return "Measured with " + ", ".join(f"{key} {value}" for key, value in machine.items()) + ".\n"


def _set(title: str, readers: dict[str, dict[str, Any]]) -> str:
    photos = next(iter(readers.values()))["photos"]
    names = [READERS[reader] for reader in readers]
    lines = [
        f"## {title}: {photos} photos",
        "",
        _row("", names),
        _row("---", ["---:"] * len(names)),
    ]
    fields = next(iter(readers.values()))["fields"]
    lines += [
        _row(field.replace("_", " "), [_cell(data["fields"][field]) for data in readers.values()])
        for field in fields
    ]
    stages = next(iter(readers.values()))["seconds"]
    lines += [
        _row(f"seconds, {stage} (median)", [_seconds(data, stage) for data in readers.values()])
        for stage in stages
    ]
    lines.append(_row("seconds, total (90th percentile)", [_p90(d) for d in readers.values()]))
    lines.append(
        _row("peak memory, MiB", [str(data["peak_memory_mib"]) for data in readers.values()])
    )
    return "\n".join([*lines, ""])


def _row(head: str, cells: list[str]) -> str:
    return "| " + " | ".join([head, *cells]) + " |"


def _cell(counts: dict[str, int]) -> str:
    judged = counts["right"] + counts["wrong"] + counts["silent"]
    in_text = f"{counts['in_text'] / counts['printed']:.0%} in text" if counts["printed"] else "–"
    if not judged:
        return in_text
    share = counts["right"] / judged
    return f"**{share:.0%}** {counts['right']} / {counts['wrong']} / {counts['silent']}, {in_text}"


def _seconds(data: dict[str, Any], stage: str) -> str:
    seconds = data["seconds"][stage]["median"]
    return f"{seconds:.3f}" if seconds else "–"


def _p90(data: dict[str, Any]) -> str:
    return f"{data['seconds']['total']['p90']:.3f}"


if __name__ == "__main__":
    main()
