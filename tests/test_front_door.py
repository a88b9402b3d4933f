"""`receipt_screen` is the one front door: complete, sorted, and quick to open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import receipt_screen

ROOT = Path(__file__).parent.parent


def test_the_names_are_sorted_and_few() -> None:
    assert receipt_screen.__all__ == sorted(receipt_screen.__all__)
    assert len(receipt_screen.__all__) <= 20


@pytest.mark.parametrize("name", receipt_screen.__all__)
def test_every_name_is_there_and_explains_itself(name: str) -> None:
    found = getattr(receipt_screen, name)

    assert found.__doc__
    assert found.__name__ == name
    assert name in dir(receipt_screen)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'scan'"):
        receipt_screen.scan  # type: ignore[attr-defined]  # noqa: B018


def test_opening_it_loads_nothing_heavy() -> None:
    """Child processes limit their threads before NumPy loads, and `--help` is quick."""
    program = "import sys, receipt_screen.cli; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    heavy = {"numpy", "cv2", "onnxruntime", "pydantic", "sqlalchemy", "PIL"}
    assert not heavy & set(done.stdout.split())


def test_type_checkers_see_the_same_names() -> None:
    source = (ROOT / "receipt_screen" / "__init__.py").read_text(encoding="utf-8")
    _, _, listed = source.partition("TYPE_CHECKING:")
    promised, _, _ = listed.partition("__version__")

    assert [name for name in receipt_screen.__all__ if name not in promised] == []


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    versions = [line.split()[1] for line in changelog.splitlines() if line.startswith("## ")]
    assert receipt_screen.__version__ in versions[:2]
