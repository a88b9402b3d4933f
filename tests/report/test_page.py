"""The report as people open it: from disk, in a browser, without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import cases
import desks
import pytest
from browser import chromium
from PIL import Image

from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk
from receipt_screen.errors import UsageError
from receipt_screen.records import Match, Relation
from receipt_screen.report import page as report_page
from receipt_screen.report.page import write_report
from receipt_screen.report.private import discreet
from receipt_screen.report.words import FLAG_NAMES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    with desks.fill(folder, 10) as desk:
        (path,) = write_report(desk, "ko")
    return path


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    yield from opened(browser, report)


def opened(browser: Browser, path: Path, **context: object) -> Iterator[Page]:
    """A page of the report; fails where it asks for anything that isn't a file, or complains."""
    session = browser.new_context(viewport={"width": 1280, "height": 720})
    page = session.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    yield page
    session.close()
    assert all(url.startswith("file:") for url in asked)
    assert complaints == []


@pytest.mark.slow
def test_it_lists_every_submission_and_shows_one_at_a_time(page: Page) -> None:
    assert page.locator("#rows a").count() == 10

    page.locator("#rows").get_by_role("link", name="2025-000002").click()

    sheet = page.locator("#detail .sheet")
    assert sheet.locator("h2").inner_text() == "2025-000002"
    assert "98,000원 < 100,000원" in sheet.locator(".reasons").inner_text()
    assert sheet.locator(".checks li").count() == len(desks.judged(desks.placed(), "1").checks)
    assert sheet.locator(".strip").count() == len(desks.PLACES)
    picture = sheet.locator(".photo img").first
    picture.evaluate("picture => picture.decode()")


@pytest.mark.slow
def test_fields_and_their_boxes_light_up_together(page: Page) -> None:
    page.locator("#rows").get_by_role("link", name="2025-000000").click()
    box, row = page.locator("polygon[data-field=amount]"), page.locator(".field[data-field=amount]")

    row.focus()
    assert "on" in str(box.get_attribute("class"))
    page.locator("polygon[data-field=date]").hover()
    assert "on" in str(page.locator(".field[data-field=date]").get_attribute("class"))
    assert "on" not in str(row.get_attribute("class")).split()


@pytest.mark.slow
def test_filters_and_search_narrow_the_list(page: Page) -> None:
    visible = page.locator("#rows li:not([hidden])")

    page.get_by_role("button", name="판독 불가").click()
    assert visible.count() == 2
    page.get_by_role("button", name="전체").click()
    page.locator("#flag").select_option("below_minimum")
    assert visible.count() == 2
    page.locator("#flag").select_option("")
    page.get_by_label("중복 의심만").check()
    assert visible.count() == 2
    page.get_by_label("중복 의심만").uncheck()
    page.get_by_role("searchbox").fill("000007 98,000")
    assert visible.count() == 1
    assert "1건" in page.locator("#shown").inner_text()


@pytest.mark.slow
def test_a_match_stands_beside_the_earlier_submission(page: Page) -> None:
    page.locator("#rows").get_by_role("link", name="2025-000003").click()

    match = page.locator("#detail .match")
    assert "같은 영수증" in match.inner_text()
    assert "일치: 승인 거래, 시각과 금액" in match.inner_text()
    assert "다름: 카드와 시각" in match.inner_text()
    assert match.locator("tbody tr").count() == 6
    assert page.locator("#detail .pair .photo img").count() == 2
    assert match.locator(".photo img").count() == 0


@pytest.mark.slow
def test_a_group_is_seen_together_and_its_links_open_the_others(page: Page) -> None:
    visible = page.locator("#rows li:not([hidden])")

    page.locator("#group").select_option(label="묶음 2: 2025-000005 외 1건")
    assert visible.count() == 2
    page.locator("#group").select_option("")
    page.locator("#rows").get_by_role("link", name="2025-000000").click()
    page.locator("#detail .group").get_by_role("link", name="2025-000003").click()

    assert page.locator("#detail .sheet h2").inner_text() == "2025-000003"
    assert page.locator("#rows a[aria-current]").get_by_text("2025-000003").count() == 1


@pytest.mark.slow
def test_printing_prints_what_the_filters_leave(page: Page) -> None:
    page.locator("#flag").select_option("below_minimum")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.locator("#printed .sheet").count() == 2


@pytest.mark.slow
def test_a_receipt_that_prints_a_script_stays_text(browser: Browser, tmp_path: Path) -> None:
    with desks.scripted(tmp_path) as desk:
        (path,) = write_report(desk, "ko")
    for page in opened(browser, path):
        page.locator("#rows a").click()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

        assert page.evaluate("window.hit") is None
        assert desks.SCRIPT in page.locator("#detail").inner_text()


