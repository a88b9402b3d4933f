"""Two receipts at hand → what one is to the other, with where they differ.

The registry knows HMACs of an earlier submission and compares those (`relation`). Where its
picture is at hand as well, pictures are laid on each other: a copy of a picture lies exactly on
it but for what was altered, and two slips of one shop never do, flat e-receipts apart. A paper that
was photographed again lies on itself once it is bent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import Field

from receipt_screen.compare.align import LEAST_MATCHES, Alignment, Sight, align, look_at
from receipt_screen.compare.differences import (
    Difference,
    differences_at,
    differences_of_values,
)
from receipt_screen.compare.numbers import Numbers, compare_numbers
from receipt_screen.compare.overlay import Overlay, overlay
from receipt_screen.compare.papers import Papers, Sheet, cut_out, lay_papers
from receipt_screen.compare.tokens import SURE, Token, tokens_at
from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Findings, Line, Photo, Probability, Record, Relation
from receipt_screen.relation import Comparison as Prints
from receipt_screen.relation import RelationSettings, Rules, Seen, in_the_clear

LEAST_SUPPORT = 0.5
"""With less of the features on their places the two are no copies, and print isn't compared."""
GUESSED = 0.5
"""Below this confidence of its surest letter a word was guessed."""
FEW_DOUBTS = 3
"""Places where a number looks different and wasn't surely read, up to which papers may be one."""


@dataclass(frozen=True)
class Side:
    """One of two receipts: what was read of it, and its picture where that is at hand."""

    findings: Findings
    photo: Photo | None = None

    @cached_property
    def sight(self) -> Sight | None:
        """The picture with its features, found once for all that it is compared with."""
        return None if self.photo is None else look_at(self.photo.pixels, self.photo.to_full)

    @cached_property
    def sheet(self) -> Sheet | None:
        """The paper cut out of the picture, made once as well."""
        return None if self.photo is None else cut_out(self.photo, self.findings)


class Comparison(Record):
    """What an earlier receipt is to a later one."""

    relation: Relation | None
    """None: unrelated."""
    probability: Probability
    """That the two show one purchase, altered or not."""
    agrees: tuple[str, ...] = ()
    """As in `Match.agrees`."""
    differs: tuple[Difference, ...] = ()
    """Empty for two that are simply the same."""
    distance: dict[str, float] = Field(default_factory=dict)
    """As in `Match.distance`, and of aligned pictures `support` (share of the matching features
    that one plane map explains), `fit` (median correlation of print) and `changed` (share of the
    print that shows something else)."""
    to_later: Transform | None = Field(None, repr=False, exclude=True)
    """From the earlier to the later full-size upright photo, where they could be aligned."""


def compare(earlier: Side, later: Side, settings: RelationSettings | None = None) -> Comparison:
    """What an earlier receipt is to a later one, with probability, reasons and differences.

    Where both sides have their picture, the pictures are laid on each other; otherwise what was
    read and the prints decide alone. All quads are in pixels of the full-size upright photos.
    The same two give the same answer.
    """
    prints = Prints(
        in_the_clear(later.findings.prints),
        in_the_clear(earlier.findings.prints),
        settings or RelationSettings(),
    )
    view = look(prints, earlier, later)
    rules, laid = Rules(prints, view.seen), view.laid
    relation = rules.relation()
    differs = _differences(rules, relation, view, (earlier.findings, later.findings))
    return Comparison(
        relation=relation,
        probability=rules.probability,
        agrees=_agreeing(rules, relation, differs),
        differs=differs,
        distance={**rules.distances(), **view.distances},
        to_later=laid.to_later if laid and rules.is_laid else None,
    )


# ── the pictures ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class View:
    """What two pictures show of each other."""

    laid: Laid | None = None
    """One laid on the other by a plane map."""
    papers: Papers | None = None
    """One paper bent onto the other, where no plane map is good enough."""
    numbers: Numbers | None = None
    """What was read of the one beside what was read of the other."""

    @property
    def shows_one_paper(self) -> bool:
        """They are two photographs of one paper."""
        return self.papers is not None and not self.papers.doubtful

    @property
    def seen(self) -> Seen | None:
        """What it gave, in numbers."""
        if (numbers := self.numbers) is None:
            return self._pictured
        return replace(
            self._pictured or Seen(),
            # What looks the same throughout was misread, but a single digit is little to see.
            otherwise=numbers.by_a_digit if self.shows_one_paper else numbers.otherwise,
            alike=numbers.alike,
            own=numbers.own,
        )

    @property
    def _pictured(self) -> Seen | None:
        """The same, of the pictures alone."""
        seen = None if self.laid is None else self.laid.seen
        if self.papers is None:
            return seen
        if self.shows_one_paper:
            return Seen(support=1.0, inliers=self.papers.inliers, fit=self.papers.fit, bent=True)
        contradicted, doubtful = self.papers.contradicting > 0, self.papers.doubtful
        nearly = not contradicted and doubtful <= FEW_DOUBTS
        return replace(seen or Seen(), nearly=nearly, contradicted=contradicted, doubtful=doubtful)

    @property
    def distances(self) -> dict[str, float]:
        """The same as `Comparison.distance` tells it."""
        if self.papers is not None and self.shows_one_paper:
            return {"fit": round(self.papers.fit, 4)}
        return {} if self.laid is None else self.laid.distances


def look(prints: Prints, earlier: Side, later: Side) -> View:
    """Lays the later picture on the earlier; where it doesn't lie, bends the papers.

    Also where it lies and yet what was read leaves doubts. Not where what was read makes two
    purchases of them: bending takes a second.
    """
    numbers = compare_numbers(earlier.findings, later.findings)
    view = View(lay(earlier, later), numbers=numbers)
    if _is_settled(Rules(prints, view.seen), numbers) or not Rules(prints).may_be_one:
        return view
    one, other = earlier.sheet, later.sheet
    papers = None if one is None or other is None else lay_papers(one, other)
    return replace(view, papers=papers)


