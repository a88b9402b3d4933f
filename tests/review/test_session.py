"""Reviewers at work: a real browser, the real command, and everything by keyboard."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import desks
import pytest
from browser import chromium
from sqlalchemy import update

from receipt_screen.desk.store import open_desk
from receipt_screen.desk.tables import SUBMISSIONS
from receipt_screen.registry import open_registry

pytest.importorskip("uvicorn")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from receipt_screen.cli import main; main()"]


class Server:
    """`receipt-screen review` over a desk, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry = f"sqlite:///{folder / 'registry.db'}"
        open_registry(self.registry).close()  # as the batch has made it
        self.port = 0
        self.link = self.start()

    def start(self) -> str:
        arguments = ["--registry", self.registry]
        self.process = subprocess.Popen(
            [*COMMAND, "review", *arguments, "--port", str(self.port), "--language", "ko"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "300", "PYTHONUTF8": "1"},
        )
        assert self.process.stdout
        link = re.search(r"http://127\.0\.0\.1:(\d+)/enter\S+", self.process.stdout.readline())
        assert link
        self.port = int(link[1])
        return link[0]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(how)
        self.process.wait(timeout=20)
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    desks.fill(tmp_path, 5).close()
    yield from served(tmp_path)


def served(folder: Path) -> Iterator[Server]:
    running = Server(folder)
    yield running
    if running.process.poll() is None:
        running.stop()


