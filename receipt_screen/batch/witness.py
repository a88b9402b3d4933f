"""The pictures of earlier uploads, as witnesses: what lies in the folder can be laid on a new one.

The registry keeps no pictures and compares prints. A batch has the folder, so what the registry
found is compared once more with both pictures, and so is what looks like a cropped, turned or
photographed copy though no print says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from receipt_screen.compare import Comparison, Lookalikes, Side, VisualWords, compare
from receipt_screen.desk.store import Desk
from receipt_screen.errors import PhotoError
from receipt_screen.photo import open_photos
from receipt_screen.records import Findings, Match, Photo, Relation
from receipt_screen.registry import STRENGTH
from receipt_screen.report.pictures import picture_stem

MOST = 5
"""Pictures that are compared because they look like copies; each takes half a second,
and another where papers have to be bent."""
PROVEN = ("file", "pixels")
"""Where these agree, nothing is left to compare."""


class Witness:
    """The uploads of a batch that have been judged, with their pictures."""

    def __init__(self, desk: Desk, uploads: Path) -> None:
        self._desk = desk
        self._uploads = uploads
        self._lookalikes = Lookalikes()
        self._photo = lru_cache(8)(self._open)
        for row in desk.rows():
            self._take_in(row.submission, self._main_page(row.number))

    def add(self, submission: str, findings: Findings) -> None:
        """Takes in an upload that was judged and stands on the desk."""
        self._take_in(submission, findings)

    def testify(self, findings: Findings, submission: str) -> Testimony:
        """What the pictures can tell of an upload."""
        return Testimony(self, findings, submission)

    def alike(self, findings: Findings, submission: str) -> Iterable[str]:
        """Submissions whose pictures look like copies of it, the likeliest first."""
        words = self._words(findings)
        alike = [] if words is None else self._lookalikes.of(words, findings, MOST + 1)
        return [name for name in alike if name != submission][:MOST]

    def compare(self, findings: Findings, name: str) -> Comparison | None:
        """An earlier submission's picture laid on a new one; None where one isn't at hand."""
        earlier, later = self._side(self._earlier(name)), self._side(findings)
        return None if earlier is None or later is None else compare(earlier, later)

    # ── what is at hand ──────────────────────────────────────────────────────────────────────

    def _take_in(self, submission: str, findings: Findings | None) -> None:
        words = None if findings is None else self._words(findings)
        if findings is not None and words is not None:
            self._lookalikes.add(submission, words, findings)

    def _words(self, findings: Findings) -> VisualWords | None:
        photo = findings.photo
        with suppress(OSError, ValueError):
            return VisualWords.load(words_file(self._desk.pictures, photo.sha256, photo.page))
        return None

    def _earlier(self, submission: str) -> Findings | None:
        number = self._desk.number_of(submission)
        return None if number is None else self._main_page(number)

    def _main_page(self, number: int) -> Findings | None:
        dossier = self._desk.dossier(number, original=True)
        screening = dossier.screening if dossier else None
        return screening.findings if screening else None

    def _side(self, findings: Findings | None) -> Side | None:
        if findings is None:
            return None
        facts = findings.photo
        photo = self._photo(facts.file, facts.sha256, facts.page)
        return None if photo is None else Side(findings, photo)

    def _open(self, file: str, sha256: str, page: int) -> Photo | None:
        """The photo as it was screened; None where it is gone or another one took its place."""
        with suppress(PhotoError, OSError, IndexError):
            photo = open_photos(self._uploads / file)[page - 1]
            return photo if photo.facts.sha256 == sha256 else None
        return None


class Testimony:
    """What the pictures of earlier uploads tell of one upload; each is looked at once."""

    def __init__(self, witness: Witness, findings: Findings, submission: str) -> None:
        self._witness, self._findings, self._submission = witness, findings, submission
        self._compared: dict[str, Comparison | None] = {}

    def matches(self, found: tuple[Match, ...], distinct: frozenset[str]) -> tuple[Match, ...]:
        """What the registry found, compared by picture, and what only pictures show.

        The strongest first; `distinct` are submissions that people told apart from this one.
        """
        known = {match.submission: match for match in found}
        alike = self._witness.alike(self._findings, self._submission)
        names = [name for name in dict.fromkeys((*known, *alike)) if name not in distinct]
        seen = [self._seen(name, known.get(name)) for name in names]
        return tuple(sorted(filter(None, seen), key=lambda match: STRENGTH.index(match.relation)))

    def compared(self, matches: tuple[Match, ...]) -> dict[str, Comparison]:
        """What the pictures showed of each match that was looked at.

        Without what the earlier receipts say: that is to go when their own text is purged.
        """
        shown = {match.submission: self._compared.get(match.submission) for match in matches}
        return {name: _silent(each) for name, each in shown.items() if each is not None}

    def _seen(self, name: str, match: Match | None) -> Match | None:
        """A match as the two pictures show it; as it is where one of them isn't at hand."""
        if match is not None and set(PROVEN) & set(match.agrees):
            return match
        if name not in self._compared:
            self._compared[name] = self._witness.compare(self._findings, name)
        comparison = self._compared[name]
        if comparison is None:
            return match
        if match is None and comparison.relation in (None, Relation.SAME_TEMPLATE):
            return None
        return match_of(name, comparison)


def words_file(pictures: Path, sha256: str, page: int) -> Path:
    """Where the visual words of a page are kept."""
    return pictures / f"{picture_stem(sha256, page, 0)}.words"


def _silent(comparison: Comparison) -> Comparison:
    differs = (
        each.model_copy(update={"before": None, "after": None}) for each in comparison.differs
    )
    return comparison.model_copy(update={"differs": tuple(differs)})


def match_of(submission: str, comparison: Comparison) -> Match:
    """A comparison as what is said of an earlier submission."""
    laid = () if comparison.to_later is None else ("picture",)
    return Match(
        submission=submission,
        relation=comparison.relation or Relation.SAME_TEMPLATE,
        agrees=(*laid, *comparison.agrees),
        differs=tuple(_names(comparison)),
        probability=round(comparison.probability, 4),
        distance=comparison.distance,
    )


def _names(comparison: Comparison) -> Iterator[str]:
    for difference in comparison.differs:
        yield difference.field or "text"
