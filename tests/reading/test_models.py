"""Model files are checked before they run, and say what to do when they are not right."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from receipt_screen.errors import SetupError
from receipt_screen.reading import models
from receipt_screen.reading.models import ModelFile, checked_path, manifest


def test_every_model_is_there_and_is_what_the_manifest_says() -> None:
    for name, model in manifest().items():
        assert hashlib.sha256(checked_path(name).read_bytes()).hexdigest() == model.sha256


def test_every_model_has_a_card() -> None:
    for model in manifest().values():
        card = models.models_folder() / model.card
        assert "sha256" in card.read_text(encoding="utf-8")
        assert model.sha256 in card.read_text(encoding="utf-8")


@pytest.fixture
def tampered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "recogniser.onnx"
    path.write_bytes(b"not a model")
    entry = ModelFile("recogniser", path, "0" * 64, None, "recogniser.md")
    monkeypatch.setattr(models, "manifest", lambda: {"recogniser": entry})
    return path


def test_a_changed_model_is_refused(tampered: Path) -> None:
    with pytest.raises(SetupError, match="sha256"):
        checked_path("recogniser")


def test_a_missing_model_says_what_to_install(tampered: Path) -> None:
    tampered.unlink()
    with pytest.raises(SetupError, match="pip install"):
        checked_path("recogniser")


def test_a_broken_model_says_what_to_do(tampered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = hashlib.sha256(tampered.read_bytes()).hexdigest()
    entry = ModelFile("recogniser", tampered, sha256, None, "recogniser.md")
    monkeypatch.setattr(models, "manifest", lambda: {"recogniser": entry})
    with pytest.raises(SetupError, match="onnxruntime"):
        models.open_model.__wrapped__("recogniser", 1)
