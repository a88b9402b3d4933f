"""Trains the line detector; goes on from its checkpoint.

    python -m models.training.detector.train --papers out/train/papers --minutes 45

Checkpoint, log and `--fresh` are as in `models.training.recogniser.train`.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.detector.data import Floats, batches
from models.training.detector.network import Detector
from models.training.weights import follow, load_weights, save_weights

HERE = Path(__file__).parent
CHECKPOINT = HERE / "checkpoint.npz"
LOG = HERE / "log.jsonl"
EDGE_WEIGHT = 1.0
SLOWNESS = 0.998


class _Stream(torch.utils.data.IterableDataset[tuple[Floats, ...]]):
    def __init__(self, papers: Path | None, size: int, seed: int) -> None:
        self.papers, self.size, self.seed = papers, size, seed

    def __iter__(self) -> Iterator[tuple[Floats, ...]]:
        worker = torch.utils.data.get_worker_info()
        return batches(self.papers, self.size, self.seed + (worker.id if worker else 0))


def train(options: argparse.Namespace) -> None:
    """Trains until the minutes are over; writes checkpoint and log on the way."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    network = Detector()
    if not options.fresh and CHECKPOINT.is_file():
        network.load_state_dict(load_weights(CHECKPOINT))
    network.to(options.device, memory_format=torch.channels_last)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-2)
    stream = torch.utils.data.DataLoader(
        _Stream(options.papers, options.size, options.seed),
        batch_size=None,
        num_workers=options.workers,
    )
    started = saved = time.monotonic()
    overlap = 0.0
    for step, made in enumerate(stream):
        share = (time.monotonic() - started) / 60 / options.minutes
        fall = 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))) + 0.02
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1.0, (step + 1) / 100) * fall
        loss, hit = _step(network, optimiser, made)
        overlap += (0.02 if step else 1.0) * (hit - overlap)
        follow(average, network, step, SLOWNESS)
        if step % 50 == 0:
            minutes = round((time.monotonic() - started) / 60, 1)
            entry = {"minutes": minutes, "step": step, "loss": loss, "overlap": round(overlap, 4)}
            with LOG.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
            print(entry, flush=True)
        if time.monotonic() - saved > 180 or share >= 1:
            saved = time.monotonic()
            save_weights(CHECKPOINT, {name: value.cpu() for name, value in average.items()})
        if share >= 1:
            return


def _step(
    network: nn.Module, optimiser: torch.optim.Optimizer, made: tuple[Tensor, ...]
) -> tuple[float, float]:
    device = next(network.parameters()).device
    images, core, counts, edges, inside = (part.to(device) for part in made)
    with torch.autocast(device.type, torch.bfloat16):
        maps = network(images.to(memory_format=torch.channels_last))
    maps = maps.float()
    loss, overlap = core_loss(maps[:, 0], core, counts)
    distance = (functional.smooth_l1_loss(maps[:, 1:], edges, reduction="none", beta=0.1)).sum(1)
    loss = loss + EDGE_WEIGHT * (distance * inside).sum() / inside.sum().clamp(min=1)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    return round(float(loss.detach()), 4), float(overlap.detach())


def core_loss(scores: Tensor, core: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """Cross entropy, cores weighted twice, and what cores and their finding don't share."""
    weight = counts * (1 + core)
    entropy = functional.binary_cross_entropy_with_logits(scores, core, weight, reduction="sum")
    found = torch.sigmoid(scores) * counts
    shared = (2 * (found * core).sum() + 1) / (found.sum() + (core * counts).sum() + 1)
    return 3 * entropy / weight.sum() + (1 - shared), shared


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.detector.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--papers", type=Path, help="of models.training.papers; without, rendered on the way"
    )
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--size", type=int, default=8, help="pieces of a batch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that make pieces")
    parser.add_argument("--device", default="cpu", help="cuda where there is one")
    parser.add_argument("--fresh", action="store_true", help="start from nothing")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
