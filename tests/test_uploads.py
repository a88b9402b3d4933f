"""Which files of a folder are uploads, in which order, and what the list says of them."""

from __future__ import annotations

import datetime as dt
import os
import unicodedata
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from receipt_screen.batch.uploads import Inbox, InboxSettings, find_uploads
from receipt_screen.errors import UsageError

SEOUL = ZoneInfo("Asia/Seoul")
STARTED = dt.datetime(2025, 3, 1, 9, tzinfo=SEOUL)


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"photo")
    return folder


def look(folder: Path, submissions: str | bytes | None = None) -> Inbox:
    path = None
    if submissions is not None:
        path = folder / "uploads.csv"
        data = submissions if isinstance(submissions, bytes) else submissions.encode()
        path.write_bytes(data)
    settings = InboxSettings(folder, path, folder / "out", STARTED, SEOUL)
    return find_uploads(settings)


def names(inbox: Inbox) -> list[str]:
    return [upload.file for upload in inbox.uploads]


def test_without_a_list_photos_come_by_name_and_are_named_by_their_path(tmp_path: Path) -> None:
    inbox = look(fill(tmp_path, "b.jpg", "a.jpg", "하위/a.jpg"))

    assert names(inbox) == ["a.jpg", "b.jpg", "하위/a.jpg"]
    assert [upload.submission for upload in inbox.uploads] == names(inbox)
    assert {upload.received for upload in inbox.uploads} == {STARTED}


def test_hidden_files_lists_and_system_files_are_left_out_and_counted(tmp_path: Path) -> None:
    inbox = look(
        fill(tmp_path, "a.jpg", ".DS_Store", "._a.jpg", "Thumbs.db", ".git/x.jpg", "note.txt")
    )

    assert names(inbox) == ["a.jpg"]
    assert inbox.skipped == 5


def test_files_that_are_no_photos_are_not_left_out_silently(tmp_path: Path) -> None:
    assert names(look(fill(tmp_path, "a.zip", "b", "c.docx"))) == ["a.zip", "b", "c.docx"]


def test_the_out_folder_inside_the_folder_is_not_walked(tmp_path: Path) -> None:
    assert names(look(fill(tmp_path, "a.jpg", "out/b.jpg"))) == ["a.jpg"]


def test_the_list_decides_who_came_first(tmp_path: Path) -> None:
    inbox = look(
        fill(tmp_path, "a.jpg", "b.jpg", "c.jpg"),
        "file,submission,submitter,received\n"
        "a.jpg,2025-2,u1,2025-01-20T10:15:00+09:00\n"
        "b.jpg,2025-1,u2,2025-01-20 10:14\n",
    )

    assert names(inbox) == ["b.jpg", "a.jpg", "c.jpg"]
    first = inbox.uploads[0]
    assert (first.submission, first.submitter) == ("2025-1", "u2")
    assert first.received == dt.datetime(2025, 1, 20, 10, 14, tzinfo=SEOUL)
    assert inbox.uploads[2].received == STARTED


def test_a_file_that_the_list_names_and_the_folder_lacks_is_an_upload(tmp_path: Path) -> None:
    inbox = look(fill(tmp_path, "a.jpg"), "file\na.jpg\ngone.jpg\n")

    assert names(inbox) == ["a.jpg", "gone.jpg"]


def test_a_file_that_the_list_names_is_an_upload_whatever_it_looks_like(tmp_path: Path) -> None:
    inbox = look(fill(tmp_path, "upload.txt"), "file\nupload.txt\n")

    assert names(inbox) == ["upload.txt"]


def test_hangul_names_match_composed_or_decomposed(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "영수증.jpg")

    inbox = look(fill(tmp_path, decomposed), "file,submission\n영수증.jpg,7\n")

    assert [(upload.file, upload.submission) for upload in inbox.uploads] == [(decomposed, "7")]


def test_a_list_as_korean_spreadsheets_save_it_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "영수증.jpg")

    inbox = look(tmp_path, "file,submission\r\n영수증.jpg,7\r\n".encode("cp949"))

    assert inbox.uploads[0].submission == "7"


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
def test_names_that_are_not_utf8_become_printable(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.jpg")).write_bytes(b"photo")

    (upload,) = look(tmp_path).uploads

    assert upload.file == "\\xff.jpg"
    assert upload.path.read_bytes() == b"photo"


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links and pipes")
def test_links_to_files_are_followed_and_loops_and_pipes_are_not(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")

    inbox = look(tmp_path)

    assert names(inbox) == ["a.jpg", "dangling.jpg", "link.jpg"]
    assert inbox.skipped == 1


@pytest.mark.parametrize(
    ("submissions", "key"),
    [
        ("name\na.jpg\n", "batch.no_file_column"),
        ("file,submission\n,1\n", "batch.no_file"),
        ("file\na.jpg\na.jpg\n", "batch.file_twice"),
        ("file\n../a.jpg\n", "batch.outside"),
        ("file\n/etc/passwd\n", "batch.outside"),
        ("file,received\na.jpg,yesterday\n", "batch.bad_time"),
        ("file,submission\na.jpg,1\nb.jpg,1\n", "batch.submission_twice"),
        (b"file\n\xff\xff\xff\n", "batch.list_unreadable"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(
    tmp_path: Path, submissions: str | bytes, key: str
) -> None:
    with pytest.raises(UsageError) as caught:
        look(fill(tmp_path, "a.jpg", "b.jpg"), submissions)

    assert caught.value.key == key


def test_an_error_in_the_list_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 3"):
        look(fill(tmp_path, "a.jpg"), "file,received\na.jpg,2025-01-20\nb.jpg,soon\n")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        look(tmp_path / "nowhere")

    assert caught.value.key == "batch.no_folder"