def _is_settled(rules: Rules, numbers: Numbers) -> bool:
    """The pictures or the numbers on them say it all.

    Where other numbers stand, no bending makes one paper of two, unless a single one was misread;
    it shows whether a picture that lies on the other hides them. One that lies on it but for some
    places may be a paper that bends a little, where it is no screenshot.
    """
    others = numbers.otherwise > len(rules.altered())
    if not rules.is_laid:
        return others and (numbers.otherwise > 1 or numbers.by_a_digit > 0)
    if rules.seen is None or rules.seen.places == 0:
        return rules.is_surely_one and not others
    flat = rules.facts.new.flat and rules.facts.old.flat
    return rules.is_surely_one or others or flat


@dataclass(frozen=True)
class Laid:
    """Two pictures of which one was laid on the other."""

    alignment: Alignment
    compared: Overlay
    earlier: Sight
    later: Sight
    lines: tuple[tuple[Line, ...], tuple[Line, ...]]
    """What was read of the earlier and of the later picture."""

    @cached_property
    def telling(self) -> tuple[Quad, ...]:
        """Where print differs, in the earlier full-size upright photo, apart from single letters
        and from what surely reads the same.

        Another version of one e-receipt may lack a 원 or a hyphen; a value has more to it. A copy
        that was sharpened or scaled may have lost a stroke.
        """
        said = ((place, self._said(place)) for place in self.places)
        return tuple(
            place for place, each in said if not (_are_letters(each) or _say_the_same(each))
        )

    def _said(self, place: Quad) -> tuple[Token, ...]:
        """What was read at a place of the earlier photo, and there on the later one."""
        before, after = self.lines
        tokens = tokens_at(before, place), tokens_at(after, self.to_later.quad(place))
        return tuple(token for token in tokens if token is not None)

    @property
    def seen(self) -> Seen:
        """What it gave, in numbers."""
        return Seen(
            support=self.alignment.support,
            inliers=self.alignment.inliers,
            fit=self.compared.fit,
            changed=self.compared.changed,
            places=len(self.telling),
            elsewhere=self.compared.elsewhere,
        )

    @property
    def distances(self) -> dict[str, float]:
        """The same as `Comparison.distance` tells it."""
        seen = self.seen
        named = {"support": seen.support, "fit": seen.fit, "changed": seen.changed}
        return {name: round(value, 4) for name, value in named.items()}

    @property
    def to_later(self) -> Transform:
        """From the earlier to the later full-size upright photo."""
        back = self.earlier.to_full.inverse().then(self.alignment.to_earlier.inverse())
        return back.then(self.later.to_full)

    @property
    def places(self) -> Iterator[Quad]:
        """Where print differs, in the earlier full-size upright photo."""
        for place in self.compared.places:
            yield self.earlier.to_full.quad(Quad.from_box(place))


def _are_letters(said: Sequence[Token]) -> bool:
    """Whether single letters stand there, or such as a reader guessed of a code's pattern."""
    return bool(said) and all(
        not any(map(str.isdigit, token.text))
        and (len(token.text) == 1 or max(token.confidences) < GUESSED)
        for token in said
    )


def _say_the_same(said: Sequence[Token]) -> bool:
    texts = {token.text for token in said}
    sure = min((min(token.confidences) for token in said), default=0.0)
    return len(said) == len(("earlier", "later")) and len(texts) == 1 and sure >= SURE


def lay(earlier: Side, later: Side) -> Laid | None:
    """Lays the later picture on the earlier; None where one is missing or nothing fits."""
    one, other = earlier.sight, later.sight
    if one is None or other is None:
        return None
    alignment = align(one, other)
    if alignment is None:
        return None
    compared = Overlay(0.0, 0.0, ())
    if alignment.support >= LEAST_SUPPORT and alignment.inliers >= LEAST_MATCHES:
        onto = other.to_full.inverse().then(alignment.to_earlier)
        lines = [one.to_full.inverse().quad(line.quad) for line in earlier.findings.page.lines]
        lines += [onto.quad(line.quad) for line in later.findings.page.lines]
        compared = overlay(one, other, alignment, lines)
    read = earlier.findings.page.lines, later.findings.page.lines
    return Laid(alignment, compared, one, other, read)


BUILT_ON = {
    "amount": {"amount", "minute", "card"},
    "date": {"date", "approval", "minute", "card"},
    "time": {"second", "minute", "card"},
    "approval_number": {"approval_number", "approval"},
    "business_number": {"business_number", "approval", "minute"},
    "card": {"card"},
}
"""What can't agree where a field differs, whatever was read."""


def _agreeing(
    rules: Rules, relation: Relation | None, differs: tuple[Difference, ...]
) -> tuple[str, ...]:
    if relation is None:
        return ()
    without = set().union(*(BUILT_ON.get(each.field or "", set()) for each in differs))
    return tuple(name for name in rules.agrees(relation) if name not in without)


# ── the differences ──────────────────────────────────────────────────────────────────────────


def _differences(
    rules: Rules, relation: Relation | None, view: View, both: tuple[Findings, Findings]
) -> tuple[Difference, ...]:
    """What was seen to differ; of pictures that don't lie on each other, what was read to."""
    if relation in {None, Relation.SAME_FILE, Relation.SAME_IMAGE} or view.shows_one_paper:
        return ()
    if view.laid is not None and rules.is_laid:
        return differences_at(view.laid.telling, view.laid.to_later, *both)
    return differences_of_values(rules.disagreeing(), *both)
