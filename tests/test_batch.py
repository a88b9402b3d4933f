"""A batch as its user meets it: every photo once, in order of arrival, whatever happens to it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest
import stub_readers
from stub_readers import BLUE, RED, draw_receipt, open_stub

from receipt_screen import BatchSettings, Campaign, open_registry, run_batch
from receipt_screen.batch import Step, Summary, registry_of
from receipt_screen.errors import SetupError, UsageError

ROOT = Path(__file__).parent.parent
CAMPAIGNS = ROOT / "samples" / "campaigns"
PERIOD = CAMPAIGNS / "jeonbuk-2025.toml"

pytestmark = pytest.mark.slow


def run(
    folder: Path, out: Path, campaign: Path = PERIOD, **changes: Any
) -> tuple[Summary, list[Step]]:
    steps: list[Step] = []
    settings = BatchSettings(
        **{"folder": folder, "out": out, "workers": 2, "reader": open_stub, **changes}
    )
    out.mkdir(parents=True, exist_ok=True)
    with open_registry(f"sqlite:///{out / 'registry.db'}") as registry:
        summary = run_batch(settings, Campaign.load(campaign), registry, steps.append)
    return summary, steps


def records(out: Path) -> list[dict[str, Any]]:
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def without_times(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in {"seconds", "received"}}


@pytest.fixture(scope="module")
def receipts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six receipts in two folders, the first of them handed in twice."""
    folder = tmp_path_factory.mktemp("uploads")
    for number in range(1, 4):
        draw_receipt(folder / f"영수증 {number}.png", number)
        draw_receipt(folder / "하위" / f"영수증 {number}.png", 10 + number)
    shutil.copy(folder / "영수증 1.png", folder / "하위" / "영수증 1.png")
    return folder


def test_every_photo_gets_a_line_in_order_of_arrival_and_the_second_copy_is_told(
    receipts: Path, tmp_path: Path
) -> None:
    summary, steps = run(receipts, tmp_path / "out")

    lines = records(tmp_path / "out")
    assert [line["file"] for line in lines] == sorted(
        str(path.relative_to(receipts).as_posix()) for path in receipts.rglob("*.png")
    )
    assert [step.record for step in steps] == lines
    assert [(step.done, step.total) for step in steps] == [(n, 6) for n in range(1, 7)]
    (copy,) = [line for line in lines if line["file"] == "하위/영수증 1.png"]
    assert [match["submission"] for match in copy["matches"]] == ["영수증 1.png"]
    assert copy["flags"][0]["code"] == "same_file"
    assert summary.finished
    assert summary.photos == sum(summary.verdicts.values()) == 6


def test_the_list_of_submissions_decides_which_copy_was_first(
    receipts: Path, tmp_path: Path
) -> None:
    submissions = tmp_path / "uploads.csv"
    submissions.write_text(
        "file,submission,submitter,received\n"
        "영수증 1.png,late,u1,2025-01-20T12:00:00\n"
        "하위/영수증 1.png,early,u2,2025-01-20T11:00:00\n",
        encoding="utf-8",
    )

    run(receipts, tmp_path / "out", submissions=submissions)

    first, second = records(tmp_path / "out")[:2]
    assert (first["submission"], first["matches"]) == ("early", [])
    assert first["received"] == "2025-01-20T11:00:00+09:00"
    assert first["submitter"] == "u2"
    assert [match["submission"] for match in second["matches"]] == ["early"]


