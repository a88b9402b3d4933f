"""A small line recogniser: strided convolutions to one row, then mixing along the line, CTC.

Output rows of Hangul syllables are sums of shared jamo vectors and a residual, so that a rare
syllable is learnt from its parts; on export they fold into one matrix.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.recogniser.characters import CHARACTERS, HANGUL, jamo


def convolution(inputs: int, outputs: int, stride: tuple[int, int] = (1, 1)) -> nn.Sequential:
    """A 3×3 convolution, normalised and bent."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions beside a straight path."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, image: Tensor) -> Tensor:
        return functional.silu(image + self.second(self.first(image)))


class Mixing(nn.Module):
    """Lets a frame see its neighbours along the line."""

    def __init__(self, channels: int, reach: int, gate: float) -> None:
        super().__init__()
        self.along = nn.Conv1d(channels, channels, reach, padding=reach // 2, groups=channels)
        self.norm = nn.BatchNorm1d(channels)
        self.up, self.down = (
            nn.Conv1d(channels, 2 * channels, 1),
            nn.Conv1d(2 * channels, channels, 1),
        )
        self.gate = nn.Parameter(torch.full((1, channels, 1), gate))

    def forward(self, frames: Tensor) -> Tensor:
        mixed = self.down(functional.silu(self.up(self.norm(self.along(frames)))))
        return frames + self.gate * mixed


class JamoHead(nn.Module):
    """A linear classifier whose rows for syllables are made of their jamo."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        classes = len(CHARACTERS) + 1
        self.residual = nn.Parameter(torch.randn(classes, channels) * 0.02)
        self.bias = nn.Parameter(torch.zeros(classes))
        self.initial, self.vowel, self.final = (
            nn.Parameter(torch.randn(count, channels) * 0.05) for count in (20, 22, 29)
        )
        parts = torch.zeros(classes, 3, dtype=torch.long)
        parts[classes - len(HANGUL) :] = torch.tensor([jamo(char) for char in HANGUL]) + 1
        self.register_buffer("parts", parts, persistent=False)
        self.register_buffer("hangul", (parts[:, :1] > 0).float(), persistent=False)

    def weight(self) -> Tensor:
        """The folded matrix: classes × channels."""
        initial, vowel, final = self.parts.unbind(1)
        return self.residual + self.hangul * (
            self.initial[initial] + self.vowel[vowel] + self.final[final]
        )

    def forward(self, frames: Tensor) -> Tensor:
        return functional.linear(frames, self.weight(), self.bias)


class Recogniser(nn.Module):
    """Strips N×1×32×W, grey from −1 to 1 → scores N×(W/4)×classes."""

    def __init__(self, channels: int = 224) -> None:
        super().__init__()
        self.body = nn.Sequential(
            convolution(1, 16),
            convolution(16, 32, (2, 2)),
            Residual(32),
            convolution(32, 64, (2, 2)),
            Residual(64),
            Residual(64),
            convolution(64, 128, (2, 1)),
            Residual(128),
            nn.Sequential(
                nn.Conv2d(128, channels, (4, 1), bias=False),
                nn.BatchNorm2d(channels),
                nn.SiLU(inplace=True),
            ),
        )
        # The last two see four syllables to either side, and start as if they weren't there.
        self.mixing = nn.Sequential(
            *(Mixing(channels, 9, 0.1) for _ in range(4)),
            *(Mixing(channels, 15, 0.0) for _ in range(2)),
        )
        self.dropout = nn.Dropout(0.1)
        self.head = JamoHead(channels)

    def frames(self, strips: Tensor) -> Tensor:
        """What the head sees: N×(W/4)×channels."""
        mixed: Tensor = self.mixing(self.body(strips).squeeze(2))
        return mixed.transpose(1, 2)

    def forward(self, strips: Tensor) -> Tensor:
        scores: Tensor = self.head(self.dropout(self.frames(strips)))
        return scores
