"""Model files: where they lie, whether they are what they should be, and a session to run them."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import onnxruntime as ort

from receipt_screen.errors import SetupError

# The arena saves a tenth of the time; without this setting it doubles each time it grows.
PROVIDERS = [("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})]


@dataclass(frozen=True)
class ModelFile:
    """One entry of `models/manifest.toml`."""

    name: str
    path: Path
    sha256: str
    wheel: str | None
    card: str
    """The file beside the manifest that describes it."""


def models_folder() -> Path:
    """The folder of model files: inside an installed package, beside it in a checkout."""
    package = Path(str(files("receipt_screen")))
    folders = [package / "models", package.parent / "models"]
    for folder in folders:
        if (folder / "manifest.toml").is_file():
            return folder
    raise SetupError("reading.no_models", {"folder": str(folders[0])})


@cache
def manifest() -> dict[str, ModelFile]:
    """All model files by name."""
    folder = models_folder()
    entries = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))
    return {name: _model_file(name, entry, folder) for name, entry in entries.items()}


def _model_file(name: str, entry: dict[str, str], folder: Path) -> ModelFile:
    wheel = entry.get("wheel")
    base = _wheel_folder(wheel) if wheel else folder
    return ModelFile(name, base / entry["file"], entry["sha256"], wheel, entry["card"])


def _wheel_folder(package: str) -> Path:
    # Found without importing: the wheel's own code isn't needed and takes a second to load.
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return Path(package)
    return Path(spec.origin).parent


def checked_path(name: str) -> Path:
    """The path of a model whose sha256 is right; a SetupError says what to do otherwise."""
    model = manifest()[name]
    source = model.wheel or "receipt-screen"
    if not model.path.is_file():
        raise SetupError("reading.model_missing", {"file": model.path.name, "package": source})
    if hashlib.sha256(model.path.read_bytes()).hexdigest() != model.sha256:
        raise SetupError("reading.model_changed", {"file": model.path.name, "package": source})
    return model.path


@cache
def open_session(name: str, threads: int) -> ort.InferenceSession:
    """The session of a model, loaded once per process and thread setting."""
    path = checked_path(name)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        return ort.InferenceSession(str(path), options, providers=PROVIDERS)
    except Exception as exc:  # onnxruntime raises bare and private types
        raise SetupError("reading.model_broken", {"file": path.name}) from exc
