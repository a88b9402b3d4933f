"""Takes the pictures of report and desk that the docs show, from a batch over samples.

    python -m benchmarks.screenshots            into docs/
    python -m benchmarks.screenshots --out DIR

Needs Debian's Chromium and Playwright, and a Korean font.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.chromium import ARGUMENTS, CHROMIUM
from benchmarks.desks import SHOWN, screen_samples

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = {"width": 1280, "height": 720}
TABLET = {"width": 820, "height": 1180}
ALTERED = "s1_00047"
"""A sample in which somebody has changed the amount of another."""
LOADED = """[...document.images].filter(image => {
  const at = image.getBoundingClientRect();
  return at.width && at.top < innerHeight && at.bottom > 0;
}).every(image => image.complete && image.naturalWidth)"""
DECODED = "Promise.all([...document.images].filter(i => i.naturalWidth).map(i => i.decode()))"
"""What is loaded needn't be painted yet."""


def shoot_report(browser: Browser, out: Path, pictures: Path) -> None:
    """The report at both sizes, with an altered copy open beside what it was made from."""
    for name, size in (("report.jpg", DESKTOP), ("report-tablet.jpg", TABLET)):
        page = browser.new_page(viewport=size)
        page.goto((out / "report.html").as_uri())
        if size is DESKTOP:
            take(page, pictures / "report-overview.jpg")
        page.locator(f"#rows a[data-search*={ALTERED}]").click()
        take(page, pictures / name)
        page.close()


def shoot_desk(browser: Browser, out: Path, pictures: Path) -> None:
    """The desk at both sizes, its choice of reasons, and its numbers after some decisions."""
    with served(out) as link:
        page = browser.new_page(viewport=DESKTOP)
        page.goto(link)
        page.get_by_role("textbox").fill("검토자1")
        page.get_by_role("textbox").press("Enter")
        page.get_by_role("button", name="검토 시작").click()
        page.wait_for_url("**/desk/*")
        while not page.locator(".match.altered_copy").count():
            decide(page, "D")
        take(page, pictures / "desk.jpg")
        page.set_viewport_size(TABLET)
        take(page, pictures / "desk-tablet.jpg")
        page.set_viewport_size(DESKTOP)
        for key in "xxaxpxaaxa":
            decide(page, key.upper())
        page.goto(link.partition("/enter")[0] + "/numbers")
        take(page, pictures / "desk-numbers.jpg")
        page.close()


def decide(page: Page, key: str) -> None:
    """Presses the button of a key, or puts off what hasn't got it."""
    button = page.locator(f"[data-key=Key{key}]")
    with page.expect_navigation():
        (button if button.count() else page.locator("[data-key=KeyD]")).first.click()


@contextmanager
def served(out: Path) -> Iterator[str]:
    """`receipt-screen review` over a batch's results; the link to come in with."""
    command = [sys.executable, "-c", "from receipt_screen.cli import main; main()", "review"]
    process = subprocess.Popen(
        [*command, "--registry", f"sqlite:///{out / 'registry.db'}", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "300", "PYTHONUTF8": "1"},
    )
    if process.stdout is None:
        raise RuntimeError("no output to read")
    try:
        yield next(word for word in process.stdout.readline().split() if "http" in word)
    finally:
        process.terminate()
        process.wait(timeout=20)


def take(page: Page, path: Path) -> None:
    """A screenshot once all pictures in view are there."""
    # Not wait_for_function: its own evaluation is what the pages' security policy forbids.
    while not page.evaluate(LOADED):
        page.wait_for_timeout(50)
    page.evaluate(DECODED)
    page.screenshot(path=path, type="jpeg", quality=88)


def main() -> None:
    """Screens, opens and takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="where the pictures go")
    pictures = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        out = Path(folder) / "out"
        screen_samples(out, SHOWN)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        shoot_report(browser, out, pictures)
        shoot_desk(browser, out, pictures)
        browser.close()


if __name__ == "__main__":
    main()
