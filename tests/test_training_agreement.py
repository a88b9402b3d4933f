"""Learning how two readings are weighed: who is right, the fit, and the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.field_figures import reliability
from models.training.agreement.__main__ import main
from models.training.agreement.fit import fit_curves, held_out
from models.training.agreement.judged import Judged, judge_line
from receipt_screen.reading.agree import chances
from receipt_screen.reading.align import Case, Piece, Seen
from receipt_screen.reading.recogniser import Glyph
from tests.reading.test_agree import glyphs


def judged(number: int, *, ours: float, theirs: float, ours_right: bool) -> Judged:
    """Two readers see different digits; one of them is right."""
    seen = Seen(Case.DIGIT, Glyph("7", ours, 0.5), Glyph("1", theirs, 0.5), Piece(ours, theirs))
    right = {"ours": ours_right, "theirs": not ours_right}
    return Judged(seen, right, family=f"family {number % 7}", line=number)


KNOWN = [
    judged(number, ours=0.6, theirs=0.99, ours_right=number % 10 == 0) for number in range(200)
]


def test_each_reader_is_judged_by_what_is_printed() -> None:
    line = {
        seen.case: right
        for seen, right in judge_line(glyphs("1,980"), glyphs("1,900"), "합계 1,900")
    }
    assert line[Case.DIGIT] == {"ours": False, "theirs": True}
    assert line[Case.BESIDE] == {"ours": True, "theirs": True}


def test_a_curve_says_how_often_its_reader_was_right() -> None:
    curves = fit_curves(KNOWN)
    said = chances(KNOWN[0].seen, curves)
    assert said["theirs"] == pytest.approx(0.9, abs=0.05)
    assert said["ours"] == pytest.approx(0.1, abs=0.05)


def test_a_case_that_was_never_seen_keeps_the_readers_own_confidence() -> None:
    alone = Seen(Case.OUR_DIGIT, Glyph("7", 0.8, 0.5), None, Piece(0.8, 0.8))
    assert chances(alone, fit_curves(KNOWN))["ours"] == pytest.approx(0.8)


def test_what_is_held_out_is_said_as_sure_as_it_is_right() -> None:
    taken = [each for each in held_out(KNOWN) if each.case is not None]
    assert len(taken) == len(KNOWN)
    said = [(each.said, each.right) for each in taken]
    assert reliability(said)["calibration_error"] < 0.05


@pytest.mark.slow
@pytest.mark.usefixtures("fonts")
def test_the_command_writes_curves_and_card(tmp_path: Path) -> None:
    main(["--count", "6", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path)])
    assert "[alike]" in (tmp_path / "receipt_screen/reading/agreement.toml").read_text()
    assert "whole numbers" in (tmp_path / "models/agreement.md").read_text()
