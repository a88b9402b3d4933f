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
    with writing_into(path):
        lock = (path / ".lock").open("w", encoding="utf-8")
    with lock:
        _lock(lock, path)
        yield OutFolder(path)


def make_folder(path: Path) -> None:
    """Makes a folder for its owner only, or leaves one as it is; UsageError when it can't."""
    with writing_into(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def writing_into(path: Path) -> Iterator[None]:
    """What the system refuses while results are written is the folder's fault, not a photo's."""
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        values = {"folder": str(path), "reason": reason}
        raise UsageError("batch.out_unwritable", values) from exc


def _lock(file: TextIOWrapper, folder: Path) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        raise UsageError("batch.busy", {"folder": str(folder)}) from exc


@dataclass(frozen=True)
class Identity:
    """Which batch the results in a folder belong to: what it was asked for, and its start."""

    asked: dict[str, str]
    started: dt.datetime
    """Kept, so that a batch that goes on says the same as one that was never stopped."""

    @classmethod
    def of(cls, out: OutFolder, asked: dict[str, str]) -> Identity:
        """The one that was kept; a new one where none was.

        Raises UsageError where the folder holds another batch's results.
        """
        if not out.identity.exists():
            return cls(asked, dt.datetime.now(dt.UTC).replace(microsecond=0))
        known = _read_identity(out.identity)
        for name, value in asked.items():
            if known.get(name) != value:
                raise UsageError("batch.other_batch", {"folder": str(out.path), "what": name})
        return cls(asked, dt.datetime.fromisoformat(known["started"]))

    def keep(self, out: OutFolder) -> None:
        """Makes the folder this batch's own."""
        if not out.identity.exists():
            kept = {**self.asked, "started": self.started.isoformat()}
            write_whole(out.identity, json.dumps(kept, indent=1))


def _read_identity(file: Path) -> dict[str, str]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
        dt.datetime.fromisoformat(known["started"])
    except (ValueError, TypeError, KeyError) as exc:
        raise UsageError("batch.broken_identity", {"file": str(file)}) from exc
    return dict(known)


def write_whole(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Writes a file so that readers see the old one or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.draft")
    with writing_into(path.parent):
        with draft.open("w", encoding=encoding, newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
