"""docs/flags.md names every check and every flag, and none that doesn't exist."""

from __future__ import annotations

import re
from pathlib import Path

from receipt_screen.checks import CHECKS
from receipt_screen.checks.duplicates import RELATIONS
from receipt_screen.checks.velocity import CODES as VELOCITY
from tests.cases import case

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| (?:`(\w+)`)? ?\|(?: `(\w+)`)? ?\|", (ROOT / "docs/flags.md").read_text("utf-8"), re.M
)
SOURCES = "".join(
    path.read_text("utf-8") for path in (ROOT / "receipt_screen" / "checks").glob("*.py")
)
CODES = re.compile(
    r'code="(\w+)"(?: if \w+ else "(\w+)")?|Sum\(\s*"(\w+)"|yield "(\w+)"|code, message = "(\w+)"'
    r'|MarkCheck\(\s*"(\w+)"'
)

SEVERITIES = {"info", "review", "strong"}
"""Rows of another table."""


def codes_in_the_code() -> set[str]:
    found = {code for groups in CODES.findall(SOURCES) for code in groups if code}
    return found | {relation.value for relation in RELATIONS} | set(VELOCITY.values())


def test_every_check_is_documented_and_no_other() -> None:
    assert {name for name, _ in ROWS if name} - SEVERITIES == {
        check(case()).check for check in CHECKS
    }


def test_every_flag_is_documented_and_no_other() -> None:
    assert {code for _, code in ROWS if code} == codes_in_the_code()