@pytest.mark.slow
def test_axe_finds_nothing_serious(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.locator("#rows").get_by_role("link", name="2025-000003").click()

    assert serious(axe.run(page).response["violations"]) == []


def serious(violations: list[dict[str, object]]) -> list[object]:
    return [v["id"] for v in violations if v["impact"] in ("serious", "critical")]


# ── without a browser ────────────────────────────────────────────────────────────────────────


def test_headings_come_in_the_language_asked_for(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 1) as desk:
        (path,) = write_report(desk, "en")

    assert '<html lang="en">' in path.read_text(encoding="utf-8")
    assert "likely pass" in path.read_text(encoding="utf-8")


def test_more_than_a_page_holds_goes_into_further_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_page, "PER_PAGE", 2)
    with desks.fill(tmp_path, 5, draw=1) as desk:
        paths = write_report(desk, "ko")

    assert [path.name for path in paths] == ["report.html", "report-2.html", "report-3.html"]
    assert 'href="report-3.html"' in paths[0].read_text(encoding="utf-8")


def linked(html: str) -> list[list[tuple[str, str]]]:
    """Of each group in the overview, where its links lead and what they say."""
    listed = re.search(r'<section class="groups".*?</section>', html, re.DOTALL)
    groups = re.findall(r"<li>(.*?)</li>", listed[0], re.DOTALL) if listed else []
    return [re.findall(r'<a href="([^"]*)">([^<]*)</a>', group) for group in groups]


def test_submissions_that_hang_together_are_listed_as_groups_with_links_to_their_rows(
    tmp_path: Path,
) -> None:
    with desks.fill(tmp_path, 10, draw=1) as desk:
        (path,) = write_report(desk, "en")
    html = path.read_text(encoding="utf-8")

    assert linked(html) == [
        [("#row-1", "2025-000000"), ("#row-4", "2025-000003")],
        [("#row-6", "2025-000005"), ("#row-9", "2025-000008")],
    ]
    assert all(html.count(f'id="row-{number}"') == 1 for number in (1, 4, 6, 9))


def test_links_to_submissions_on_another_page_name_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_page, "PER_PAGE", 2)
    with desks.fill(tmp_path, 4, draw=1) as desk:
        first, second = write_report(desk, "ko")

    assert linked(first.read_text(encoding="utf-8"))[0][1][0] == "report-2.html#row-4"
    assert linked(second.read_text(encoding="utf-8"))[0][0][0] == "report.html#row-1"


def test_a_member_of_an_earlier_batch_is_named_without_a_link_and_escaped(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 1) as desk:
        _hand_in(desk, "later", desks.same_receipt("<b>earlier</b>"))
        (path,) = write_report(desk, "en")
    html = path.read_text(encoding="utf-8")

    assert linked(html) == [[("#row-2", "later")]]
    assert "&lt;b&gt;earlier&lt;/b&gt; <small>(not in this report)</small>" in html
    assert "<b>earlier" not in html


def test_a_template_in_common_makes_no_group(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 1) as desk:
        template = {"relation": Relation.SAME_TEMPLATE}
        _hand_in(desk, "later", desks.same_receipt("2025-000000").model_copy(update=template))
        (path,) = write_report(desk, "en")

    assert "hang together" not in path.read_text(encoding="utf-8").lower()


def test_of_a_large_group_a_submission_names_some_and_says_how_many_more(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 1) as desk:
        for number in range(15):
            _hand_in(desk, f"copy-{number}", desks.same_receipt("2025-000000"))
        (path,) = write_report(desk, "en")

    assert "and 3 more: the list can be filtered by group" in path.read_text(encoding="utf-8")


def _hand_in(desk: Desk, submission: str, match: Match) -> None:
    campaign = desks.campaign_of()
    screening = desks.judged(desks.placed(), submission, (match,))
    desk.add(Dossier.of(screening), campaign, desk.facts())


def test_no_picture_has_exif_and_no_number_of_a_card_is_in_the_page(
    tmp_path: Path,
) -> None:
    with desks.fill(tmp_path, 5) as desk:
        (path,) = write_report(desk, "ko")

    for file in (tmp_path / "pictures").iterdir():
        with Image.open(file) as image:
            assert not image.getexif()
    assert "4665-9030" not in path.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 1) as desk:
        (tmp_path / "report.html").mkdir()
        with pytest.raises(UsageError, match="can't be written"):
            write_report(desk, "ko")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("전화 063-123-4567", "전화 •••"),
        ("4665-9030-2872-5009", "•••5009"),
        ("100,000원", "100,000원"),
        ("505-81-24020", "505-81-24020"),
        ("2025-01-20 10:12:33", "2025-01-20 10:12:33"),
        ("00652378", "00652378"),
        ("20250228317784067", "20250228317784067"),
        ("250120101233", "250120101233"),
    ],
)
def test_text_is_shown_without_what_is_private(text: str, shown: str) -> None:
    assert discreet(text) == shown


def test_every_flag_of_the_docs_has_a_name_in_words() -> None:
    text = (Path(__file__).parents[2] / "docs" / "flags.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| [^|]*\| `([a-z_]+)`", text, re.MULTILINE)

    assert codes
    assert set(codes) == set(FLAG_NAMES)


def test_every_check_has_a_name_in_words() -> None:
    from receipt_screen.report.words import CHECK_NAMES

    checks = desks.judged(desks.placed(), "1").checks
    assert {check.check for check in checks} == set(CHECK_NAMES)
    assert re.search(r"[가-힣]", report_page.check_name("duplicates", "ko"))
    assert cases.RECEIVED.tzinfo
