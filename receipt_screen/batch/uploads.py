"""A folder, and perhaps a list of submissions, become uploads in the order of their arrival."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from receipt_screen.errors import UsageError

FOREIGN_SUFFIXES: Final = frozenset(
    {".csv", ".tsv", ".txt", ".md", ".json", ".jsonl", ".toml", ".xls", ".xlsx"}
    | {".log", ".ini", ".db", ".html", ".htm", ".lnk", ".url"}
)
"""Files that lie beside photos and that nobody hands in as one."""
FOREIGN_NAMES: Final = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
COLUMNS: Final = ("file", "submission", "submitter", "received")


@dataclass(frozen=True)
class Upload:
    """One photo of a batch and what is known of its arrival."""

    path: Path
    file: str
    """The path below the batch's folder, with `/`; printable whatever the bytes of the name."""
    submission: str
    received: dt.datetime
    submitter: str | None = None


@dataclass(frozen=True)
class Inbox:
    """What a batch has before it."""

    uploads: tuple[Upload, ...]
    """In order of arrival: by `received`, then by name."""
    skipped: int
    """Files that are plainly no photos: hidden ones, lists, notes."""


@dataclass(frozen=True)
class InboxSettings:
    """Where the uploads are and what to assume of them."""

    folder: Path
    submissions: Path | None
    out: Path
    """Left out of the walk: results may be written inside the folder."""
    received: dt.datetime
    """For uploads that the list doesn't give a time."""
    zone: dt.tzinfo
    """Of times that are written without one."""


@dataclass(frozen=True)
class Entry:
    """One row of the list of submissions."""

    file: str
    submission: str
    received: dt.datetime | None
    submitter: str | None


def find_uploads(settings: InboxSettings) -> Inbox:
    """All uploads of a folder and its sub-folders; symbolic links to folders aren't followed.

    A file that the list names and the folder lacks is an upload too: it will be reported as
    missing rather than forgotten. Raises UsageError for a folder or list that can't be used.
    """
    entries = read_submissions(settings.submissions, settings.zone)
    found = {name: path for path, name in _files(settings)}
    named = {_composed(name) for name in found}
    missing = {entry.file: settings.folder / entry.file for entry in entries.values()}
    found |= {name: path for name, path in missing.items() if _composed(name) not in named}
    wanted = {
        name: path
        for name, path in found.items()
        if _composed(name) in entries or not _foreign(name, path)
    }
    uploads = [_upload(name, path, entries, settings) for name, path in wanted.items()]
    uploads.sort(key=lambda upload: (upload.received, upload.file))
    _refuse_shared_submissions(uploads)
    return Inbox(tuple(uploads), len(found) - len(uploads))


def _upload(name: str, path: Path, entries: dict[str, Entry], settings: InboxSettings) -> Upload:
    entry = entries.get(_composed(name))
    if entry is None:
        return Upload(path, name, name, settings.received)
    received = entry.received or settings.received
    return Upload(path, name, entry.submission, received, entry.submitter)


def _refuse_shared_submissions(uploads: list[Upload]) -> None:
    owners: dict[str, str] = {}
    for upload in uploads:
        other = owners.setdefault(upload.submission, upload.file)
        if other != upload.file:
            raise UsageError(
                "batch.submission_twice",
                {"submission": upload.submission, "file": upload.file, "other": other},
            )


# ── the folder ───────────────────────────────────────────────────────────────────────────────


def _files(settings: InboxSettings) -> Iterator[tuple[Path, str]]:
    _require_folder(settings.folder)
    out = settings.out.resolve()
    for parent, folders, names in os.walk(settings.folder, onerror=_refuse_unreadable):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if (here / name).resolve() != out)
        for name in sorted(names):
            path = here / name
            yield path, printable(path.relative_to(settings.folder).as_posix())


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError("batch.no_folder", {"folder": str(folder)})


def _refuse_unreadable(error: OSError) -> None:
    # Left out in silence, its photos would be lost; the batch can be run again once it opens.
    reason = error.strerror or type(error).__name__
    raise UsageError("batch.folder_unreadable", {"folder": str(error.filename), "reason": reason})


def printable(path: str) -> str:
    """A path as text that JSON and CSV can carry; bytes that aren't UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _foreign(file: str, path: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.split("/"))
    device = path.exists() and not path.is_file()  # opening a pipe would wait for ever
    known = path.name.lower() in FOREIGN_NAMES or path.suffix.lower() in FOREIGN_SUFFIXES
    return hidden or device or known


def _composed(name: str) -> str:
    # macOS writes Hangul file names decomposed, spreadsheets composed.
    return unicodedata.normalize("NFC", name)


# ── the list of submissions ──────────────────────────────────────────────────────────────────


def read_submissions(path: Path | None, zone: dt.tzinfo) -> dict[str, Entry]:
    """The rows of a list of submissions by file name, in Unicode's composed form.

    The list is CSV with a column `file` and any of `submission`, `submitter`, `received`, in
    UTF-8 or, as Korean spreadsheets save it, CP949. Raises UsageError naming the line.
    """
    if path is None:
        return {}
    rows = csv.DictReader(io.StringIO(_decoded(path), newline=""))
    if "file" not in (rows.fieldnames or ()):
        raise UsageError("batch.no_file_column", {"file": path.name})
    entries: dict[str, Entry] = {}
    for row in rows:
        at: dict[str, str | int | float] = {"file": path.name, "line": rows.line_num}
        entry = _entry(row, at, zone)
        if _composed(entry.file) in entries:
            raise UsageError("batch.file_twice", {**at, "photo": entry.file})
        entries[_composed(entry.file)] = entry
    return entries


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise UsageError("batch.list_unreadable", {"file": str(path), "reason": reason}) from exc
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError("batch.list_unreadable", {"file": str(path), "reason": "UTF-8, CP949"})


def _entry(row: dict[str, str | None], at: dict[str, str | int | float], zone: dt.tzinfo) -> Entry:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    file = cells["file"].replace("\\", "/").removeprefix("./")
    if not file:
        raise UsageError("batch.no_file", at)
    if file.startswith("/") or ".." in file.split("/"):
        raise UsageError("batch.outside", {**at, "photo": file})
    return Entry(
        file,
        cells["submission"] or file,
        _received(cells["received"], at, zone) if cells["received"] else None,
        cells["submitter"] or None,
    )


def _received(text: str, at: dict[str, str | int | float], zone: dt.tzinfo) -> dt.datetime:
    try:
        return parse_time(text, zone)
    except ValueError as exc:
        raise UsageError("batch.bad_time", {**at, "text": text}) from exc


def parse_time(text: str, zone: dt.tzinfo) -> dt.datetime:
    """An ISO 8601 date and time, in `zone` where it names none; ValueError for anything else."""
    time = dt.datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=zone)
