"""The records that flow from a photo to a verdict. They are frozen; stages make new ones.

`Photo` and `Paper` hold pixels and never leave the process; everything else is JSON both ways.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from receipt_screen.geometry import Quad, Transform

SCHEMA = 1

Pixels = npt.NDArray[np.uint8]
"""An image: height × width × 3, uint8, blue-green-red as OpenCV has it."""

Probability = Annotated[float, Field(ge=0, le=1)]
Won = int
T = TypeVar("T")


class Record(BaseModel):
    """The base of all records: frozen, and unknown keys are refused.

    Neither a `repr` nor a ValidationError quotes what a receipt says: both end up in logs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


# ── photo ────────────────────────────────────────────────────────────────────────────────────


class PhotoFacts(Record):
    """What is known of an upload apart from its pixels."""

    file: str
    """The name to show people; not necessarily a path that exists."""
    sha256: str
    """Of the bytes as they were handed in."""
    bytes: int
    format: str
    """`JPEG`, `PNG`, `WEBP`, `TIFF`, `HEIF`, `PDF`, `GIF`, `BMP`."""
    page: int = 1
    pages: int = 1
    width: int
    """Of the upright photo at full size, in pixels; all quads in JSON refer to it."""
    height: int
    camera: str | None = None
    software: str | None = None
    taken: dt.datetime | None = None
    """EXIF DateTimeOriginal, without zone, as the camera wrote it."""


@dataclass(frozen=True)
class Photo:
    """An upload, decoded and turned as its EXIF says."""

    facts: PhotoFacts
    pixels: Pixels
    """Possibly smaller than the full size: large JPEGs are decoded at reduced size."""
    to_full: Transform
    """From `pixels` to the full-size upright photo."""


# ── paper ────────────────────────────────────────────────────────────────────────────────────


class Quality(Record):
    """How well a paper can be read. None where it can't be measured."""

    sharpness: float
    """Variance of the Laplacian over the print, at a common scale and for its contrast; below
    about 60 text is too blurred to read."""
    glare: Probability
    """Share of the paper that is blown out in large connected areas."""
    contrast: float
    """Spread between ink and paper in grey levels (95th − 5th percentile over the print)."""
    glyph_height: float | None = None
    """Median height of text lines in pixels of the full-size photo; set once lines are known."""
    cut_edges: tuple[str, ...] = ()
    """Edges of the photo (`left`, `top`, `right`, `bottom`) that the paper runs out of."""


class PaperFacts(Record):
    """How the paper was found in the photo."""

    found: bool
    """False: no paper could be told from its background, and the whole photo is used."""
    kind: str
    """`paper` (a sheet on a background), `screen` (a screenshot or app), `scan`, `whole`."""
    quad: Quad
    """The paper's corners in the full-size upright photo."""
    quality: Quality
    drawn: bool | None = None
    """Whether a program drew the picture, or a scanner cleaned it; no: a camera saw it. None where
    that can't be told."""

    @property
    def flat(self) -> bool:
        """Nothing but print is in the picture, so that another receipt of the layout looks like it:
        no camera saw it or, where that can't be told, no background lies around a paper."""
        return self.kind != "paper" if self.drawn is None else self.drawn


@dataclass(frozen=True)
class Paper:
    """The receipt, cut out and flattened. It may still lie on its side or upside down."""

    facts: PaperFacts
    pixels: Pixels
    to_photo: Transform
    """From `pixels` to the full-size upright photo."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    """How reading a page ended. A failure is never dressed as an empty result."""

    READ = "read"
    BLANK = "blank"
    FAILED = "failed"


class Reading(Record):
    """What one reader made of a line."""

    reader: str
    text: str = Field(repr=False)
    confidence: Probability


class Line(Record):
    """A piece of text that stands together on the paper."""

    text: str
    quad: Quad
    confidence: Probability
    characters: tuple[float, ...] = ()
    """A confidence for each character of `text`, spaces included; empty where unknown."""
    runners_up: tuple[str, ...] = ()
    """The next likeliest character for each of `text`, empty where nothing else is likely: what
    the other reader saw there, or the same one less surely."""
    readings: tuple[Reading, ...] = ()
    """What each reader said, where more than one was asked."""

    def __repr__(self) -> str:
        return f"Line(<{len(self.text)} characters>, confidence={self.confidence:.2f})"

    __str__ = __repr__


class Page(Record):
    """All that was read of one paper."""

    engine: str
    version: str
    outcome: Outcome
    why: str | None = None
    """Why nothing was read, for BLANK and FAILED."""
    turn: int = 0
    """Quarter turns anticlockwise that the paper needed to stand upright (`numpy.rot90`)."""
    width: int = 0
    """Of the upright paper, the frame of the lines' quads."""
    height: int = 0
    lines: tuple[Line, ...] = ()
    seconds: float = 0.0


