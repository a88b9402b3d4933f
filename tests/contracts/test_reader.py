"""What every reading engine promises, asked of each one that can run here."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from receipt_screen.errors import ReadingError, ReadingTimeoutError, SetupError, UsageError
from receipt_screen.reading import Reader, ReaderSettings, open_reader
from receipt_screen.reading.replay import ReplayReader, save_page
from receipt_screen.records import Outcome, Page, Pixels

TEXT = ["TOTAL 123,400", "DATE 2025-01-14", "NO 30012345", "TEL 063-123-4567", "CARD 7890"]


@pytest.fixture(scope="module")
def printed() -> Pixels:
    """A paper with five plain lines."""
    paper = np.full((460, 640, 3), 245, np.uint8)
    for number, text in enumerate(TEXT):
        place = (40, 90 + 75 * number)
        cv2.putText(paper, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30, 30, 30), 3, cv2.LINE_AA)
    return paper


@pytest.fixture(scope="module", params=["lines", "tesseract", "replay"])
def reader(
    request: pytest.FixtureRequest, printed: Pixels, tmp_path_factory: pytest.TempPathFactory
) -> Reader:
    if request.param == "tesseract" and shutil.which("tesseract") is None:
        pytest.skip("the program tesseract is not installed")
    if request.param == "replay":
        return _replay(printed, tmp_path_factory.mktemp("pages"))
    return open_reader(request.param)


def _replay(printed: Pixels, folder: Path) -> Reader:
    lines = open_reader("lines")
    for turn in range(4):
        pixels = np.ascontiguousarray(np.rot90(printed, turn))
        save_page(lines.read(pixels), pixels, folder)
    save_page(lines.read(np.full_like(printed, 250)), np.full_like(printed, 250), folder)
    return ReplayReader(folder)


def _joined(page: Page) -> str:
    return "".join(line.text for line in page.lines).replace(" ", "")


def test_it_reads_what_is_printed(reader: Reader, printed: Pixels) -> None:
    page = reader.read(printed)
    assert page.outcome is Outcome.READ
    assert "123,400" in _joined(page)
    assert "30012345" in _joined(page)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_it_turns_the_paper_upright(reader: Reader, printed: Pixels, turn: int) -> None:
    page = reader.read(np.ascontiguousarray(np.rot90(printed, turn)))
    assert (page.turn + turn) % 4 == 0
    assert (page.width, page.height) == (640, 460)
    assert "123,400" in _joined(page)


def test_lines_lie_where_they_are_printed(reader: Reader, printed: Pixels) -> None:
    page = reader.read(printed)
    total = next(line for line in page.lines if "123,4" in line.text)
    assert abs(total.quad.center[1] - 76) < 25
    for line in page.lines:
        assert 0 <= line.confidence <= 1
        assert -5 <= line.quad.box.left < line.quad.box.right <= page.width + 5


def test_every_character_may_have_a_confidence_and_a_runner_up(
    reader: Reader, printed: Pixels
) -> None:
    for line in reader.read(printed).lines:
        assert len(line.characters) in (0, len(line.text))
        assert len(line.runners_up) in (0, len(line.text))
        assert not any(map(str.__eq__, line.runners_up, line.text))


def test_a_paper_without_text_is_blank_and_says_so(reader: Reader, printed: Pixels) -> None:
    page = reader.read(np.full_like(printed, 250))
    assert page.outcome is Outcome.BLANK
    assert page.why
    assert page.lines == ()


def test_the_same_paper_is_read_the_same(reader: Reader, printed: Pixels) -> None:
    first, second = reader.read(printed), reader.read(printed)
    assert [line.text for line in first.lines] == [line.text for line in second.lines]


def test_it_says_which_engine_and_version_read(reader: Reader, printed: Pixels) -> None:
    page = reader.read(printed)
    # Replay passes on who read the page when it was saved.
    source = open_reader("lines") if reader.name == "replay" else reader
    assert (page.engine, page.version) == (source.name, source.version)


def test_a_page_survives_json(reader: Reader, printed: Pixels) -> None:
    page = reader.read(printed)
    restored = Page.model_validate_json(page.model_dump_json())
    assert [line.text for line in restored.lines] == [line.text for line in page.lines]


def test_replay_says_when_it_has_no_page(tmp_path: Path, printed: Pixels) -> None:
    with pytest.raises(ReadingError, match="no saved page"):
        ReplayReader(tmp_path).read(printed)


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="lines, tesseract"):
        open_reader("abacus")


def test_an_engine_is_opened_once() -> None:
    assert open_reader("lines") is open_reader("lines")


def test_a_missing_tesseract_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("pytesseract")
    from receipt_screen.reading.tesseract import TesseractReader

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="apt-get install"):
        TesseractReader()


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_tesseract_that_takes_too_long_is_a_time_out(printed: Pixels) -> None:
    from receipt_screen.reading.tesseract import TesseractReader

    reader = TesseractReader(ReaderSettings(timeout=0.001))
    with pytest.raises(ReadingTimeoutError, match=r"0\.001 seconds"):
        reader.read(printed)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_users_own_thread_limit_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    from receipt_screen.reading.tesseract import TesseractReader

    monkeypatch.setenv("OMP_THREAD_LIMIT", "3")
    TesseractReader()
    assert os.environ["OMP_THREAD_LIMIT"] == "3"
