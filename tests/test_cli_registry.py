"""`receipt-screen registry` and `receipt-screen compare` as people meet them."""

from __future__ import annotations

import json
from pathlib import Path

import desks
import pytest
from stub_readers import draw_receipt
from typer.testing import CliRunner, Result

from receipt_screen.cli import app
from receipt_screen.registry import open_registry
from tests.registry.makers import CAMPAIGN, approval, looks, prints, screening


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A registry with two submissions of one receipt and a third."""
    url = f"sqlite:///{tmp_path / 'seen.db'}"
    with open_registry(url) as registry:
        registry.remember(screening(prints("a", approval("1"), look=looks(0)), "A"))
        registry.remember(screening(prints("b", approval("1")), "B"))
        registry.remember(screening(prints("c"), "C"))
    return url


def test_info_counts_and_lists_what_hangs_together(url: str) -> None:
    said = call("registry", "info", "--registry", url, "--language", "en")

    assert said.exit_code == 0
    assert f"{CAMPAIGN}: 3 submissions, 3 photos" in said.stdout
    assert "A ↔ B" in said.stdout
    counted = json.loads(call("registry", "info", "--registry", url, "--json").stdout)
    assert (counted["schema"], counted["groups"]) == (1, {CAMPAIGN: 1})


def test_export_prints_a_line_for_each_photo(url: str) -> None:
    said = call("registry", "export", "--registry", url)
    one = call("registry", "export", "--registry", url, "--submission", "B", "--campaign", CAMPAIGN)

    assert [json.loads(line)["submission"] for line in said.stdout.splitlines()] == ["A", "B", "C"]
    assert json.loads(one.stdout)["matched"] == {"A": "same_receipt"}


def test_forget_and_purge_say_what_they_did(url: str) -> None:
    forgotten = call(
        "registry", "forget", "B", "--campaign", CAMPAIGN, "--registry", url, "--language", "en"
    )
    purge = ("registry", "purge", "--before", "2025-03-01", "--registry", url, "--language", "en")
    purged, again = call(*purge), call(*purge)

    assert forgotten.stdout == "submission B: everything of 1 photos was deleted\n"
    assert f"{CAMPAIGN}: of 2 photos all but the keyed hashes was deleted" in purged.stdout
    assert again.stdout == "there was nothing to delete\n"


def test_forgetting_what_is_not_held_is_not_called_done(url: str) -> None:
    said = call("registry", "forget", "B", "--campaign", "misspelt", "--registry", url)

    assert said.exit_code == 0
    assert "misspelt" in said.stdout
    assert "지웠습니다" not in said.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("info", "--registry", "sqlite:///nowhere.db"), 6),
        (("info", "--registry", "nowhere.db"), 6),
        (("purge", "--registry", "sqlite:///x.db"), 2),
        (("info",), 2),
    ],
)
def test_a_registry_that_is_not_there_is_not_made(
    arguments: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert call("registry", *arguments).exit_code == code
    assert list(tmp_path.iterdir()) == []


def test_a_review_does_not_make_the_registry_that_it_is_given(tmp_path: Path) -> None:
    pytest.importorskip("starlette")
    desks.fill(tmp_path, 1).close()
    mistyped = tmp_path / "registri.db"

    said = call("review", "--registry", f"sqlite:///{mistyped}", "--desk", tmp_path)

    assert said.exit_code == 6
    assert not mistyped.exists()


def test_a_day_that_is_none_is_refused(url: str) -> None:
    said = call("registry", "purge", "--before", "31.02.2025", "--registry", url)

    assert said.exit_code == 2
    assert "--before '31.02.2025'" in said.stderr


# ── compare ──────────────────────────────────────────────────────────────────────────────────


def test_two_photos_are_compared_told_and_drawn(tmp_path: Path) -> None:
    one = draw_receipt(tmp_path / "one.png", 1)
    other = draw_receipt(tmp_path / "<other>.png", 2)
    picture = tmp_path / "pair.svg"

    same = call("compare", one, one, "--language", "en")
    different = call("compare", one, other, "--picture", picture, "--json")

    assert same.exit_code == different.exit_code == 0
    assert same.stdout.startswith("the same file")
    told = json.loads(different.stdout)
    assert (told["schema"], told["earlier"], told["later"]) == (1, str(one), str(other))
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.count("<image ") == 2
    assert "&lt;other&gt;.png" in drawn


def test_a_photo_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    said = call("compare", draw_receipt(tmp_path / "one.png", 1), tmp_path / "none.png")

    assert said.exit_code == 3
    assert "none.png" in said.stderr


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    one = draw_receipt(tmp_path / "one.png", 1)

    said = call("compare", one, one, "--picture", tmp_path / "nowhere" / "pair.svg")

    assert said.exit_code == 2
    assert "nowhere" in said.stderr


@pytest.mark.parametrize("command", ["compare", "registry", "registry purge"])
def test_the_help_has_examples(command: str) -> None:
    said = call(*command.split(), "--help")

    assert f"receipt-screen {command}" in said.stdout