# ── symbols ──────────────────────────────────────────────────────────────────────────────────


class Symbol(Record):
    """A bar code or QR code, decoded."""

    format: str
    """`code128`, `code39`, `ean13`, `itf`, `qrcode`."""
    text: str = Field(repr=False)
    """What it holds, in printable signs; control characters by their names, as in `<GS>`."""
    quad: Quad


# ── fields ───────────────────────────────────────────────────────────────────────────────────


class Rival(Record, Generic[T]):
    """A value that was considered and not chosen."""

    value: T
    label: str | None = None
    confidence: Probability

    def __repr__(self) -> str:
        return f"Rival(confidence={self.confidence:.3f})"


class Found(Record, Generic[T]):
    """A field's value, or None and why."""

    value: T | None = None
    text: str | None = None
    """As printed."""
    label: str | None = None
    """The label the value hung on, as the label table spells it."""
    confidence: Probability
    """The probability that `value` is right (where it is None: that nothing was there to find)."""
    quad: Quad | None = None
    rivals: tuple[Rival[T], ...] = ()
    agreed: bool = False
    """Two independent readings of the evidence say the same."""
    why: str | None = None
    """Why there is no value; of a kind of document, what the page lacks."""

    def __repr__(self) -> str:
        state = "found" if self.value is not None else f"none: {self.why}"
        return f"Found({state}, confidence={self.confidence:.3f})"

    __str__ = __repr__


class DocumentKind(StrEnum):
    """What the photo shows."""

    CARD_SLIP = "card_slip"
    POS = "pos"
    CASH_RECEIPT = "cash_receipt"
    APP = "app"
    HANDWRITTEN = "handwritten"
    STATEMENT = "statement"
    OTHER = "other"
    """A receipt of a kind that isn't named here, or one of which too little can be read."""
    NOT_A_RECEIPT = "not_a_receipt"
    """A menu, a business card, a parcel's label …"""


class MarkKind(StrEnum):
    """Things a receipt says of itself that decide how it is treated."""

    CANCELLATION = "cancellation"
    REPRINT = "reprint"
    UNPAID = "unpaid"
    PREPAYMENT = "prepayment"
    PART_PAYMENT = "part_payment"
    EXPENSE_PROOF = "expense_proof"
    INCOME_DEDUCTION = "income_deduction"
    GIFT_CERTIFICATE = "gift_certificate"
    CASH = "cash"
    CARD = "card"
    POINTS = "points"
    CUSTOMER_COPY = "customer_copy"
    MERCHANT_COPY = "merchant_copy"


class Mark(Record):
    """A word on the receipt with a meaning for the rules, and where it stands."""

    kind: MarkKind
    text: str
    """The word of the table that matched, not the whole line."""
    confidence: Probability
    quad: Quad | None = None


class Payment(Record):
    """One part of a split payment."""

    label: str
    amount: Won = Field(repr=False)
    quad: Quad | None = None


class Arithmetic(Record):
    """The sums a receipt prints; None where not printed or not read."""

    supply: Won | None = None
    vat: Won | None = None
    tax_free: Won | None = None
    service: Won | None = None
    discount: Won | None = None
    total: Won | None = None
    """The sum before discounts (합계), where the receipt prints one."""
    items: tuple[Won, ...] = ()
    """The amounts of the item lines."""

    def __repr__(self) -> str:
        printed = [name for name, value in self if value not in {None, ()}]
        return f"Arithmetic(<{', '.join(printed)}>)"

    __str__ = __repr__


