"""An earlier submission beside a later one: what agrees, what differs, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from receipt_screen.compare import Comparison
from receipt_screen.desk.dossier import Dossier, Picture
from receipt_screen.geometry import Quad
from receipt_screen.messages import Language, sentence
from receipt_screen.records import Findings, Found, Match, Relation
from receipt_screen.report.draw import points
from receipt_screen.report.private import discreet
from receipt_screen.report.redact import KEPT
from receipt_screen.report.words import RELATIONS, field_name, match_words, share, value_text

MARGIN = 0.25
"""Of a place's height, left around it, so that its frame doesn't cover what stands there."""
Earlier = Callable[[str], tuple[int, Dossier] | None]
"""A submission's reference → its number and dossier, where they are at hand."""


@dataclass(frozen=True)
class Frame:
    """A numbered place on a picture where two receipts differ."""

    number: int
    points: str
    x: float
    y: float
    """Where the number stands."""
    size: float
    """How high it is, in pixels of the picture."""


@dataclass(frozen=True)
class MatchRow:
    """An earlier submission beside this one."""

    submission: str
    number: int | None
    relation: str
    relation_key: str
    agrees: str
    differs: str
    rows: tuple[tuple[str, str, str, bool], ...]
    """Field, here, there, and whether the two are the same."""
    seen: tuple[str, ...]
    """What laying the two pictures on each other has shown, a sentence each."""
    picture: Picture | None
    there: tuple[Frame, ...]
    """Where the two differ, on the earlier picture."""
    here: tuple[Frame, ...]
    """… and on this one."""


def match_row(match: Match, dossier: Dossier, earlier: Earlier, language: Language) -> MatchRow:
    """What is shown of a match; of an earlier submission that isn't at hand only its reference."""
    found = earlier(match.submission)
    other = found[1] if found else None
    picture = _first(other)
    comparison = dossier.compared.get(match.submission)
    before, after = _places(match, comparison, other, dossier)
    return MatchRow(
        submission=match.submission,
        number=found[0] if found else None,
        relation=sentence(RELATIONS[match.relation], {}, language),
        relation_key=match.relation.value,
        agrees=match_words(match.agrees, language),
        differs=match_words(match.differs, language),
        rows=tuple(_compared(dossier, other, language)),
        seen=tuple(_seen(comparison, other, dossier, language)) if comparison else (),
        picture=picture,
        there=tuple(_frames(before, picture)),
        here=tuple(_frames(after, _first(dossier))),
    )


def _first(dossier: Dossier | None) -> Picture | None:
    return dossier.pictures[0] if dossier and dossier.pictures else None


def _compared(
    dossier: Dossier, other: Dossier | None, language: Language
) -> Iterator[tuple[str, str, str, bool]]:
    if dossier.screening is None or other is None or other.screening is None:
        return
    for name in KEPT:
        here: Found[Any] = getattr(dossier.screening.findings.fields, name)
        there: Found[Any] = getattr(other.screening.findings.fields, name)
        texts = [
            "–" if found.value is None else discreet(value_text(name, found.value, language))
            for found in (here, there)
        ]
        yield field_name(name, language), texts[0], texts[1], here.value == there.value


def _seen(
    comparison: Comparison, earlier: Dossier | None, later: Dossier, language: Language
) -> Iterator[str]:
    """What the pictures say; of what no reviewer decides on only that it differs."""
    if not comparison.distance.get("fit"):
        yield sentence("report.seen_apart", {}, language)
        return
    key = RELATIONS[comparison.relation] if comparison.relation else "report.relation_unrelated"
    relation, fit = sentence(key, {}, language), share(comparison.distance["fit"])
    values: dict[str, str | int | float] = {"relation": relation, "fit": fit}
    yield sentence("report.seen_laid", {**values, "count": len(comparison.differs)}, language)
    for number, difference in enumerate(comparison.differs, start=1):
        said = [_said(difference.field, side, language) for side in (earlier, later)]
        values_differ = all(said) and said[0] != said[1]
        more = f": {' → '.join(filter(None, said))}" if values_differ else ""
        yield f"{number}. {_called(difference.field, language)}{more}"


def _called(field: str | None, language: Language) -> str:
    known = field is not None and field in KEPT
    return (
        field_name(str(field), language) if known else sentence("report.pair_print", {}, language)
    )


def _said(field: str | None, dossier: Dossier | None, language: Language) -> str | None:
    """A field's value as it was read; None of what isn't shown."""
    if field is None or field not in KEPT or dossier is None or dossier.screening is None:
        return None
    value = getattr(dossier.screening.findings.fields, field).value
    return None if value is None else discreet(value_text(field, value, language))


# ── where they differ ────────────────────────────────────────────────────────────────────────

Places = list[tuple[Quad, ...]]
"""Of each difference, where it stands."""


def _places(
    match: Match, comparison: Comparison | None, earlier: Dossier | None, later: Dossier
) -> tuple[Places, Places]:
    """As the pictures show; else where the fields stand that an altered copy was read to change."""
    if comparison is not None:
        differs = comparison.differs
        return [each.earlier for each in differs], [each.later for each in differs]
    if match.relation is not Relation.ALTERED_COPY:
        return [], []
    return _read(match, earlier), _read(match, later)


def _read(match: Match, dossier: Dossier | None) -> Places:
    if dossier is None or dossier.screening is None:
        return []
    return [_evidence(dossier.screening.findings, name) for name in match.differs]


def _evidence(findings: Findings, name: str) -> tuple[Quad, ...]:
    found = getattr(findings.fields, "time" if name in ("minute", "second") else name, None)
    quad = getattr(found, "quad", None)
    return () if quad is None else (quad,)


def _frames(places: Sequence[Sequence[Quad]], picture: Picture | None) -> Iterator[Frame]:
    if picture is None:
        return
    for number, quads in enumerate(places, start=1):
        for quad in quads:
            drawn = picture.to_picture.quad(quad)
            drawn = drawn.grown(MARGIN * drawn.height)
            size = max(14.0, picture.width / 28)
            yield Frame(number, points(drawn), drawn.box.left, drawn.box.top, size)
