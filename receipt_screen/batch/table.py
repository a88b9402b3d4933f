"""`results.csv`: one row for each photo, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from receipt_screen import contract_json

Json = dict[str, Any]
Cell = str | int | float | bool | None

FIELDS: Final = tuple(name for name in contract_json.FIELDS if name not in {"phone", "address"})
"""What an intake team decides by; a table that is passed around holds no more than it needs."""
HEAD: Final = ("file", "submission", "submitter", "received", "verdict", "round", "in_campaign")
TAIL: Final = ("amount_confidence", "flags", "reasons", "matches", "outcome", "why", "sha256")
COLUMNS: Final = (*HEAD, *FIELDS, *TAIL)
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet run a cell: OWASP's list for CSV injection, with the full-width forms
that Excel takes for the same in East Asian locales."""


def write_table(records: Iterable[Json], path: Path) -> None:
    """Writes the lines of a batch as CSV in UTF-8 with a mark, which Excel needs to know it."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for record in records:
            cells = _cells(record)
            rows.writerow([guarded(cells[column]) for column in COLUMNS])
    draft.replace(path)


def guarded(cell: Cell) -> Cell:
    """A cell that a spreadsheet shows and doesn't run: what looks like a formula gets a `'`."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _cells(record: Json) -> dict[str, Cell]:
    fields = record.get("fields", {})
    amount = fields.get("amount", {})
    return {
        **{name: record.get(name) for name in (*HEAD, "outcome", "why", "sha256")},
        **{name: fields.get(name, {}).get("value") for name in FIELDS},
        "amount_confidence": amount.get("confidence"),
        "flags": " ".join(flag["code"] for flag in record["flags"]),
        "reasons": " / ".join(_reasons(record)),
        "matches": " ".join(match["submission"] for match in record["matches"]),
    }


def _reasons(record: Json) -> list[str]:
    """What a person should know: flags, and what had to be checked and could not be."""
    flags = [flag["message"] for flag in record["flags"]]
    unchecked = [
        check["message"]
        for check in record["checks"]
        if check["outcome"] == "not_checked" and check["required"]
    ]
    return [*flags, *unchecked]