def test_photos_that_cannot_be_used_get_a_line_with_the_reason_and_cost_nothing_else(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "uploads"
    draw_receipt(folder / "good.png", 1)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("not a photo")
    (folder / "cut.png").write_bytes((folder / "good.png").read_bytes()[:200])
    (folder / "gone.jpg").symlink_to(folder / "nowhere")

    summary, _ = run(folder, tmp_path / "out")

    lines = {line["file"]: line for line in records(tmp_path / "out")}
    assert lines["good.png"]["outcome"] == "read"
    for name in ("empty.jpg", "text.jpg", "cut.png", "gone.jpg"):
        assert lines[name]["outcome"] == "failed"
        assert lines[name]["verdict"] == "unreadable"
        assert name in lines[name]["why"]
    assert summary.outcomes == {"read": 1, "blank": 0, "failed": 4}
    assert not summary.read_nothing


def test_a_photo_that_kills_its_process_costs_only_itself(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    draw_receipt(folder / "1.png", 1)
    draw_receipt(folder / "2 kills.png", 2, RED)
    draw_receipt(folder / "3.png", 3)

    run(folder, tmp_path / "out", language="en")

    lines = records(tmp_path / "out")
    assert [line["outcome"] for line in lines] == ["read", "failed", "read"]
    assert "SIGKILL" in lines[1]["why"]


def test_a_photo_that_hangs_costs_only_itself(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    draw_receipt(folder / "1 hangs.png", 1, BLUE)
    draw_receipt(folder / "2.png", 2)

    run(folder, tmp_path / "out", timeout=6.0, language="en")

    lines = records(tmp_path / "out")
    assert [line["outcome"] for line in lines] == ["failed", "read"]
    assert "time limit (6 s)" in lines[0]["why"]


def test_a_second_run_over_a_finished_folder_screens_nothing(
    receipts: Path, tmp_path: Path
) -> None:
    run(receipts, tmp_path / "out")
    before = (tmp_path / "out" / "results.jsonl").read_bytes()

    summary, steps = run(receipts, tmp_path / "out")

    assert steps == []
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == before
    assert (summary.finished, summary.screened_now) == (True, 0)


def test_new_and_replaced_photos_are_screened_and_the_others_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    for number in (1, 2):
        draw_receipt(folder / f"{number}.png", number)
    run(folder, tmp_path / "out")
    draw_receipt(folder / "2.png", 22)
    draw_receipt(folder / "3.png", 3)

    summary, steps = run(folder, tmp_path / "out")

    assert [step.record["file"] for step in steps] == ["2.png", "3.png"]
    assert summary.photos == 3
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3


BATCH = """
import sys
from pathlib import Path
from stub_readers import open_stub
from receipt_screen import BatchSettings, Campaign, open_registry, run_batch
folder, out, campaign = map(Path, sys.argv[1:])
settings = BatchSettings(folder, out, workers=2, engine="slow", reader=open_stub)
with open_registry(f"sqlite:///{out / 'registry.db'}") as registry:
    run_batch(settings, Campaign.load(campaign), registry)
"""


def start_process(folder: Path, out: Path) -> subprocess.Popen[bytes]:
    out.mkdir(parents=True, exist_ok=True)
    seen = [str(Path(stub_readers.__file__).parent), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-c", BATCH, str(folder), str(out), str(PERIOD)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(seen)},
        stderr=subprocess.PIPE,
    )


def wait_for_lines(out: Path, count: int) -> None:
    results = out / "results.jsonl"
    for _ in range(600):
        if results.exists() and results.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.05)
    pytest.fail(f"no {count} lines after 30 seconds")


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_halfway_and_run_again_it_says_what_an_unbroken_run_says(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    for number in range(12):
        draw_receipt(folder / f"{number:02}.png", number % 8)  # the last four are copies

    process = start_process(folder, tmp_path / "killed")
    wait_for_lines(tmp_path / "killed", 3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    begun = len(records(tmp_path / "killed"))
    with (tmp_path / "killed" / "results.jsonl").open("ab") as file:
        file.write(b'{"schema": 1, "file": "torn')
    run(folder, tmp_path / "killed", engine="slow")
    run(folder, tmp_path / "unbroken", engine="slow")

    assert 3 <= begun < 12
    killed, unbroken = records(tmp_path / "killed"), records(tmp_path / "unbroken")
    assert list(map(without_times, killed)) == list(map(without_times, unbroken))
    assert Counter(bool(line["matches"]) for line in killed) == {False: 8, True: 4}
    with open_registry(f"sqlite:///{tmp_path / 'killed' / 'registry.db'}") as registry:
        assert registry.info().submissions == 12


@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_interrupted_it_writes_the_summary_so_far_and_no_process_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    for number in range(12):
        draw_receipt(folder / f"{number:02}.png", number)

    process = start_process(folder, tmp_path / "out")
    wait_for_lines(tmp_path / "out", 2)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert len(children) >= 2
    assert psutil.wait_procs(children, timeout=10)[1] == []
    assert said.count(b"Traceback") == 1, said.decode()  # the parent's own KeyboardInterrupt
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert not summary["finished"]
    assert summary["photos"] == len(records(tmp_path / "out")) < 12


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_two_batches_do_not_write_to_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    for number in range(8):
        draw_receipt(folder / f"{number:02}.png", number)
    process = start_process(folder, tmp_path / "out")
    wait_for_lines(tmp_path / "out", 1)

    with pytest.raises(UsageError) as caught:
        run(folder, tmp_path / "out", engine="slow")

    process.kill()
    process.communicate()
    assert caught.value.key == "batch.busy"
    run(folder, tmp_path / "out", engine="slow")  # a dead batch holds no lock


@pytest.mark.parametrize("what", ["campaign", "folder", "engine", "language"])
def test_a_folder_with_another_batchs_results_is_refused(
    receipts: Path, tmp_path: Path, what: str
) -> None:
    folder = tmp_path / "uploads"
    draw_receipt(folder / "1.png", 1)
    run(folder, tmp_path / "out")
    others: dict[str, Any] = {
        "campaign": {"campaign": CAMPAIGNS / "small-shops-34000.toml"},
        "folder": {"folder": receipts},
        "engine": {"engine": "slow"},
        "language": {"language": "en"},
    }

    with pytest.raises(UsageError, match=what) as caught:
        run(**{"folder": folder, "out": tmp_path / "out", **others[what]})

    assert caught.value.key == "batch.other_batch"


def test_an_engine_that_cannot_be_opened_stops_the_batch_before_its_first_photo(
    receipts: Path, tmp_path: Path
) -> None:
    with pytest.raises(SetupError):
        run(receipts, tmp_path / "out", engine="missing")

    assert records(tmp_path / "out") == []


def test_a_call_that_failed_before_its_first_photo_does_not_own_the_folder(
    receipts: Path, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    for wrong in ({"engine": "missing"}, {"folder": tmp_path / "none", "language": "en"}):
        with pytest.raises((SetupError, UsageError)):
            run(**{"folder": receipts, "out": tmp_path / "out", **wrong})

    assert run(receipts, tmp_path / "out")[0].finished


def test_a_picture_that_cannot_be_written_is_no_fault_of_its_photo(
    receipts: Path, tmp_path: Path
) -> None:
    """As when the disk is full: the batch stops with a reason, and goes on when there is room."""
    in_the_way = tmp_path / "out" / "pictures"
    in_the_way.parent.mkdir()
    in_the_way.write_text("not a folder")

    with pytest.raises(UsageError) as caught:
        run(receipts, tmp_path / "out")
    in_the_way.unlink()
    run(receipts, tmp_path / "out")

    assert caught.value.key == "batch.out_unwritable"
    assert {line["outcome"] for line in records(tmp_path / "out")} == {"read"}


def test_a_folder_whose_identity_is_damaged_is_left_alone(tmp_path: Path) -> None:
    draw_receipt(tmp_path / "uploads" / "1.png", 1)
    run(tmp_path / "uploads", tmp_path / "out")
    (tmp_path / "out" / "batch.json").write_text("{")

    with pytest.raises(UsageError) as caught:
        run(tmp_path / "uploads", tmp_path / "out")

    assert caught.value.key == "batch.broken_identity"


def test_results_do_not_go_among_the_photos(tmp_path: Path) -> None:
    draw_receipt(tmp_path / "uploads" / "1.png", 1)
    settings = BatchSettings(tmp_path / "uploads", tmp_path / "uploads" / ".." / "uploads")

    with pytest.raises(UsageError) as caught:
        registry_of(settings, Campaign.load(PERIOD), None)
    with pytest.raises(UsageError), open_registry("sqlite:///:memory:") as registry:
        run_batch(settings, Campaign.load(PERIOD), registry)

    assert caught.value.key == "batch.out_is_folder"
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["1.png"]


@pytest.mark.parametrize("url", [None, "sqlite:///given.db"])
def test_a_folder_without_photos_is_refused_before_anything_is_made(
    tmp_path: Path, url: str | None
) -> None:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "list.csv").write_text("file\n", encoding="utf-8")
    settings = BatchSettings(tmp_path / "uploads", tmp_path / "out")

    with pytest.raises(UsageError) as caught:
        registry_of(settings, Campaign.load(PERIOD), url)
    with pytest.raises(UsageError), open_registry("sqlite:///:memory:") as registry:
        run_batch(settings, Campaign.load(PERIOD), registry)

    assert caught.value.key == "batch.empty_folder"
    assert [path.name for path in tmp_path.iterdir()] == ["uploads"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("there", [False, True])
def test_folders_that_a_batch_makes_are_their_owners_only_and_others_keep_their_rights(
    tmp_path: Path, there: bool
) -> None:
    draw_receipt(tmp_path / "uploads" / "1.png", 1)
    settings = BatchSettings(tmp_path / "uploads", tmp_path / "out", workers=1, reader=open_stub)
    folders = (tmp_path / "out", tmp_path / "out" / "pictures")
    for folder in folders if there else ():
        folder.mkdir()
        folder.chmod(0o755)

    with open_registry("sqlite:///:memory:") as registry:
        run_batch(settings, Campaign.load(PERIOD), registry)

    rights = [stat.S_IMODE(folder.stat().st_mode) for folder in folders]
    assert rights == ([0o755] * 2 if there else [0o700] * 2)


def test_a_campaign_that_asks_for_the_time_of_arrival_is_not_given_a_guess(
    receipts: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        run(receipts, tmp_path / "out", CAMPAIGNS / "round-by-upload-30000.toml")

    assert caught.value.key == "batch.no_received"


def test_the_summary_says_the_same_in_numbers_and_in_words(receipts: Path, tmp_path: Path) -> None:
    summary, _ = run(receipts, tmp_path / "out", language="en")

    words = (tmp_path / "out" / "summary.txt").read_text(encoding="utf-8")
    stored = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert "6 photos: 6 read, 0 blank, 0 failed" in words
    assert re.search(r"^  handed in before +\d", words, re.MULTILINE)
    assert re.search(r"^  same file +1$", words, re.MULTILINE)
    assert "_" not in words, "people read names, scripts codes"
    assert stored == summary.json_object()
    assert stored["flags"]["same_file"] == 1
    assert stored["groups"] == [["영수증 1.png", "하위/영수증 1.png"]]
    assert "  영수증 1.png ↔ 하위/영수증 1.png\n" in words
    assert set(stored["stages"]) == {
        "photo",
        "paper",
        "reading",
        "symbols",
        "fields",
        "prints",
    }
