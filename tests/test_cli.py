"""The command line as scripts and people meet it: what it prints, where, and how it exits."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rich.console import Console
from stub_readers import draw_receipt
from typer.testing import CliRunner, Result

import receipt_screen
from receipt_screen.cli import app
from receipt_screen.terminal import photo_view

ROOT = Path(__file__).parent.parent
CAMPAIGN = str(ROOT / "samples" / "campaigns" / "jeonbuk-2025.toml")
COMMANDS = ("read", "screen", "batch", "report", "review", "doctor")


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_receipt(tmp_path_factory.mktemp("photos") / "영수증 [1].png", 1)


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.jpg"
    path.write_bytes(b"")
    return path


def test_the_version_is_told() -> None:
    assert call("--version").stdout == f"receipt-screen {receipt_screen.__version__}\n"


def test_the_help_begins_with_what_most_people_want() -> None:
    assert "receipt-screen read receipt.jpg" in call("--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_examples(command: str) -> None:
    said = call(command, "--help")

    assert said.exit_code == 0
    assert f"receipt-screen {command}" in said.stdout


# ── read ─────────────────────────────────────────────────────────────────────────────────────


def test_json_is_one_object_per_photo_and_nothing_else(receipt: Path, empty: Path) -> None:
    said = call("read", empty, receipt, "--json")

    bad, good = lines(said)
    assert said.exit_code == 0
    assert set(bad) == {"schema", "file", "sha256", "outcome", "why"}
    assert (bad["file"], bad["outcome"], bad["sha256"]) == (str(empty), "failed", None)
    assert (good["schema"], good["file"], good["outcome"]) == (1, str(receipt), "read")
    assert {"amount", "date", "merchant"} <= set(good["fields"])
    assert good["lines"]
    assert good["seconds"]["photo"] >= 0


def test_people_see_fields_with_their_confidence(receipt: Path) -> None:
    korean, english = call("read", receipt), call("read", receipt, "--language", "en")

    assert korean.exit_code == english.exit_code == 0
    assert "결제금액" in korean.stdout
    assert "amount" in english.stdout
    assert receipt.name in english.stdout
    assert "%" in english.stdout


def test_people_read_their_own_language_and_no_codes(receipt: Path, tmp_path: Path) -> None:
    """Neither a reason, a kind of document nor what two photos share is shown as its code."""
    registry = f"sqlite:///{tmp_path / 'seen.db'}"
    asked = ("screen", receipt, "--campaign", CAMPAIGN, "--registry", registry, "--remember")
    call(*asked, "--submission", "first")

    korean = call(*asked, "--submission", "second").stdout

    assert re.findall(r"[a-z_]{3,}", korean.replace(str(receipt), "")) == ["first", "first"]


def test_receipts_of_one_photo_are_told_apart(receipt: Path) -> None:
    (one,) = lines(call("read", receipt, "--json"))

    shown = StringIO()
    Console(width=200, file=shown).print(photo_view({**one, "receipt": 2, "receipts": 3}, "ko"))

    assert f"{receipt} · 영수증 2/3\n" in shown.getvalue()


def test_a_page_without_text_is_said_in_the_language_asked_for(tmp_path: Path) -> None:
    Image.new("RGB", (300, 400), "white").save(tmp_path / "blank.png")

    assert "글자를 찾지 못했습니다" in call("read", tmp_path / "blank.png").stdout
    assert "no text was found" in call("read", tmp_path / "blank.png", "--language", "en").stdout


def test_a_drawing_is_made_on_request(receipt: Path, empty: Path, tmp_path: Path) -> None:
    said = call("read", empty, receipt, "--draw", tmp_path / "drawn", "--json")

    assert [line["outcome"] for line in lines(said)] == ["failed", "read"]
    (drawing,) = (tmp_path / "drawn").iterdir()
    assert drawing.name.startswith("영수증 [1]-")


def test_a_pdf_gives_a_line_for_each_page(receipt: Path, tmp_path: Path) -> None:
    page = Image.open(receipt)
    page.save(tmp_path / "two.pdf", save_all=True, append_images=[page])

    said = lines(call("read", tmp_path / "two.pdf", "--json"))

    assert [(line["photo"]["page"], line["photo"]["pages"]) for line in said] == [(1, 2), (2, 2)]


def test_when_no_photo_can_be_read_the_exit_code_is_3(empty: Path, tmp_path: Path) -> None:
    said = call("read", empty, tmp_path / "gone.jpg", "--language", "en")

    assert said.exit_code == 3
    assert "the file is empty" in " ".join(said.stdout.split())


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
def test_a_name_that_is_not_utf8_is_no_obstacle(receipt: Path, tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png")
    Path(path).write_bytes(receipt.read_bytes())

    (line,) = lines(call("read", path, "--json"))

    assert line["file"].endswith("\\xff.png")
    assert line["outcome"] == "read"


@pytest.mark.skipif(os.name == "nt", reason="file names have no control characters there")
def test_a_name_does_not_command_the_terminal(tmp_path: Path) -> None:
    """A name comes from whoever uploaded the file, and may hold escape sequences."""
    (tmp_path / "\x1b[2Jgone.jpg").write_bytes(b"x")

    read = call("read", tmp_path / "\x1b[2Jgone.jpg").stdout
    compared = call("compare", *[tmp_path / "\x1b[2Jgone.jpg"] * 2).stderr

    assert "\x1b[2J" not in read + compared
    assert "\\x1b[2Jgone.jpg" in read.replace("\n", "")
    assert "\\x1b[2Jgone.jpg" in compared


# ── screen ───────────────────────────────────────────────────────────────────────────────────


def test_screen_adds_the_verdict_and_its_reasons(receipt: Path) -> None:
    said = call(
        "screen", receipt, "--campaign", CAMPAIGN, "--json",
        "--submission", "2025-1", "--submitter", "u1", "--received", "2025-01-20T10:15:00",
    )  # fmt: skip

    (line,) = lines(said)
    assert said.exit_code == 0
    assert (line["submission"], line["submitter"]) == ("2025-1", "u1")
    assert line["received"] == "2025-01-20T10:15:00+09:00"
    assert line["verdict"] in {"eligible", "review", "ineligible", "unreadable"}
    assert len(line["checks"]) > 10
    assert {"campaign", "round", "in_campaign", "flags", "matches"} <= set(line)


def test_people_see_the_verdict_and_every_check(receipt: Path) -> None:
    said = call("screen", receipt, "--campaign", CAMPAIGN, "--language", "en")

    assert said.exit_code == 0
    assert "proposed:" in said.stdout
    assert "✓" in said.stdout


def test_a_photo_that_cannot_be_opened_is_proposed_as_unreadable(
    receipt: Path, empty: Path
) -> None:
    said = call("screen", empty, receipt, "--campaign", CAMPAIGN, "--json")

    bad, good = lines(said)
    assert said.exit_code == 0
    assert (bad["verdict"], bad["outcome"]) == ("unreadable", "failed")
    assert set(good) - set(bad) <= {
        *("fields", "lines", "seconds", "photo", "paper", "engine", "versions"),
        *("weekday", "original_date", "arithmetic", "payments", "marks", "symbols"),
        *("receipt", "receipts"),
    }


def test_screen_looks_and_only_remember_remembers(receipt: Path, tmp_path: Path) -> None:
    base = ("screen", receipt, "--campaign", CAMPAIGN, "--json")
    seen = (*base, "--registry", f"sqlite:///{tmp_path / 'seen.db'}")

    looked = [lines(call(*seen, "--submission", name))[0]["matches"] for name in "ab"]
    first = lines(call(*seen, "--submission", "a", "--remember"))[0]["matches"]
    second = lines(call(*seen, "--submission", "b"))[0]["matches"]
    again = lines(call(*seen, "--submission", "a", "--remember"))[0]["matches"]

    assert looked == [[], []]
    assert first == again == []
    assert [match["submission"] for match in second] == ["a"]


# ── exit codes ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["read"], 2),
        (["scan", "a.jpg"], 2),
        (["read", "a.jpg", "--engine", "eyes"], 2),
        (["screen", "a.jpg"], 2),
        (["screen", "a.jpg", "b.jpg", "--campaign", CAMPAIGN, "--submission", "1"], 2),
        (["screen", "a.jpg", "--campaign", CAMPAIGN, "--remember"], 2),
        (["screen", "a.jpg", "--campaign", CAMPAIGN, "--received", "soon"], 2),
        (["batch", "nowhere", "--campaign", CAMPAIGN, "--out", "out"], 2),
        (["screen", "a.jpg", "--campaign", "nowhere.toml"], 5),
        (["screen", "a.jpg", "--campaign", "/"], 5),
        (["screen", "a.jpg", "--campaign", CAMPAIGN, "--registry", "mysql://x"], 6),
    ],
)
def test_what_is_wrong_with_the_call_decides_the_exit_code(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    said = call(*arguments)

    assert said.exit_code == code, said.stderr
    assert said.stdout == ""
    assert said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_campaign_file_that_may_not_be_read_is_the_files_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command line doesn't ask for permission first, and answer with its own exit code."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)

    assert call("screen", "a.jpg", "--campaign", CAMPAIGN).exit_code == 3  # there is no a.jpg


def test_an_engine_that_is_missing_exits_with_4_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pytesseract")
    monkeypatch.setenv("PATH", str(tmp_path))

    done = run_command("read", "a.jpg", "--engine", "tesseract", "--language", "en")

    assert done.returncode == 4
    assert b"apt-get install tesseract-ocr" in done.stderr
    assert b"Traceback" not in done.stderr


# ── a process of its own ─────────────────────────────────────────────────────────────────────

COMMAND = [sys.executable, "-c", "from receipt_screen.cli import main; main()"]


def run_command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, check=False)


@pytest.mark.slow
def test_a_reader_of_the_output_that_leaves_early_is_no_error(receipt: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "read", "--json", *[str(receipt)] * 3],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""

    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("form", [("--json",), ()])
def test_a_disk_that_is_full_is_said_in_a_sentence(receipt: Path, form: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "read", receipt, "--language", "en", *form],
            stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip

    assert done.returncode == 2
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


def test_json_is_utf8_whatever_the_terminal_speaks(receipt: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "read", "--json", str(receipt)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert json.loads(done.stdout.decode("utf-8"))["file"] == str(receipt)


# ── batch ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_batch_screens_a_folder_and_says_where_the_results_are(tmp_path: Path) -> None:
    for number in (1, 2):
        draw_receipt(tmp_path / "uploads" / f"{number}.png", number)
    arguments = ("batch", tmp_path / "uploads", "--campaign", CAMPAIGN, "--out", tmp_path / "out")

    said = call(*arguments, "--language", "en")
    again = call(*arguments, "--language", "en", "--json")

    assert said.exit_code == 0, said.stderr
    assert "2 photos: 2 read" in said.stdout
    assert str(tmp_path / "out") in said.stdout.replace("\n", "")
    assert {path.name for path in (tmp_path / "out").glob("*.*")} >= {
        *("results.jsonl", "results.csv", "summary.json", "summary.txt", "registry.db"),
    }
    assert (again.exit_code, again.stdout) == (0, "")


def test_a_batch_of_an_empty_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    batch = ("batch", tmp_path / "uploads", "--campaign", CAMPAIGN, "--out", tmp_path / "out")
    given = ("--registry", f"sqlite:///{tmp_path / 'seen.db'}")

    assert [call(*batch).exit_code, call(*batch, *given).exit_code] == [2, 2]
    assert [path.name for path in tmp_path.iterdir()] == ["uploads"]


@pytest.mark.slow
def test_batch_json_prints_the_lines_of_its_results(tmp_path: Path) -> None:
    draw_receipt(tmp_path / "uploads" / "1.png", 1)
    (tmp_path / "uploads" / "2.jpg").write_bytes(b"")
    arguments = ("batch", tmp_path / "uploads", "--campaign", CAMPAIGN, "--out", tmp_path / "out")

    said = call(*arguments, "--json", "--workers", "1")

    assert said.stdout == (tmp_path / "out" / "results.jsonl").read_text(encoding="utf-8")
    assert [line["outcome"] for line in lines(said)] == ["read", "failed"]


@pytest.mark.slow
def test_a_batch_in_which_no_photo_could_be_read_exits_with_3(empty: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    assert call("batch", empty.parent, "--campaign", CAMPAIGN, "--out", out).exit_code == 3


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    for number in range(40):
        draw_receipt(tmp_path / "uploads" / f"{number}.png", number)
    out = tmp_path / "out"
    arguments = ["batch", tmp_path / "uploads", "--campaign", CAMPAIGN, "--out", out]
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments), "--language", "en"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not (out / "results.jsonl").exists() or not (out / "results.jsonl").stat().st_size:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 130, said
    assert b"run the same batch command again" in said
    assert b"Traceback" not in said
    assert not json.loads((out / "summary.json").read_text(encoding="utf-8"))["finished"]


# ── doctor ───────────────────────────────────────────────────────────────────────────────────


def test_doctor_tells_which_engines_work() -> None:
    said = call("doctor", "--json")

    (line,) = lines(said)
    assert said.exit_code == 0
    assert line["ready"] is True
    (engine,) = [probe for probe in line["probes"] if probe["name"] == "lines"]
    assert (engine["kind"], engine["works"], engine["needed"]) == ("engine", True, True)


BROKEN = """
from pathlib import Path
from receipt_screen.cli import main
from receipt_screen.reading import models
models.models_folder = lambda: Path("models-without-weights")
main()
"""


@pytest.mark.slow
def test_doctor_exits_with_4_when_the_default_engine_does_not_work(tmp_path: Path) -> None:
    """Shown with a folder that has the list of models and none of the models."""
    folder = tmp_path / "models-without-weights"
    folder.mkdir()
    (folder / "manifest.toml").write_bytes((ROOT / "models" / "manifest.toml").read_bytes())

    done = subprocess.run(
        [sys.executable, "-c", BROKEN, "doctor", "--language", "en"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 4, done.stderr
    assert b"recogniser.onnx is missing" in done.stdout.replace(b"\n", b" ")
    assert "✗".encode() in done.stdout
