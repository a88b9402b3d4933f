"""A desk's record against one that was exported earlier and kept somewhere else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from receipt_screen.desk.chain import Event, first_broken
from receipt_screen.desk.store import Desk
from receipt_screen.errors import UsageError


@dataclass(frozen=True)
class Kept:
    """A record that still begins as it was exported."""

    exported: int
    """Entries in the file."""
    later: int
    """Entries that have come since."""


def check_record(desk: Desk, file: Path) -> Kept:
    """Whether a desk's record is whole and begins with an exported one.

    Raises UsageError for a file that can't be read or was changed, and for a record that was
    changed or whose end was cut off; RegistryError without the desk's secret.
    """
    exported, present, key = _read(file), desk.events(), desk.key()
    broken = first_broken(exported, key)
    if broken is not None:
        raise UsageError("desk.record_file_changed", {"file": str(file), "number": broken})
    broken = first_broken(present, key)
    if broken is not None:
        raise UsageError("desk.record_changed", {"number": broken})
    if [event.hash for event in present[: len(exported)]] != [event.hash for event in exported]:
        counts = {"exported": len(exported), "present": len(present)}
        raise UsageError("desk.record_cut", {"file": str(file), **counts})
    return Kept(len(exported), len(present) - len(exported))


def _read(file: Path) -> list[Event]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        events = [Event.model_validate_json(line) for line in lines]
    except (OSError, UnicodeDecodeError, ValidationError) as exc:
        raise UsageError("desk.record_unreadable", {"file": str(file)}) from exc
    if not events:
        raise UsageError("desk.record_unreadable", {"file": str(file)})
    return events
