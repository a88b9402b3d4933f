"""How large a report of 1,000 submissions is, and how soon a browser has opened it.

    python -m benchmarks.report_opening
    python -m benchmarks.report_opening --quick      100 submissions

The submissions are those of a batch over the samples, repeated under other numbers; the browser
is Debian's Chromium, driven by Playwright, with a fresh profile for each of five openings.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.chromium import ARGUMENTS, CHROMIUM
from benchmarks.desks import FEW, multiply, screen_samples
from benchmarks.script import finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.report.page import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COUNT, QUICK = 1000, 100
OPENINGS = 5


def open_report(browser: Browser, report: Path, wanted: str) -> tuple[float, float]:
    """Seconds until the list can be used, and megabytes that the page's script heap takes."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(report.as_uri(), wait_until="domcontentloaded")
    page.get_by_role("searchbox").fill(wanted)
    page.locator("#rows li:not([hidden])").first.wait_for()
    seconds = time.perf_counter() - start
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    context.close()
    return seconds, float(heap)


def measure(count: int) -> dict[str, float]:
    """Figures of writing and opening a report of so many submissions."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - may not be installed

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        out, target = Path(folder) / "out", Path(folder) / "large"
        target.mkdir()
        screen_samples(out, FEW)
        with multiply(out, count, target) as desk:
            start = time.perf_counter()
            report = write_report(desk, "ko")[0]
            written = time.perf_counter() - start
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        last = f"2025-{count - 1:06d}"
        opened = [open_report(browser, report, last) for _ in range(OPENINGS)]
        browser.close()
        return {
            "submissions": count,
            "megabytes of HTML": round(report.stat().st_size / 1e6, 1),
            "seconds to open, median": round(statistics.median(s for s, _ in opened), 2),
            "seconds to open, slowest": round(max(s for s, _ in opened), 2),
            "script heap, MB": round(max(heap for _, heap in opened), 1),
            "seconds to write": round(written, 1),
        }


ASKED = {"megabytes of HTML": "≤ 60", "seconds to open, median": "≤ 2"}


def tables(data: Mapping[str, Any]) -> list[Table]:
    """What was measured, and what was asked for of 1,000 submissions."""
    rows = [(name, f"{value:,}", ASKED.get(name, "–")) for name, value in data["figures"].items()]
    return (
        [Table("A report in the browser", ("", "measured", "asked"), tuple(rows))] if rows else []
    )


def why_not() -> dict[str, str]:
    """What is missing, if anything is."""
    try:
        import playwright  # noqa: F401, PLC0415 - only asked for
    except ImportError:
        return {"Playwright": "not installed: pip install playwright"}
    return {} if CHROMIUM else {"Chromium": "not installed: apt-get install chromium"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table and writes the figures."""
    options = parser(__doc__).parse_args(arguments)
    missing = why_not()
    figures = {} if missing else measure(QUICK if options.quick else COUNT)
    data = {**heading(options, ("playwright",)), "missing": missing, "figures": figures}
    finish("report_opening", data, tables(data), None, options)


if __name__ == "__main__":
    main()
