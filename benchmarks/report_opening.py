"""How large a report of 1,000 submissions is, and how soon a browser has opened it.

    python -m benchmarks.report_opening
    python -m benchmarks.report_opening --count 200

The submissions are those of a batch over the samples, repeated under other numbers; the browser
is Debian's Chromium, driven by Playwright, with a fresh profile for each of five openings.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.screenshots import ARGUMENTS, CAMPAIGN, CHROMIUM, screen_samples
from receipt_screen.campaign import Campaign
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk, open_desk
from receipt_screen.report.page import write_report

RESULTS = Path(__file__).parent / "results" / "report_opening.json"
OPENINGS = 5


def multiply(out: Path, count: int, target: Path) -> Desk:
    """A desk with as many submissions as wanted, all of which a batch has screened."""
    campaign = Campaign.load(CAMPAIGN)
    with open_desk(out) as desk:
        dossiers = [desk.dossier(row.number) for row in desk.rows()]
    known = [dossier for dossier in dossiers if dossier is not None]
    large = Desk(target)
    large.pictures.symlink_to(out / "pictures", target_is_directory=True)
    facts = large.prepare(campaign.source.decode(), out, "ko", 0.05)
    for number, dossier in zip(range(count), cycle(known), strict=False):
        large.add(_renamed(dossier, f"2025-{number:06d}"), campaign, facts)
    return large


def _renamed(dossier: Dossier, submission: str) -> Dossier:
    screening = dossier.screening
    if screening is not None:
        screening = screening.model_copy(update={"submission": submission})
    return dossier.model_copy(update={"submission": submission, "screening": screening})


def open_report(browser: Browser, report: Path) -> tuple[float, float]:
    """Seconds until the list can be used, and megabytes that the page's script heap takes."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(report.as_uri(), wait_until="domcontentloaded")
    page.get_by_role("searchbox").fill("2025-000999")
    page.locator("#rows li:not([hidden])").first.wait_for()
    seconds = time.perf_counter() - start
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    context.close()
    return seconds, float(heap)


def main() -> None:
    """Prints the table and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="submissions (default 1000)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        out, target = Path(folder) / "out", Path(folder) / "large"
        target.mkdir()
        screen_samples(out)
        start = time.perf_counter()
        with multiply(out, count, target) as desk:
            added = time.perf_counter()
            report = write_report(desk, "ko")[0]
        written = time.perf_counter()
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = [open_report(browser, report) for _ in range(OPENINGS)]
        browser.close()
        figures = {
            "submissions": count,
            "megabytes": round(report.stat().st_size / 1e6, 1),
            "seconds to open, median": round(statistics.median(s for s, _ in opened), 2),
            "seconds to open, slowest": round(max(s for s, _ in opened), 2),
            "script heap, MB": round(max(heap for _, heap in opened), 1),
            "milliseconds to put one on the desk": round((added - start) / count * 1e3, 1),
            "milliseconds to write one": round((written - added) / count * 1e3, 1),
        }
    table = Table("report", "")
    for name, value in figures.items():
        table.add_row(name, str(value))
    Console().print(table)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
