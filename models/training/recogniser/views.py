"""Lines seen again and again, each time as another camera would have seen them.

Where a graphics card learns, lines are used up faster than processors can draw them. So the last
batches stay on the card; while new ones are made, old ones are shown again: slanted, curled,
out of focus, shaken, darker, paler or grainier than before.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, Queue
from random import Random
from threading import Thread

import torch
from torch import Tensor
from torch.nn import functional

from models.training.recogniser.characters import INDEX
from models.training.recogniser.data import Batch

OFTEN, SELDOM = 0.4, 0.2
"""Shares of lines that one change befalls."""
SLANT, CURL = 0.11, 1.3
"""Columns a row by which a line leans (standard deviation), as on paper rolled sideways; rows by
which it sways at most."""
TALLER, SHIFTED, NARROWER = 0.07, 0.8, 0.1
"""A share of the height, rows (both standard deviations), and a share of the width at most."""
REACH = 4
"""Points to either side over which a blurred point is spread."""
WAITING = 40
"""Batches that wait at most until the card fetches them."""


@dataclass(frozen=True)
class Shown:
    """A batch on the device that learns from it."""

    strips: Tensor
    """N×1×32×W, from −1 to 1."""
    classes: Tensor
    """As in `Batch`."""
    targets: Tensor
    """The classes of all texts in a row."""
    lengths: Tensor
    """How many of them belong to each text."""


def on_device(made: Batch, device: str) -> Shown:
    """A batch as it was made."""
    return Shown(
        torch.from_numpy(made.strips).to(device),
        torch.from_numpy(made.classes).to(device),
        torch.tensor([INDEX[char] for text in made.texts for char in text], device=device),
        torch.tensor([len(text) for text in made.texts]),
    )


def shown_again(batches: Iterable[Batch], device: str, kept: int, seed: int) -> Iterator[Shown]:
    """Endless views of the `kept` last batches; none waits for a batch but the first."""
    chance, pool = Random(seed), deque[Shown](maxlen=kept)
    made: Queue[Batch | Exception] = Queue(WAITING)
    Thread(target=_fill, args=(made, batches), daemon=True).start()
    pool.append(on_device(_whole(made.get()), device))
    while True:
        with suppress(Empty):
            while True:
                pool.append(on_device(_whole(made.get_nowait()), device))
        shown = chance.choice(pool)
        yield replace(shown, strips=seen(shown.strips))


def _fill(queue: Queue[Batch | Exception], batches: Iterable[Batch]) -> None:
    try:
        for made in batches:
            queue.put(made)
    except Exception as error:  # noqa: BLE001 - raised where it is awaited, or all would wait on
        queue.put(error)


def _whole(made: Batch | Exception) -> Batch:
    if isinstance(made, Exception):
        raise made
    return made


# ── another camera ───────────────────────────────────────────────────────────────────────────


def seen(strips: Tensor) -> Tensor:
    """The same lines under other conditions, N×1×32×W from −1 to 1; some stay as they are."""
    bent = _bent(strips)
    lit = _lit((bent + 1) / 2)
    return (_grained(_blurred(lit)).clamp(0, 1) * 2 - 1).contiguous(
        memory_format=torch.channels_last
    )


def _bent(strips: Tensor) -> Tensor:
    """Leaning, swaying, taller or flatter, narrower by up to a tenth."""
    count, _, height, width = strips.shape
    like = {"device": strips.device}
    down = torch.arange(height, **like).view(1, height, 1) - (height - 1) / 2
    along = torch.arange(width, **like).view(1, 1, width).float()
    lean = _some(count, OFTEN, strips) * torch.randn(count, 1, 1, **like) * SLANT
    size = 1 + _some(count, OFTEN, strips) * torch.randn(count, 1, 1, **like) * TALLER
    shift = _some(count, OFTEN, strips) * torch.randn(count, 1, 1, **like) * SHIFTED
    longer = 1 + _some(count, OFTEN, strips) * torch.rand(count, 1, 1, **like) * NARROWER
    reach = _some(count, OFTEN, strips) * torch.rand(count, 1, 1, **like) * CURL
    waves = 2 * math.pi / (60 + 600 * torch.rand(count, 1, 1, **like))
    phase = 2 * math.pi * torch.rand(count, 1, 1, **like)
    x = along * longer + down * lean.clamp(-0.3, 0.3)
    y = down * size + shift + reach * torch.sin(along * waves + phase)
    grid = torch.stack(
        [
            (2 * x.expand(count, height, width) + 1) / width - 1,
            (2 * (y + (height - 1) / 2).expand(count, height, width) + 1) / height - 1,
        ],
        3,
    )
    return functional.grid_sample(strips, grid, "bilinear", "border", align_corners=False)


def _lit(strips: Tensor) -> Tensor:
    """Other exposure, less ink, light that falls off along the line; from 0 to 1."""
    count, _, _, width = strips.shape
    like = {"device": strips.device}
    gamma = torch.exp(_some4(count, OFTEN, strips) * torch.randn(count, 1, 1, 1, **like) * 0.35)
    lit = strips.clamp(1e-3, 1) ** gamma
    paper = lit.amax((2, 3), keepdim=True)
    ink = 1 - _some4(count, OFTEN, strips) * torch.rand(count, 1, 1, 1, **like) * 0.6
    lit = paper + (lit - paper) * ink
    slope = _some4(count, SELDOM, strips) * (torch.rand(count, 1, 1, 1, **like) - 0.5)
    return lit * (1 - slope.abs() / 2 + slope * torch.linspace(-0.5, 0.5, width, **like))


def _blurred(strips: Tensor) -> Tensor:
    """Out of focus or shaken along any direction."""
    count, _, height, width = strips.shape
    like = {"device": strips.device}
    angle = math.pi * torch.rand(count, 1, 1, **like)
    blurred = _some(count, OFTEN, strips)
    far = 0.25 + blurred * torch.rand(count, 1, 1, **like) * 1.7
    near = 0.25 + blurred * torch.rand(count, 1, 1, **like) * 0.7
    steps = torch.arange(-REACH, REACH + 1, **like).float()
    y, x = steps.view(1, -1, 1), steps.view(1, 1, -1)
    u, v = x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin()
    spread = torch.exp(-((u / far) ** 2 + (v / near) ** 2) / 2)
    spread = spread / spread.sum((1, 2), keepdim=True)
    padded = functional.pad(strips, (REACH,) * 4, mode="replicate").transpose(0, 1)
    mixed = functional.conv2d(padded, spread.unsqueeze(1), groups=count)
    return mixed.view(count, 1, height, width)


def _grained(strips: Tensor) -> Tensor:
    """The noise of a sensor in the dark."""
    level = _some4(len(strips), SELDOM, strips) * torch.rand_like(strips[:, :, :1, :1]) * 0.05
    return strips + level * torch.randn_like(strips)


def _some(count: int, share: float, like: Tensor) -> Tensor:
    """1 for so large a share of lines, else 0: N×1×1."""
    return (torch.rand(count, 1, 1, device=like.device) < share).float()


def _some4(count: int, share: float, like: Tensor) -> Tensor:
    return _some(count, share, like).unsqueeze(3)
