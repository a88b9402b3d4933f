"""The campaign file: an organiser's rules as TOML, checked before the first photo is screened.

Every key stands in `docs/campaign.md` with an example; `samples/campaigns/` has whole files.
A key nobody knows is refused rather than passed over: a rule lost to a spelling mistake would
let receipts through that the organiser meant to stop.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from rapidfuzz import fuzz, process

from receipt_screen.errors import CampaignError
from receipt_screen.levels import levels
from receipt_screen.messages import Values
from receipt_screen.records import CampaignFacts, Won

KeyPath = tuple[str | int, ...]

# TOML has real dates and numbers, so "2025-01-13" in quotes or 100000.0 is a mistake to point out.
Day = Annotated[dt.date, Strict()]
Amount = Annotated[Won, Strict(), Field(ge=0)]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Measure = Annotated[float, Strict(), Field(ge=0)]
Hours = Annotated[int, Strict(), Field(ge=1)]
Several = Annotated[int, Strict(), Field(ge=1)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Treatment = Literal["reject", "review", "ignore"]
Acceptance = Literal["accept", "review", "reject"]


class Table(BaseModel):
    """The base of all tables of a campaign file: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Table):
    """Calendar days in the campaign's zone, both bounds included."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise _problem("span_reversed", ("last",), {"first": _iso(self.first)})
        return self

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


class Period(Span):
    """Days on which a payment counts. An extension is one more period."""

    name: Word = "campaign"


class Round(Span):
    """Days whose entries are drawn together."""

    name: Word


class UploadWindow(Table):
    """Days on which photos are taken in; an open end is not checked."""

    first: Day | None = None
    last: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise _problem("span_reversed", ("last",), {"first": _iso(self.first)})
        return self

    def __contains__(self, day: dt.date) -> bool:
        return (self.first or day) <= day <= (self.last or day)


class AmountRule(Table):
    """How much has to be paid."""

    minimum: Amount = 0
    margin: Amount = 0
    """Amounts this many won or less away from the minimum count as near it."""


class Region(Table):
    """Where the shop has to be; no words: anywhere."""

    words: tuple[Word, ...] = ()
    otherwise: Treatment = "review"


class Documents(Table):
    """What to do with each kind of document (`records.DocumentKind`)."""

    card_slip: Acceptance = "accept"
    pos: Acceptance = "accept"
    cash_receipt: Acceptance = "accept"
    app: Acceptance = "accept"
    handwritten: Acceptance = "review"
    statement: Acceptance = "review"
    other: Acceptance = "review"
    not_a_receipt: Acceptance = "review"


class Proof(Table):
    """A proof the organiser takes whatever its kind of document, known by its words."""

    name: Word
    words: tuple[Word, ...] = Field(min_length=1)


class Treatments(Table):
    """What to do with receipts of a certain sort."""

    reprint: Treatment = "review"
    expense_proof: Treatment = "ignore"
    business_card: Treatment = "ignore"
    """A company's card (법인카드)."""
    gift_certificate: Treatment = "review"
    cash: Treatment = "ignore"
    part_payment: Treatment = "review"
    split_payment: Treatment = "ignore"
    unpaid: Treatment = "review"
    no_prepayment_words: Treatment = "ignore"
    no_round: Treatment = "review"
    """Paid in the campaign, on a day that belongs to no round."""
    late_upload: Treatment = "review"
    """Handed in outside the upload window."""
    edited_photo: Literal["info", "review", "ignore"] = "info"
    """The file names an image editor: never proof of anything, so it can't be rejected."""


class Exclusion(Table):
    """Shops or purchases that don't count."""

    name: Word
    words: tuple[Word, ...] = Field(min_length=1)
    where: Literal["merchant", "text", "business_number"] = "merchant"
    action: Treatment = "review"
    unless: tuple[Word, ...] = ()
    """Where one of these stands in the same name or line, the words don't count."""


class Evidence(Table):
    """How sure a reading has to be. Confidences are calibrated probabilities of being right.

    What isn't set follows from the errors in `levels.toml`.
    """

    acceptable: Share = Field(default_factory=lambda: levels().acceptable)
    """From here on amount and date may carry an ELIGIBLE."""
    strong: Share = Field(default_factory=lambda: levels().strong)
    """From here on a single reading may carry an INELIGIBLE."""
    rival: Share = Field(default_factory=lambda: levels().rival)
    """Another value this many times as likely as the chosen one makes the choice uncertain."""
    merchant: Share = Field(default_factory=lambda: levels().merchant)
    """Below it an excluded shop might hide behind a misread name."""


class QualityLimits(Table):
    """Where a photo is called bad. Units as in `records.Quality`."""

    sharpness: Measure = 60.0
    glare: Share = 0.1
    contrast: Measure = 40.0
    glyph_height: Measure = 12.0


class Velocity(Table):
    """How many submissions within a window of time are still usual; without a number: any."""

    hours: Hours = 24
    submitter: Several | None = None
    card: Several | None = None
    """Of one card, by its last four digits."""
    shop: Several | None = None
    """Of one business number."""


