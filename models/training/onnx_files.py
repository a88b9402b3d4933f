"""ONNX files: made small and fast, and entered in the manifest."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

LARGE = 256
"""Tensors of more numbers than this are stored as float16."""


class _Inputs(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, name: str, batches: Sequence[npt.NDArray[np.float32]]) -> None:
        self._rows: Iterator[dict[str, npt.NDArray[np.float32]]] = iter(
            [{name: batch} for batch in batches]
        )

    def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
        return next(self._rows, None)


def quantise(source: Path, target: Path, batches: Sequence[npt.NDArray[np.float32]]) -> None:
    """Writes a model with the weights and inputs of its convolutions as 8-bit integers.

    `batches`: inputs like those it will see; they set the ranges. The first convolution, which
    sees the pixels, stays as it is. Weights use seven bits of eight: processors without VNNI add
    pairs of products in 16 bits, which eight would overflow.
    """
    graph = onnx.load(source).graph
    first = next(node.name for node in graph.node if node.op_type == "Conv")
    quantize_static(
        source,
        target,
        _Inputs(graph.input[0].name, batches),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"],
        nodes_to_exclude=[first],
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )


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
