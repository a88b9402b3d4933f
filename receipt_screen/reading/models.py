"""Model files: where they lie, whether they are what they should be, and a session to run them."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
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


@dataclass(frozen=True)
class Slice:
    """Columns of a model's last layer that are kept; the rest is never computed."""

    weights: str
    """Name of the layer's matrix in the model, inputs × classes."""
    bias: str
    keep: tuple[int, ...]
    """Indices of the classes that stay, in their new order."""


@dataclass(frozen=True)
class Model:
    """A model that is ready to run. Safe to share between threads."""

    session: ort.InferenceSession
    replaced: tuple[ort.OrtValue, ...] = ()
    """Tensors that stand in for the model's own; the session uses their memory."""

    def run(
        self, batch: npt.NDArray[np.float32], *, let_go: bool = False
    ) -> npt.NDArray[np.float32]:
        """The model's first output for its only input.

        `let_go` gives the memory back that the session keeps for the next run.
        """
        (source,) = self.session.get_inputs()
        options = letting_go() if let_go else None
        output: npt.NDArray[np.float32] = self.session.run(None, {source.name: batch}, options)[0]
        return output


@cache
def letting_go() -> ort.RunOptions:
    """For a run after which a session keeps no memory for the next."""
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


@cache
def open_model(name: str, threads: int, kept: Slice | None = None) -> Model:
    """A model by its name in the manifest, loaded once per process and setting."""
    path = checked_path(name)
    options = ort.SessionOptions()
    replaced = _slice_last_layer(options, path.read_bytes(), kept) if kept is not None else ()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A plan is kept for every shape of input, and no two receipts have the same: without plans
    # a process stays a fourth smaller and reads as fast.
    options.enable_mem_pattern = False
    try:
        return Model(ort.InferenceSession(str(path), options, providers=PROVIDERS), replaced)
    except Exception as exc:  # onnxruntime raises bare and private types
        raise SetupError("reading.model_broken", {"file": path.name}) from exc


def _slice_last_layer(
    options: ort.SessionOptions, model: bytes, kept: Slice
) -> tuple[ort.OrtValue, ...]:
    bias = read_tensor(model, kept.bias)
    weights = read_tensor(model, kept.weights).reshape(-1, len(bias))
    columns = list(kept.keep)
    tensors = {kept.weights: weights[:, columns], kept.bias: bias[columns]}
    values = {
        tensor: ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))
        for tensor, array in tensors.items()
    }
    for tensor, value in values.items():
        options.add_initializer(tensor, value)
    # The model still declares its full width; that the output is narrower is meant.
    options.log_severity_level = 3
    return tuple(values.values())


@cache
def characters_of(name: str) -> tuple[str, ...]:
    """The characters that a recogniser lists, in the order of its classes."""
    value = _field_behind(checked_path(name).read_bytes(), b"\n\x09character\x12")
    return tuple(value.decode("utf-8").split("\n"))


def read_tensor(model: bytes, name: str) -> npt.NDArray[np.float32]:
    """The values of a float32 tensor in an ONNX file, flat.

    Protocol buffers write fields in order: a tensor's name (8) stands before its data (9).
    The file's sha256 is known, so what is found here today is found here always.
    """
    key = name.encode()
    return np.frombuffer(_field_behind(model, b"B" + bytes([len(key)]) + key + b"J"), np.float32)


def _field_behind(message: bytes, mark: bytes) -> bytes:
    """The length-delimited field that stands behind a mark in a protocol buffer."""
    start = message.index(mark) + len(mark)
    length = shift = 0
    while True:
        byte = message[start]
        length |= (byte & 0x7F) << shift
        start, shift = start + 1, shift + 7
        if byte < 0x80:
            return message[start : start + length]
