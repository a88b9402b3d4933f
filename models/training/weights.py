"""Weights in training: averaged on the way, and kept in files without code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn


def follow(average: dict[str, Tensor], network: nn.Module, step: int, slowness: float) -> None:
    """Moves averaged weights a little towards the network's; faster in the first steps."""
    slowness = min(slowness, (1 + step) / (10 + step))
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].lerp_(value, 1 - slowness)
            else:
                average[name].copy_(value)


def blend(first: dict[str, Tensor], tuned: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Weights between those that training went on from and those it came to.

    Halfway a network keeps what it knew of prints unlike the renderer's and has most of what it
    learned since (WiSE-FT, Wortsman et al. 2022). Layers that were added since are taken as tuned;
    their gates were closed at first.
    """
    blended = dict(tuned)
    for name, value in tuned.items():
        if not value.is_floating_point():
            continue
        if name in first:
            blended[name] = torch.lerp(first[name], value, share)
        elif name.endswith("gate"):
            blended[name] = share * value
    return blended


def save_weights(path: Path, weights: dict[str, Tensor]) -> None:
    """Writes weights as float16 arrays; the old file stands until the new one is whole."""
    arrays = {
        name: value.numpy().astype(np.float16) if value.dtype.is_floating_point else value.numpy()
        for name, value in weights.items()
    }
    fresh = path.with_suffix(".part.npz")
    np.savez_compressed(fresh, **arrays)
    fresh.replace(path)


def load_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a checkpoint, float32."""
    with np.load(path, allow_pickle=False) as arrays:
        return {
            name: torch.from_numpy(
                arrays[name].astype(np.float32)
                if arrays[name].dtype == np.float16
                else arrays[name]
            )
            for name in arrays.files
        }