def come_in(browser: Browser, link: str, name: str) -> Page:
    """A browser of one's own, signed in; fails where a page complains of anything."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(link)
    # Text that is typed before the page has put the cursor there would be lost.
    page.locator("input[name=reviewer]:focus").wait_for()
    page.keyboard.type(name)
    press(page, "Enter", "**/")
    return page


def press(page: Page, key: str, leads_to: str) -> None:
    """A key that leads to another page; back when its scripts hear the next key."""
    with page.expect_navigation(url=leads_to, wait_until="load", timeout=30_000):
        page.keyboard.press(key)


def shown(page: Page) -> str:
    return page.locator("h2").first.inner_text()


def test_a_whole_session_by_keyboard_from_queue_to_export(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    page = come_in(browser, server.link, "김")
    press(page, "g", "**/desk/*")
    assert shown(page) == "2025-000003"

    press(page, "n", "**/desk/*note=apart")
    assert page.locator(".match").count() == 0
    press(page, "a", "**/desk/*")
    page.keyboard.press("r")
    page.keyboard.press("2")
    page.locator("input[name=reason][value=outside_period]:checked").wait_for()
    press(page, "Enter", "**/desk/*")
    press(page, "p", "**/desk/*")
    press(page, "d", "**/desk/*")
    press(page, "a", "**/")
    assert "지금 검토할 접수가 없습니다" in page.inner_text("main")
    press(page, "n", "**/numbers")
    page.locator("input[name=reason]").focus()
    page.keyboard.type("추첨")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "decisions.csv")

    with (tmp_path / "decisions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["2025-000003"]["decision"] == "approved"
    decisions = sorted(row["decision"] for row in rows.values())
    assert decisions == ["approved", "approved", "new_photo", "open", "rejected"]
    (rejected,) = [row for row in rows.values() if row["decision"] == "rejected"]
    assert rejected["reason"] == "outside_period"


def test_an_edit_turns_the_verdict_and_undo_turns_it_back(browser: Browser, server: Server) -> None:
    page = come_in(browser, server.link, "김")
    page.goto(f"http://127.0.0.1:{server.port}/")
    press(page, "g", "**/desk/*")
    press(page, "d", "**/desk/*")
    press(page, "d", "**/desk/*")
    chip = page.locator(".sheet-head .chip")
    before = chip.inner_text()
    assert "적격" not in before.replace("부적격", "")

    page.keyboard.press("1")
    page.locator("input[name=value]:focus").wait_for()
    page.keyboard.type("100000")
    press(page, "Enter", "**/desk/*note=edited")

    assert "적격 제안" in chip.inner_text()
    history = page.locator(".history").inner_text()
    assert "→ 100000" in history
    press(page, "u", "**/desk/*note=undone")
    assert chip.inner_text() == before


def test_a_submission_shown_blind_is_opened_before_it_is_approved_against_the_machine(
    browser: Browser, tmp_path: Path
) -> None:
    with desks.fill(tmp_path, 2, audit=1.0) as desk, desk.database.writing("rows") as connection:
        connection.execute(update(SUBMISSIONS).values(blind=1))
    for server in served(tmp_path):
        page = come_in(browser, server.link, "김")
        press(page, "g", "**/desk/*")
        shown_blind = []
        for _ in range(2):
            shown_blind.append(page.locator(".blind").count())
            assert page.locator(".sheet-head .chip").count() == 0
            press(page, "a", "**/*")
            if page.url.endswith("note=opened"):
                assert page.locator(".blind").count() == 0
                assert "확인 필요" in page.inner_text(".says")
                press(page, "a", "**/*")
        assert shown_blind == [1, 1]
        with open_desk(tmp_path) as desk:
            assert {row.state for row in desk.rows()} == {"approved"}


def test_the_two_pictures_of_a_match_scroll_together(browser: Browser, server: Server) -> None:
    page = come_in(browser, server.link, "김")
    press(page, "g", "**/desk/*")
    here, there = page.locator(".pair .photo").all()
    here.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    here.evaluate("photo => photo.scrollTo(60, 80)")

    page.wait_for_timeout(300)
    both = [
        photo.evaluate("photo => [photo.scrollLeft, photo.scrollTop]") for photo in (here, there)
    ]
    assert both[0] == both[1] != [0, 0]


def test_two_browsers_at_once_get_two_submissions(browser: Browser, server: Server) -> None:
    one = come_in(browser, server.link, "김")
    one.get_by_role("button", name="검토자 초대").click()
    other = come_in(browser, one.locator("code").inner_text(), "이")
    one.goto(f"http://127.0.0.1:{server.port}/")
    press(one, "g", "**/desk/*")
    press(other, "g", "**/desk/*")
    assert shown(one) != shown(other)

    other.goto(one.url)
    assert other.locator(".bar button[data-key=KeyA]").count() == 0
    press(one, "a", "**/desk/*")
    one.go_back()
    one.reload()
    assert "결정: 승인" in one.inner_text(".says-head")


def test_a_reload_in_the_middle_and_a_killed_server_lose_nothing(
    browser: Browser, server: Server
) -> None:
    page = come_in(browser, server.link, "김")
    press(page, "g", "**/desk/*")
    first = shown(page)
    press(page, "a", "**/desk/*")
    second = shown(page)
    page.reload()
    assert shown(page) == second

    server.stop(signal.SIGKILL)
    server.start()
    page.reload()

    assert shown(page) == second
    press(page, "a", "**/desk/*")
    with open_desk(server.folder) as desk:
        states = {row.submission: row.state for row in desk.rows()}
    assert states[first] == states[second] == "approved"


def test_the_next_picture_is_fetched_ahead(browser: Browser, server: Server) -> None:
    page = come_in(browser, server.link, "김")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    press(page, "g", "**/desk/*")
    ahead = page.get_attribute("body", "data-next")
    page.wait_for_load_state("networkidle")

    assert ahead
    assert any(url.endswith(ahead) for url in asked)


def test_a_receipt_that_prints_a_script_runs_none(browser: Browser, tmp_path: Path) -> None:
    desks.scripted(tmp_path).close()
    for server in served(tmp_path):
        page = come_in(browser, server.link, desks.SCRIPT[:40])
        press(page, "g", "**/desk/*")
        page.wait_for_load_state("networkidle")

        assert page.evaluate("window.hit") is None
        assert desks.SCRIPT in page.inner_text("body")


def test_axe_finds_nothing_serious_at_any_size(browser: Browser, server: Server) -> None:
    """640 × 360 is what 1280 × 720 is at 200 % zoom."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = come_in(browser, server.link, "김")
    press(page, "g", "**/desk/*")
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for address in (page.url, f"http://127.0.0.1:{server.port}/numbers"):
        page.goto(address)
        for width, height in ((1280, 720), (820, 1180), (640, 360)):
            page.set_viewport_size({"width": width, "height": height})
            assert serious(axe.run(page).response["violations"]) == []
            assert not page.evaluate(overflow)
    page.goto(f"http://127.0.0.1:{server.port}/desk/4")
    page.keyboard.press("r")
    assert serious(axe.run(page).response["violations"]) == []


def serious(violations: list[dict[str, object]]) -> list[object]:
    return [(v["id"], v["help"]) for v in violations if v["impact"] in ("serious", "critical")]
