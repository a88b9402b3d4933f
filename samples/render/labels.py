"""What is known of a sample: the schema of labels.jsonl."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from receipt_screen.geometry import Quad
from receipt_screen.records import DocumentKind, MarkKind, Record, Verdict

FIELD_NAMES = (
    "amount", "date", "time", "merchant", "business_number", "approval_number", "card", "phone",
    "address",
)  # fmt: skip


class SampleRelation(StrEnum):
    """What an earlier image is to a later one."""

    SAME_FILE = "same_file"
    SAME_IMAGE = "same_image"
    SAME_RECEIPT = "same_receipt"
    ALTERED_COPY = "altered_copy"
    SAME_TEMPLATE = "same_template"
    UNRELATED = "unrelated"


class FieldLabel(Record):
    """A field's true value, and where it is printed. `value` is None where it is not printed."""

    value: int | str | None = None
    text: str | None = None
    """As printed, wrapped lines joined by a space."""
    quad: Quad | None = None
    also: tuple[Quad, ...] = ()
    """Other places that print the same value."""
    visible: bool = True
    """False: printed, but outside the picture or under a finger."""


class LineLabel(Record):
    """A piece of text that stands together; runs of spaces are folded."""

    text: str
    quad: Quad
    field: str | None = None
    visible: bool = True
    paper: int = 0
    """0: the receipt that the fields are about; 1, 2 …: others in the same picture."""


class Related(Record):
    """Another image that this one is related to."""

    to: str
    relation: SampleRelation
    how: str
    """What was done, or why the two look alike."""
    differs: tuple[Quad, ...] = ()
    """For an altered copy: what was changed, in this image."""


class Expected(Record):
    """What the campaign's rules make of the image alone, read without error."""

    verdict: Verdict
    reason: str
    round: str | None = None
    in_campaign: bool | None = None


class Label(Record):
    """One line of labels.jsonl."""

    id: str
    file: str
    width: int
    height: int
    family: str
    split: Literal["train", "test"]
    shop: str
    face: str
    kind: DocumentKind
    marks: tuple[MarkKind, ...]
    fields: dict[str, FieldLabel]
    lines: tuple[LineLabel, ...]
    symbols: tuple[str, ...] = ()
    """What barcodes and QR codes hold."""
    faults: tuple[str, ...]
    traps: tuple[str, ...]
    relations: tuple[Related, ...] = ()
    expected: Expected
    seed: int
    index: int


def label_json(label: Label) -> str:
    """A line of labels.jsonl, defaults left out."""
    return label.model_dump_json(exclude_defaults=True)
