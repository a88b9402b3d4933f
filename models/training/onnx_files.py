"""ONNX files: stored small, and entered in the manifest."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

LARGE = 256
"""Tensors of more numbers than this are stored as float16."""


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with its large tensors stored as float16."""
    graph, casts, kept = model.graph, [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size <= LARGE:
            kept.append(tensor)
            continue
        stored = f"{tensor.name}.half"
        kept.append(numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(helper.make_node("Cast", [stored], [tensor.name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def record_sha256(name: str, manifest: Path) -> None:
    """Puts the sha256 of a model's file into its entry of the manifest and into its card."""
    text = manifest.read_text(encoding="utf-8")
    entry = tomllib.loads(text).get(name)
    if entry is None:
        raise SystemExit(f"{manifest} has no entry [{name}]")
    digest = hashlib.sha256((manifest.parent / entry["file"]).read_bytes()).hexdigest()
    for path in (manifest, manifest.parent / entry["card"]):
        written = path.read_text(encoding="utf-8")
        path.write_text(written.replace(entry["sha256"], digest), encoding="utf-8")
