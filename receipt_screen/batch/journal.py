"""`results.jsonl`: what is done, on disk before the next photo is judged.

A line is written whole and synced. After a kill or a power cut the file is right but for a
last line that may be torn; it is cut off, and its photo is screened again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from receipt_screen.batch.folder import writing_into
from receipt_screen.errors import UsageError

Json = dict[str, Any]


class Journal:
    """The lines of finished photos, appended one by one. Not for two writers at once."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file; UsageError when it is broken before its last line."""
        self.path = path
        self.done: dict[str, str | None] = {}
        """The sha256 under which each file was screened last."""
        end = self._load()
        self._file = path.open("r+b" if path.exists() else "x+b", buffering=0)
        self._file.truncate(end)
        self._file.seek(end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, record: Json) -> None:
        """Writes the line of one photo and waits until it is on disk; UsageError if it can't."""
        line = memoryview(line_bytes(record))
        with writing_into(self.path.parent):
            while line:
                line = line[self._file.write(line) :]
            os.fsync(self._file.fileno())
        self.done[record["file"]] = record["sha256"]

    def _load(self) -> int:
        """Fills `done`; returns where the last whole line ends."""
        end = 0
        for number, line in enumerate(_lines(self.path), start=1):
            record = _parsed(line)
            if record is None and end + len(line) == self.path.stat().st_size:
                break
            if record is None:
                raise UsageError("batch.broken_results", {"file": str(self.path), "line": number})
            self.done[record["file"]] = record["sha256"]
            end += len(line)
        return end


def read_journal(path: Path) -> Iterator[Json]:
    """The lines of a finished journal; a file that was screened twice gives its last line only."""
    last = {_file_of(line): number for number, line in enumerate(_lines(path))}
    for number, line in enumerate(_lines(path)):
        record: Json = json.loads(line)
        if last[record["file"]] == number:
            yield record


def line_bytes(record: Json) -> bytes:
    """A record as one line of JSON in UTF-8."""
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _file_of(line: bytes) -> str:
    return str(json.loads(line)["file"])


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            yield from file


def _parsed(line: bytes) -> Json | None:
    """The record of a whole line; None for a torn one."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    whole = line.endswith(b"\n") and isinstance(record, dict) and {"file", "sha256"} <= set(record)
    return record if whole else None