class Fields(Record):
    """What the receipt says."""

    amount: Found[Won]
    date: Found[dt.date]
    time: Found[str]
    """`HH:MM` or `HH:MM:SS`, 24 hours, as far as printed."""
    merchant: Found[str]
    business_number: Found[str]
    """Ten digits without separators."""
    approval_number: Found[str]
    card: Found[str]
    """With all but the last four digits masked: `…-****-****-1234`."""
    phone: Found[str]
    address: Found[str]
    document: Found[DocumentKind]
    weekday: int | None = None
    """As printed beside the date, Monday = 0."""
    original_date: dt.date | None = Field(None, repr=False)
    """원거래일: the sale that a cancellation takes back."""
    arithmetic: Arithmetic = Arithmetic()
    payments: tuple[Payment, ...] = ()
    """The parts of a split payment; empty for an unsplit one."""
    marks: tuple[Mark, ...] = ()

    def marked(self, kind: MarkKind) -> Mark | None:
        """The most certain mark of a kind, if any."""
        marks = [mark for mark in self.marks if mark.kind is kind]
        return max(marks, key=lambda mark: mark.confidence, default=None)


# ── prints and matches ───────────────────────────────────────────────────────────────────────


class KeyKind(StrEnum):
    """What a transaction key is made of."""

    APPROVAL = "approval"
    """business number + approval number + date"""
    MINUTE = "minute"
    """business number + date and minute + amount"""
    CARD = "card"
    """card tail + date and minute + amount"""
    BARCODE = "barcode"
    """what a bar code or QR code of the purchase holds"""
    DAY = "day"
    """business number + date + amount: finds what is worth comparing and decides nothing"""


class TransactionKey(Record):
    """A value that two photos share when they show the same transaction."""

    kind: KeyKind
    value: str = Field(repr=False)
    """In the clear, in memory only: a registry stores its HMAC."""
    confidence: Probability


class FieldPrint(Record):
    """One value by which two receipts are told apart."""

    name: str
    """`amount`, `date`, `minute`, `second`, `business_number`, `approval_number`, `card`,
    `merchant`."""
    value: str = Field(repr=False)
    """In the clear, in memory only: a registry stores its HMAC."""
    confidence: Probability


class TextPrint(Record):
    """What a receipt says apart from its shop. In the clear, in memory only."""

    version: int = 1
    numbers: tuple[str, ...] = Field((), repr=False)
    """Of four digits and more, without separators."""
    serials: tuple[str, ...] = Field((), repr=False)
    """The numbers that hardly another purchase has."""
    words: tuple[str, ...] = Field((), repr=False)


class Fingerprints(Record):
    """What an upload can be recognised by."""

    version: int = 1
    """Of the perceptual hashes."""
    file: str
    """sha256 of the bytes."""
    pixels: str
    """sha256 of the upright pixels as decoded (`Photo.pixels`), independent of the container."""
    look: str | None = None
    """256-bit perceptual hash of the normalised photo, hexadecimal."""
    turned: tuple[str, ...] = ()
    """The same of the photo turned by one, two and three quarters: asked with, never stored."""
    paper: str | None = None
    """256-bit perceptual hash of the upright paper, hexadecimal."""
    flat: bool = True
    """A screenshot, a scan or a photo without a background: others of its template look alike."""
    keys: tuple[TransactionKey, ...] = ()
    fields: tuple[FieldPrint, ...] = ()
    text: TextPrint = TextPrint()


class Relation(StrEnum):
    """What an earlier submission is to this one."""

    SAME_FILE = "same_file"
    SAME_IMAGE = "same_image"
    SAME_RECEIPT = "same_receipt"
    ALTERED_COPY = "altered_copy"
    SAME_TEMPLATE = "same_template"


class Match(Record):
    """An earlier submission that this one resembles."""

    submission: str
    relation: Relation
    agrees: tuple[str, ...] = ()
    """What the two share: `file`, `pixels`, `picture` (one lies on the other), `look`, `text`, the
    kinds of keys; values of an altered copy."""
    differs: tuple[str, ...] = ()
    """The kinds of keys, and for an altered copy the fields, that both have and that differ;
    `text` where something else differs on pictures laid on each other."""
    probability: Probability | None = None
    """That the two show one purchase, altered or not."""
    distance: dict[str, float] = {}