Needed = Literal["merchant", "business_number", "approval_number", "time"]


class Rules(Table):
    """Everything a campaign file can say."""

    name: Word
    time_zone: Word = "Asia/Seoul"
    round_by: Literal["payment", "upload"] = "payment"
    needs: tuple[Needed, ...] = ()
    """Fields that have to be readable, besides amount and date."""
    periods: tuple[Period, ...] = Field(min_length=1)
    rounds: tuple[Round, ...] = ()
    uploads: UploadWindow = UploadWindow()
    amount: AmountRule = AmountRule()
    region: Region = Region()
    documents: Documents = Documents()
    proofs: tuple[Proof, ...] = ()
    treatment: Treatments = Treatments()
    exclusions: tuple[Exclusion, ...] = ()
    evidence: Evidence = Evidence()
    quality: QualityLimits = QualityLimits()
    velocity: Velocity = Velocity()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            # OSError: a folder of the zone database, such as "Asia".
            raise _problem("zone_unknown", (), {"zone": name}) from exc
        return name

    @model_validator(mode="after")
    def _rounds_fit(self) -> Self:
        for number, entry in enumerate(self.rounds):
            day = self._first_day_outside(entry)
            if day is not None:
                values = {"round": entry.name, "day": _iso(day)}
                raise _problem("round_outside", ("rounds", number), values)
        return self

    @model_validator(mode="after")
    def _rounds_differ(self) -> Self:
        numbered = sorted(enumerate(self.rounds), key=lambda item: item[1].first)
        for (_, earlier), (number, later) in pairwise(numbered):
            if later.first <= earlier.last:
                values = {"round": later.name, "other": earlier.name}
                raise _problem("rounds_overlap", ("rounds", number), values)
        names = [entry.name for entry in self.rounds]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise _problem("round_twice", ("rounds", number, "name"), {"round": name})
        return self

    @property
    def ends(self) -> dt.date:
        """The last day on which a payment or an upload counts."""
        return max([period.last for period in self.periods] + [self.uploads.last or dt.date.min])

    def _first_day_outside(self, entry: Round) -> dt.date | None:
        """The first day of a round that lies in no period, if any.

        Rounds of uploads lie in the upload window instead, where the file sets one.
        """
        if self.round_by == "upload" and self.uploads != UploadWindow():
            return next((day for day in (entry.first, entry.last) if day not in self.uploads), None)
        day = entry.first
        for period in sorted(self.periods, key=lambda period: period.first):
            if day in period:
                if entry.last in period:
                    return None
                day = period.last + dt.timedelta(days=1)
        return day


class Campaign(Rules):
    """An organiser's rules and the fingerprint of the file that they came from."""

    facts: CampaignFacts
    source: bytes = Field(b"", repr=False)
    """The file itself: what was decided by its rules can be judged by them again."""

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Campaign:
        """Reads a campaign file.

        Raises `CampaignError` that names the file, the line, the key and, for a key that isn't
        known, the nearest one that is.
        """
        path = Path(path)
        try:
            source = path.read_bytes()
        except OSError as exc:
            raise CampaignError("campaign.unreadable", {"file": path.name}) from exc
        return cls.parse(source, file=path.name)

    @classmethod
    def parse(cls, source: bytes, *, file: str) -> Campaign:
        """Reads the bytes of a campaign file; `file` is the name to show in errors."""
        text = _text(source, file)
        document = _document(text, file)
        try:
            rules = Rules.model_validate(document)
        except ValidationError as exc:
            raise _first_error(exc, text, file) from exc
        facts = CampaignFacts(
            name=rules.name, sha256=hashlib.sha256(source).hexdigest(), ends=rules.ends
        )
        return cls(facts=facts, source=source, **dict(rules))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone whose calendar days count."""
        return ZoneInfo(self.time_zone)

    def covers(self, day: dt.date) -> bool:
        """Whether a payment on this day is in the campaign."""
        return any(day in period for period in self.periods)

    def round_of(self, day: dt.date) -> Round | None:
        """The round that an entry of this day is drawn in, if any."""
        return next((entry for entry in self.rounds if day in entry), None)


# ── what is wrong with a file, in words ──────────────────────────────────────────────────────


def _iso(day: dt.date) -> str:
    return day.isoformat()


def _problem(kind: str, at: KeyPath, values: Values) -> PydanticCustomError:
    """A rule between several keys that doesn't hold; `at` is where to point, from here down."""
    return PydanticCustomError(kind, "", {"at": at, **values})


# pydantic's names for what can be wrong with a value, and ours.
_SENTENCES: Final = {
    "extra_forbidden": "campaign.unknown_key",
    "missing": "campaign.missing_key",
    "int_type": "campaign.not_a_whole_number",
    "float_type": "campaign.not_a_number",
    "finite_number": "campaign.not_a_number",
    "date_type": "campaign.not_a_date",
    "string_type": "campaign.not_a_text",
    "string_too_short": "campaign.empty",
    "too_short": "campaign.empty",
    "tuple_type": "campaign.not_a_list",
    "model_type": "campaign.not_a_table",
    "literal_error": "campaign.not_a_choice",
    "greater_than_equal": "campaign.out_of_range",
    "less_than_equal": "campaign.out_of_range",
    "span_reversed": "campaign.span_reversed",
    "round_outside": "campaign.round_outside",
    "rounds_overlap": "campaign.rounds_overlap",
    "round_twice": "campaign.round_twice",
    "zone_unknown": "campaign.zone_unknown",
}


