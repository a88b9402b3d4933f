"""What is installed, which models are whole, which engines work: each asked by trying it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from typing import Final

import cv2
import numpy as np

from receipt_screen import __version__
from receipt_screen.errors import ReceiptScreenError
from receipt_screen.messages import Language, sentence
from receipt_screen.reading import ENGINES, open_reader
from receipt_screen.reading.models import checked_path, manifest
from receipt_screen.records import Outcome, Pixels, Record

DEFAULT_ENGINE: Final = "lines"
EXTRAS: Final = {"tesseract": "pytesseract", "postgresql": "psycopg", "review": "starlette"}
"""Which module tells that an extra is installed."""
PACKAGES: Final = (
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "pypdfium2",
    "rapidocr",
    "sqlalchemy",
)


class Probe(Record):
    """One thing that was looked at."""

    kind: str
    """`python`, `package`, `model`, `engine` or `extra`."""
    name: str
    works: bool
    needed: bool
    """The default engine can't do without it."""
    detail: str
    """A version, or what is wrong and what to do."""


def diagnose(language: Language = "ko") -> tuple[Probe, ...]:
    """Looks at everything that `read` and `screen` stand on; raises nothing."""
    return (
        _own(),
        _python(),
        *_packages(),
        *_models(language),
        *_engines(language),
        *_extras(language),
    )


def ready(probes: Iterable[Probe]) -> bool:
    """Whether the default engine has all that it needs."""
    return all(probe.works for probe in probes if probe.needed)


def _own() -> Probe:
    return Probe(kind="package", name="receipt-screen", works=True, needed=True, detail=__version__)


def _python() -> Probe:
    version = f"{platform.python_version()} {sys.platform} {platform.machine()}"
    return Probe(kind="python", name="python", works=True, needed=True, detail=version)


def _packages() -> list[Probe]:
    return [_package(name) for name in PACKAGES]


def _package(name: str) -> Probe:
    try:
        version, works = metadata.version(name), True
    except metadata.PackageNotFoundError:
        # Perhaps it is there under another name: the engines tell what matters.
        version, works = "?", False
    return Probe(kind="package", name=name, works=works, needed=False, detail=version)


def _models(language: Language) -> list[Probe]:
    try:
        names = sorted(manifest())
    except ReceiptScreenError as error:
        return [_model("models", error.text(language), works=False)]
    return [_checked(name, language) for name in names]


def _checked(name: str, language: Language) -> Probe:
    try:
        path = checked_path(name)
    except ReceiptScreenError as error:
        return _model(name, error.text(language), works=False)
    detail = f"{path.name}, {path.stat().st_size / 1e6:.1f} MB, sha256 ✓"
    return _model(name, detail, works=True)


def _model(name: str, detail: str, *, works: bool) -> Probe:
    return Probe(kind="model", name=name, works=works, needed=True, detail=detail)


def _engines(language: Language) -> list[Probe]:
    return [_engine(name, language) for name in ENGINES]


def _engine(name: str, language: Language) -> Probe:
    needed = name == DEFAULT_ENGINE
    try:
        reader = open_reader(name)
        outcome = reader.read(sample_paper()).outcome
    except ReceiptScreenError as error:
        detail = error.text(language)
        return Probe(kind="engine", name=name, works=False, needed=needed, detail=detail)
    works = outcome is Outcome.READ
    detail = reader.version if works else sentence("doctor.reads_nothing", {}, language)
    return Probe(kind="engine", name=name, works=works, needed=needed, detail=detail)


def sample_paper() -> Pixels:
    """A white paper with two lines of digits, which any engine that works can read."""
    paper = np.full((240, 480, 3), 255, np.uint8)
    for row, text in enumerate(("TOTAL 100,000", "2025-01-20 10:12")):
        place = (20, 90 + 80 * row)
        cv2.putText(paper, text, place, cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 3)
    return paper


def _extras(language: Language) -> list[Probe]:
    return [_extra(name, module, language) for name, module in EXTRAS.items()]


def _extra(name: str, module: str, language: Language) -> Probe:
    works = find_spec(module) is not None
    key = "doctor.extra_installed" if works else "doctor.extra_missing"
    detail = sentence(key, {"extra": name}, language)
    return Probe(kind="extra", name=name, works=works, needed=False, detail=detail)
