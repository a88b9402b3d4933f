"""A small network that marks the core of each line and how far its edges are.

A pyramid: features at a quarter, an eighth, a sixteenth and a thirty-second of the image, summed
back up, and maps at half the image's size, where the cores of tight lines don't touch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.recogniser.network import Residual, convolution

MAPS = 3
"""The core's score, and the distances to the line's upper and lower edge."""


class Detector(nn.Module):
    """Images N×1×H×W, grey from −1 to 1 → maps N×3×(H/2)×(W/2)."""

    def __init__(self) -> None:
        super().__init__()
        self.quarter = nn.Sequential(
            convolution(1, 16, (2, 2)), convolution(16, 32, (2, 2)), Residual(32), Residual(32)
        )
        self.eighth = nn.Sequential(convolution(32, 64, (2, 2)), Residual(64), Residual(64))
        self.sixteenth = nn.Sequential(convolution(64, 96, (2, 2)), Residual(96))
        self.thirtysecond = nn.Sequential(convolution(96, 96, (2, 2)), Residual(96))
        self.down = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 1) for inputs, outputs in ((96, 96), (96, 64), (64, 32))
        )
        self.maps = nn.Sequential(
            convolution(32, 32), nn.Conv2d(32, 4 * MAPS, 3, padding=1), nn.PixelShuffle(2)
        )

    def forward(self, image: Tensor) -> Tensor:
        levels = [self.quarter(image)]
        for stage in (self.eighth, self.sixteenth, self.thirtysecond):
            levels.append(stage(levels[-1]))
        seen = levels.pop()
        for narrow in self.down:
            wider = functional.interpolate(narrow(seen), scale_factor=2.0, mode="nearest")
            seen = levels.pop() + wider
        maps: Tensor = self.maps(seen)
        return torch.cat([maps[:, :1], functional.softplus(maps[:, 1:])], 1)
