"""A record that was exported and kept elsewhere shows what was done to the desk's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import desks
import pytest

from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.record import Kept, check_record
from receipt_screen.desk.store import FILE, Desk
from receipt_screen.desk.work import Work
from receipt_screen.errors import RegistryError, UsageError


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desks.fill(tmp_path, 2) as filled:
        for reason in ("first", "second", "third"):
            note(filled, reason)
        yield filled


def note(desk: Desk, reason: str) -> None:
    Work(desk, "김").note(EventKind.ORIGINAL, "2025-000001", {"reason": reason})


def export(desk: Desk, folder: Path) -> Path:
    file = folder / "record.jsonl"
    file.write_text("".join(f"{event.model_dump_json()}\n" for event in desk.events()), "utf-8")
    return file


def behind_its_back(desk: Desk, *statements: str) -> None:
    """What somebody does who may write the file."""
    with sqlite3.connect(desk.folder / FILE) as connection:
        for trigger in ("events_stay", "events_keep", "events_forget"):
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_record_that_grew_begins_as_it_was_exported(desk: Desk, tmp_path: Path) -> None:
    file = export(desk, tmp_path)
    note(desk, "later")

    assert check_record(desk, file) == Kept(exported=3, later=1)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("DELETE FROM events WHERE number = 3", "desk.record_cut"),
        ("DELETE FROM events WHERE number = 2", "desk.record_changed"),
        ("UPDATE events SET reviewer = '이' WHERE number = 2", "desk.record_changed"),
    ],
)
def test_what_was_done_to_the_file_shows(
    desk: Desk, tmp_path: Path, statement: str, error: str
) -> None:
    file = export(desk, tmp_path)
    behind_its_back(desk, statement)

    with pytest.raises(UsageError) as raised:
        check_record(desk, file)
    assert raised.value.key == error


def test_an_exported_record_that_was_changed_shows(desk: Desk, tmp_path: Path) -> None:
    file = export(desk, tmp_path)
    file.write_text(file.read_text("utf-8").replace("second", "another"), "utf-8")

    with pytest.raises(UsageError) as raised:
        check_record(desk, file)
    assert raised.value.key == "desk.record_file_changed"


@pytest.mark.parametrize("text", ["", "{}\n", "\x00\xff"])
def test_another_file_is_refused(desk: Desk, tmp_path: Path, text: str) -> None:
    file = tmp_path / "other"
    file.write_bytes(text.encode("latin-1"))

    with pytest.raises(UsageError) as raised:
        check_record(desk, file)
    assert raised.value.key == "desk.record_unreadable"


def test_without_its_secret_nothing_is_entered(desk: Desk) -> None:
    (desk.folder / f"{FILE}.secret").unlink()

    with pytest.raises(RegistryError) as raised:
        note(desk, "fourth")
    assert raised.value.key == "registry.secret_missing"
    assert len(desk.events()) == 3
