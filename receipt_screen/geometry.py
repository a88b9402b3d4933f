"""Places on an image: the one module that converts coordinates.

Coordinates are pixels, x to the right, y down, origin at the top left corner.
A place crosses a module border as a `Quad` or a `Box`, never as loose numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Point = tuple[float, float]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """An upright rectangle, `left ≤ right` and `top ≤ bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Quad:
    """Four corners of a text line or a paper, clockwise from the reader's top left.

    In JSON it is `[[x, y], [x, y], [x, y], [x, y]]`.
    """

    points: tuple[Point, Point, Point, Point]

    @classmethod
    def from_box(cls, box: Box) -> Quad:
        """The quad of an upright rectangle."""
        return cls(
            (
                (box.left, box.top),
                (box.right, box.top),
                (box.right, box.bottom),
                (box.left, box.bottom),
            )
        )

    @classmethod
    def from_array(cls, corners: npt.ArrayLike) -> Quad:
        """The quad of a 4×2 array of corners."""
        array = np.asarray(corners, dtype=np.float64)
        if array.shape != (4, 2):
            raise ValueError(f"a quad has four corners of two numbers, not shape {array.shape}")
        return cls(tuple((float(x), float(y)) for x, y in array))  # type: ignore[arg-type]

    @classmethod
    def hull(cls, quads: tuple[Quad, ...]) -> Quad:
        """The upright rectangle around several quads."""
        corners = np.concatenate([quad.array for quad in quads])
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        return cls.from_box(Box(float(left), float(top), float(right), float(bottom)))

    @cached_property
    def array(self) -> Floats:
        """The corners as a 4×2 array of float64."""
        return np.asarray(self.points, dtype=np.float64)

    @cached_property
    def box(self) -> Box:
        """The upright rectangle around the corners."""
        xs, ys = zip(*self.points, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @cached_property
    def center(self) -> Point:
        """The mean of the corners."""
        xs, ys = zip(*self.points, strict=True)
        return sum(xs) / 4, sum(ys) / 4

    @cached_property
    def width(self) -> float:
        """The longer of the top and the bottom edge."""
        top_left, top_right, bottom_right, bottom_left = self.array
        return float(
            max(np.hypot(*(top_right - top_left)), np.hypot(*(bottom_right - bottom_left)))
        )

    @cached_property
    def height(self) -> float:
        """The longer of the left and the right edge."""
        top_left, top_right, bottom_right, bottom_left = self.array
        return float(
            max(np.hypot(*(bottom_left - top_left)), np.hypot(*(bottom_right - top_right)))
        )

    def grown(self, margin: float) -> Quad:
        """The quad with a margin around it, along its own edges."""
        top_left, top_right, bottom_right, bottom_left = self.array
        along, down = (
            edge * margin / max(1e-9, float(np.hypot(*edge)))
            for edge in (top_right - top_left, bottom_left - top_left)
        )
        return Quad.from_array(
            [
                top_left - along - down,
                top_right + along - down,
                bottom_right + along + down,
                bottom_left - along + down,
            ]
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.from_array(value),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda quad: [[round(x, 1), round(y, 1)] for x, y in quad.points]
            ),
        )


@dataclass(frozen=True)
class Transform:
    """A plane-to-plane map: a 3×3 homography, stored row by row."""

    rows: tuple[Point3, Point3, Point3]

    @classmethod
    def from_array(cls, matrix: npt.ArrayLike) -> Transform:
        """The transform of a 3×3 matrix, scaled so that its last number is 1."""
        array = np.asarray(matrix, dtype=np.float64)
        if array.shape != (3, 3):
            raise ValueError(f"a transform is a 3×3 matrix, not shape {array.shape}")
        array = array / array[2, 2]
        return cls(tuple(tuple(float(v) for v in row) for row in array))  # type: ignore[arg-type]

    @classmethod
    def identity(cls) -> Transform:
        """The transform that moves nothing."""
        return cls.from_array(np.eye(3))

    @classmethod
    def scaling(cls, factor: float) -> Transform:
        """Multiplies both coordinates by a factor."""
        return cls.from_array(np.diag([factor, factor, 1.0]))

    @classmethod
    def turning(cls, quarter_turns: int, width: int, height: int) -> Transform:
        """From an image turned by `numpy.rot90(image, quarter_turns)` back to the image.

        `width` and `height` are those of the image before it was turned.
        """
        back = {
            0: [[1, 0, 0], [0, 1, 0]],
            1: [[0, -1, width], [1, 0, 0]],
            2: [[-1, 0, width], [0, -1, height]],
            3: [[0, 1, 0], [-1, 0, height]],
        }
        return cls.from_array([*back[quarter_turns % 4], [0, 0, 1]])

    @cached_property
    def array(self) -> Floats:
        """The 3×3 matrix."""
        return np.asarray(self.rows, dtype=np.float64)

    def inverse(self) -> Transform:
        """The way back."""
        return Transform.from_array(np.linalg.inv(self.array))

    def then(self, following: Transform) -> Transform:
        """This transform, followed by another."""
        return Transform.from_array(following.array @ self.array)

    def quad(self, quad: Quad) -> Quad:
        """Where a quad comes to lie."""
        corners = np.hstack([quad.array, np.ones((4, 1))]) @ self.array.T
        return Quad.from_array(corners[:, :2] / corners[:, 2:])


Point3 = tuple[float, float, float]