def _text(source: bytes, file: str) -> str:
    try:
        text = source.decode("utf-8-sig")  # Windows' editor puts a byte order mark in front
    except UnicodeDecodeError as exc:
        line = source.count(b"\n", 0, exc.start) + 1
        raise CampaignError("campaign.not_utf8", {"file": file, "line": line}) from exc
    return text.replace("\r\n", "\n")


def _document(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        line, reason = _syntax_line(exc, text), _reason(exc)
        values: Values = {"file": file, "line": line, "reason": reason}
        raise CampaignError("campaign.syntax", values) from exc


def _syntax_line(exc: tomllib.TOMLDecodeError, text: str) -> int:
    """tomllib says the line only inside its message, and not at all at the end of a document."""
    said = re.search(r"at line (\d+)", str(exc))
    return int(said[1]) if said else text.rstrip("\n").count("\n") + 1


def _reason(exc: tomllib.TOMLDecodeError) -> str:
    return re.sub(r" \(at .*\)$", "", str(exc))


def _first_error(exc: ValidationError, text: str, file: str) -> CampaignError:
    """The mistake that comes first in the file: later ones are often its consequence."""
    located = [(_line_of(text, _path(error)), error) for error in _innermost(exc.errors())]
    line, error = min(located, key=lambda item: item[0])
    path = _path(error)
    place: Values = {"file": file, "line": line, "key": _dotted(path)}
    sentence = _SENTENCES.get(error["type"], "campaign.wrong_value")
    return CampaignError(sentence, {**place, **_details(error, path)})


def _innermost(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without those of a list that pydantic finds too short only because its items are wrong."""
    return [
        error
        for error in errors
        if not any(
            other["loc"][: len(error["loc"])] == error["loc"] and other["loc"] != error["loc"]
            for other in errors
        )
    ]


def _path(error: ErrorDetails) -> KeyPath:
    at: KeyPath = error.get("ctx", {}).get("at", ())
    return (*error["loc"], *at)


def _details(error: ErrorDetails, path: KeyPath) -> Values:
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return {"nearest": _nearest(path)}
        case "literal_error":
            return {"choices": str(context["expected"]).replace(" or ", ", ")}
        case "greater_than_equal":
            return {"limit": f"≥ {context['ge']}"}
        case "less_than_equal":
            return {"limit": f"≤ {context['le']}"}
        case kind if kind in _SENTENCES:
            return {name: value for name, value in context.items() if name in _OWN_VALUES}
        case _:
            return {"reason": error["msg"]}


_OWN_VALUES: Final = ("first", "round", "other", "day", "zone")


def _dotted(path: Sequence[str | int]) -> str:
    """`("rounds", 1, "last")` as people write it: `rounds[2].last`."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _nearest(path: KeyPath) -> str:
    """The known key most like an unknown one: of its own table if one is at all like it."""
    *tables, key = (part for part in path if isinstance(part, str))
    above = "".join(f"{table}." for table in tables)
    last_names = {known: known.rpartition(".")[2] for known in known_keys()}
    siblings = {known: last for known, last in last_names.items() if known == above + last}
    like = process.extractOne(key, siblings, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return str((like or process.extractOne(key, last_names, scorer=fuzz.ratio))[2])


_ALIKE: Final = 55.0


def known_keys() -> list[str]:
    """Every key of a campaign file, those of tables with the table's name before a dot."""
    return list(_keys_of(Rules))


def _keys_of(table: type[BaseModel], above: str = "") -> Iterator[str]:
    for name, field in table.model_fields.items():
        yield above + name
        for inner in _tables(field.annotation):
            yield from _keys_of(inner, f"{above}{name}.")


def _tables(annotation: Any) -> list[type[BaseModel]]:
    """The tables inside a type: itself, or the items of a tuple."""
    parts = [annotation, *getattr(annotation, "__args__", ())]
    return [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]


def _line_of(text: str, path: KeyPath) -> int:
    """The line on which a key's statement starts, or that of the nearest table around it.

    tomllib keeps no places. But the shortest start of the file that parses and holds the key
    ends with the key's statement, and that statement starts after the last start without it.
    """
    while path:
        line = _first_line_holding(text.split("\n"), path)
        if line is not None:
            return line
        path = path[:-1]
    return 1


def _first_line_holding(lines: list[str], path: KeyPath) -> int | None:
    start = 1
    for number in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("\n".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue  # inside a value that is spread over several lines
        if _holds(document, path):
            return start
        start = number + 1
    return None


def _holds(document: Any, path: KeyPath) -> bool:
    for part in path:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
