"""What a paper that reads badly costs, and what one that reads well doesn't."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import cv2
import numpy as np
import pytest

from benchmarks.detection import labelled_paper
from receipt_screen.errors import SetupError
from receipt_screen.reading import detector
from receipt_screen.reading.crops import Grey
from receipt_screen.reading.detector import (
    PPOCR,
    DetectorSettings,
    FoundLines,
    Heat,
    LineDetector,
)
from receipt_screen.reading.lines import LinesReader
from receipt_screen.reading.models import Model, open_model
from receipt_screen.reading.recogniser import KOREAN, Glyphs, LineRecogniser
from receipt_screen.records import Pixels
from tests.reading.test_tilted_paper import ROWS, askew, in_hard_shadow

SAMPLE = "s1_00001"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models that detectors open, as they open them, slowly and once as `open_model` does."""
    names: list[str] = []

    @cache
    def open_slowly(name: str, threads: int) -> Model:
        names.append(name)
        time.sleep(0.02)
        return open_model(name, threads)

    monkeypatch.setattr(detector, "open_model", open_slowly)
    return names


def test_the_other_detector_is_opened_by_the_first_paper_that_needs_it(opened: list[str]) -> None:
    reader = LinesReader()
    paper = labelled_paper(ROWS[SAMPLE]).pixels
    reader.read(paper)
    assert opened == ["detector"]
    pixels, _ = askew(in_hard_shadow(paper, 0.15), 38.0)
    for _ in range(2):
        reader.read(pixels)
    assert opened == ["detector", "ppocr_detector"]


def test_threads_that_need_a_detector_at_once_open_it_once(opened: list[str]) -> None:
    shared, count = LineDetector(1, PPOCR), 8
    at_once = threading.Barrier(count)

    def open_with_others(_: int) -> Model:
        at_once.wait()
        return shared.open()

    with ThreadPoolExecutor(count) as pool:
        sessions = list(pool.map(open_with_others, range(count)))
    assert opened == ["ppocr_detector"]
    assert all(session is sessions[0] for session in sessions)


def test_a_missing_detector_is_told_before_any_paper_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without(name: str) -> None:
        raise SetupError("reading.model_missing", {"file": name, "package": "rapidocr"})

    monkeypatch.setattr(detector, "checked_path", without)
    with pytest.raises(SetupError, match="rapidocr"):
        LineDetector(1, PPOCR)


@pytest.fixture
def strips_read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The strips that the first reader's network sees."""
    seen: list[bytes] = []
    read_batch = LineRecogniser.read_batch

    def read_and_note(own: LineRecogniser, strips: Sequence[Grey]) -> list[Glyphs]:
        if own.settings is KOREAN:
            seen.extend(strip.tobytes() for strip in strips)
        return read_batch(own, strips)

    monkeypatch.setattr(LineRecogniser, "read_batch", read_and_note)
    return seen


@pytest.mark.parametrize("degrees", [38.0, 90.0, 180.0])
def test_no_line_of_a_paper_is_read_twice_by_the_first_reader(
    strips_read: list[bytes], degrees: float
) -> None:
    pixels, _ = askew(in_hard_shadow(labelled_paper(ROWS[SAMPLE]).pixels, 0.15), degrees)
    LinesReader().read(pixels)
    assert len(strips_read) > 30
    assert len(strips_read) == len(set(strips_read))


def test_lines_asked_for_one_by_one_are_read_as_all_at_once() -> None:
    reader, rng = LineRecogniser(KOREAN), np.random.default_rng(1)
    strips = [written(f"{rng.integers(10**9)}"[: 2 + n]) for n in range(8)] * 2
    opened = reader.open(strips)
    one_by_one = [opened.some([index])[0] for index in range(len(strips))]
    assert one_by_one == reader.recognise(strips)


def written(text: str) -> Grey:
    strip = np.full((48, 40 + 24 * len(text)), 255, np.uint8)
    cv2.putText(strip, text, (20, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0,), 2)
    return strip


def test_a_blurred_paper_that_tells_which_way_it_is_held_is_not_laid_on_its_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    find = LineDetector.find

    def find_and_note(own: LineDetector, pixels: Pixels) -> FoundLines:
        looked.append(own.settings.model)
        return find(own, pixels)

    monkeypatch.setattr(LineDetector, "find", find_and_note)
    LinesReader().read(cv2.GaussianBlur(labelled_paper(ROWS["s1_00024"]).pixels, (0, 0), 5.0))
    assert looked == ["detector", "ppocr_detector"]


@pytest.mark.parametrize(("settings", "gives_back"), [(PPOCR, True), (DetectorSettings(), False)])
def test_only_the_detector_that_is_rarely_asked_gives_its_memory_back_after_a_paper(
    monkeypatch: pytest.MonkeyPatch, settings: DetectorSettings, *, gives_back: bool
) -> None:
    given_back: list[bool] = []
    run = Model.run

    def run_and_note(own: Model, batch: Heat, *, let_go: bool = False) -> Heat:
        given_back.append(let_go)
        return run(own, batch, let_go=let_go)

    monkeypatch.setattr(Model, "run", run_and_note)
    LineDetector(1, settings).find(labelled_paper(ROWS[SAMPLE]).pixels)
    assert given_back[-1] is gives_back
    assert not any(given_back[:-1])
