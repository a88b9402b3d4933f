"""The committed set, read once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # samples/ is no part of the installed package

from samples.render.labels import Label  # noqa: E402  needs the path above
from samples.render.sheet import read_labels  # noqa: E402


@pytest.fixture(scope="session")
def labels() -> list[Label]:
    return read_labels(ROOT / "samples")


@pytest.fixture(scope="session")
def by_id(labels: list[Label]) -> dict[str, Label]:
    return {label.id: label for label in labels}


@pytest.fixture(scope="session")
def images() -> Path:
    return ROOT / "samples" / "images"
