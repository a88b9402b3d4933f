"""The folder that a batch writes to: one batch at a time, and always the same batch."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from receipt_screen.errors import UsageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@dataclass(frozen=True)
class OutFolder:
    """Where a batch's results stand."""

    path: Path

    @property
    def results(self) -> Path:
        """One line of JSON for each photo, in order of arrival."""
        return self.path / "results.jsonl"

    @property
    def table(self) -> Path:
        """The same for a spreadsheet."""
        return self.path / "results.csv"

    @property
    def summary(self) -> Path:
        """Counts and timings as JSON; `summary.txt` says the same in words."""
        return self.path / "summary.json"

    @property
    def report(self) -> Path:
        """The results for people, with redacted pictures beside it."""
        return self.path / "report.html"

    @property
    def identity(self) -> Path:
        """Which batch the results belong to."""
        return self.path / "batch.json"


@contextmanager
def open_out_folder(path: Path) -> Iterator[OutFolder]:
    """Makes the folder and holds it; UsageError when another batch is at it.

    The system itself lets go of the lock when the process ends, however it ends.
    """
    make_folder(path)
    try:
        lock = (path / ".lock").open("w", encoding="utf-8")
    except OSError as exc:
        raise _unwritable(path, exc) from exc
    with lock:
        _lock(lock, path)
        yield OutFolder(path)


def make_folder(path: Path) -> None:
    """Makes a folder that may be there already; UsageError when it can't."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise _unwritable(path, exc) from exc


def _unwritable(path: Path, error: OSError) -> UsageError:
    reason = error.strerror or type(error).__name__
    return UsageError("batch.out_unwritable", {"folder": str(path), "reason": reason})


def _lock(file: TextIOWrapper, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        raise UsageError("batch.busy", {"folder": str(folder)}) from exc


def identify(out: OutFolder, identity: dict[str, str]) -> dt.datetime:
    """When this batch was first started. UsageError where the folder holds another batch's results.

    The time is kept, so that a batch that goes on says the same as one that was never stopped.
    """
    if not out.identity.exists():
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        write_whole(out.identity, json.dumps({**identity, "started": now.isoformat()}, indent=1))
        return now
    known: dict[str, str] = json.loads(out.identity.read_text(encoding="utf-8"))
    for name, value in identity.items():
        if known.get(name) != value:
            raise UsageError("batch.other_batch", {"folder": str(out.path), "what": name})
    return dt.datetime.fromisoformat(known["started"])


def write_whole(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Writes a file so that readers see the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding=encoding, newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