class Party(StrEnum):
    """Who or what takes part in a submission."""

    SUBMITTER = "submitter"
    CARD = "card"
    """A card, by its last four digits."""
    SHOP = "shop"
    """A shop, by its business number."""


class Frequency(Record):
    """How often a party came within a window of time."""

    party: Party
    submissions: int
    """Remembered up to this one and received in the window before it, this one included."""


class Remembered(Record):
    """All that a registry holds of one photo. Digests are HMACs, in hexadecimal."""

    campaign: str
    submission: str
    received: dt.datetime
    remembered: dt.datetime
    file: str
    pixels: str
    look: str | None
    """A perceptual hash, as it is."""
    paper: str | None
    keys: dict[str, str]
    """By kind."""
    fields: dict[str, str]
    """By name."""
    numbers: int
    """How many digests of numbers and of words are held."""
    words: int
    parties: dict[str, str]
    """By `Party`."""
    matched: dict[str, str]
    """Earlier submissions that it matched, with the relation."""


class Purged(Record):
    """What a purge did to one campaign."""

    campaign: str
    reduced: int
    """Photos of which only the keyed hashes are left."""
    deleted: int
    """Photos of which nothing is left."""


class Link(Record):
    """Two submissions of which the later one resembled the earlier when it was remembered."""

    earlier: str
    later: str
    relation: Relation


class Group(Record):
    """Submissions that hang together by links, in the order of remembering."""

    submissions: tuple[str, ...]
    links: tuple[Link, ...]


# ── one photo's findings, before any rule ────────────────────────────────────────────────────


class Findings(Record):
    """What one receipt says, before any campaign rule or registry is asked.

    `fields`, `page` and `symbols` have their quads in pixels of the full-size upright photo.
    """

    photo: PhotoFacts
    paper: PaperFacts
    receipt: int = 1
    """Which of the receipts in the photo it is, from left to right."""
    receipts: int = 1
    page: Page
    """All that was read in the photo."""
    fields: Fields
    """Of this receipt alone."""
    prints: Fingerprints
    symbols: tuple[Symbol, ...] = ()
    """From top to bottom."""
    seconds: dict[str, float]


# ── checks and verdict ───────────────────────────────────────────────────────────────────────


class CheckOutcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FLAGGED = "flagged"
    NOT_CHECKED = "not_checked"


class Severity(StrEnum):
    """What a flag does to the verdict."""

    INFO = "info"
    """Worth knowing; changes nothing."""
    REVIEW = "review"
    """A person has to look."""
    STRONG = "strong"
    """Enough to propose INELIGIBLE."""


class Flag(Record):
    """Something a person should know of a submission."""

    code: str
    severity: Severity
    message: str = Field(repr=False)


class CheckResult(Record):
    """What one check made of a case."""

    check: str
    outcome: CheckOutcome
    message: str = Field(repr=False)
    """A sentence with the numbers that decided."""
    why_not: str | None = Field(None, repr=False)
    """Why it could not be checked."""
    required: bool = True
    """A required check that could not be made sends the submission to REVIEW."""
    flags: tuple[Flag, ...] = ()


class Verdict(StrEnum):
    """A proposal to a person, never final."""

    ELIGIBLE = "eligible"
    REVIEW = "review"
    INELIGIBLE = "ineligible"
    UNREADABLE = "unreadable"


class CampaignFacts(Record):
    """Which rules were applied."""

    name: str
    sha256: str
    """Of the campaign file's bytes."""
    ends: dt.date | None = None
    """The last day on which a payment or an upload counts."""


class Screening(Record):
    """Everything known of one submission."""

    findings: Findings
    submission: str
    submitter: str | None = None
    received: dt.datetime
    campaign: CampaignFacts
    verdict: Verdict
    round: str | None = None
    in_campaign: bool | None = None
    checks: tuple[CheckResult, ...]
    matches: tuple[Match, ...] = ()
    versions: dict[str, str] = {}

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of all checks, strongest first."""
        order = [Severity.STRONG, Severity.REVIEW, Severity.INFO]
        flags = [flag for check in self.checks for flag in check.flags]
        return tuple(sorted(flags, key=lambda flag: order.index(flag.severity)))
