"""Rendered receipts → pairs of which is known whether they show one purchase, with features."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path

from models.training.readings import Picked, Reading, current_findings
from models.training.relation.crowds import Neighbour
from receipt_screen.compare import Side, look
from receipt_screen.geometry import Quad
from receipt_screen.photo import open_photos
from receipt_screen.records import Findings
from receipt_screen.relation import Comparison, RelationSettings, Seen, Traits, in_the_clear
from receipt_screen.relation.features import features
from samples.render.labels import Label, SampleRelation

SAME = {
    SampleRelation.SAME_FILE,
    SampleRelation.SAME_IMAGE,
    SampleRelation.SAME_RECEIPT,
    SampleRelation.ALTERED_COPY,
}
OF_A_FAMILY = 1.0
"""How many pairs with another shop of its family a picture is in, on average."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture, its shop and family, and what was read of it."""

    id: str
    shop: str
    family: str
    path: Path
    reading: Reading
    label: Label | None = None
    """None for one of a crowd."""

    @cached_property
    def findings(self) -> Findings:
        """What was read, with the fields and prints of the present rules."""
        return current_findings(self.reading)

    @cached_property
    def traits(self) -> Traits:
        """What it is compared by."""
        return in_the_clear(self.findings.prints)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two samples and what is true of them."""

    earlier: Sample
    later: Sample
    relation: SampleRelation
    how: str
    """The scenario, or `one shop`, `one family`."""
    edited: tuple[Quad, ...] = ()
    """What was altered, in the later picture."""

    @property
    def same(self) -> bool:
        """They show one purchase, altered or not."""
        return self.relation in SAME

    @property
    def hard(self) -> bool:
        """Different purchases of one shop."""
        return self.relation is SampleRelation.SAME_TEMPLATE

    @property
    def facts(self) -> Comparison:
        """What was read of the two, side by side."""
        return Comparison(self.later.traits, self.earlier.traits, RelationSettings())

    def features(self, seen: Seen | None) -> dict[str, float]:
        """The numbers that decide."""
        return features(self.facts, seen)


def labelled(picked: Picked, read: Iterable[tuple[Label, Reading]]) -> list[Sample]:
    """The samples of a set."""
    return [
        Sample(label.id, label.shop, label.family, picked.folder / label.file, reading, label)
        for label, reading in read
    ]


def crowded(read: Iterable[tuple[Neighbour, Reading]]) -> list[Sample]:
    """The samples of crowds."""
    return [Sample(each.id, each.shop, each.shop, each.path, reading) for each, reading in read]


def make_pairs(samples: Sequence[Sample]) -> list[Pair]:
    """Relatives as the labels have them, all pairs of one shop, and some of one family."""
    own = [each for each in samples if each.label is None or not each.label.relations]
    return [*_related(samples), *_of_a_shop(own), *_of_a_family(own)]


def _related(samples: Sequence[Sample]) -> Iterator[Pair]:
    by_id = {sample.id: sample for sample in samples}
    for sample in samples:
        for related in sample.label.relations if sample.label else ():
            if related.to in by_id:
                relation, how = related.relation, related.how
                yield Pair(by_id[related.to], sample, relation, how, related.differs)


def _of_a_shop(own: Sequence[Sample]) -> Iterator[Pair]:
    for members in _grouped(own, lambda sample: sample.shop):
        for one, other in combinations(members, 2):
            yield Pair(one, other, SampleRelation.SAME_TEMPLATE, "one shop")


def _of_a_family(own: Sequence[Sample]) -> Iterator[Pair]:
    chance = random.Random(1)
    for members in _grouped(own, lambda sample: sample.family):
        pairs = [pair for pair in combinations(members, 2) if pair[0].shop != pair[1].shop]
        count = min(len(pairs), round(OF_A_FAMILY * len(members)))
        for one, other in chance.sample(pairs, count):
            yield Pair(one, other, SampleRelation.UNRELATED, "one family")


def _grouped(samples: Sequence[Sample], key: Callable[[Sample], str]) -> Iterator[list[Sample]]:
    groups: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[key(sample)].append(sample)
    yield from groups.values()


# ── the pictures ─────────────────────────────────────────────────────────────────────────────


class Eye:
    """Lays pictures on each other, and keeps what was seen in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        self._known = {row["pair"]: row["seen"] for row in map(json.loads, lines)}
        self._side = lru_cache(32)(side_of)

    def see(self, pair: Pair) -> Seen:
        """What laying the two pictures on each other gives; nothing where nothing fits."""
        name = f"{pair.earlier.id} {pair.later.id}"
        if name not in self._known:
            view = look(pair.facts, self._side(pair.earlier), self._side(pair.later))
            self._known[name] = None if view.seen is None else asdict(view.seen)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"pair": name, "seen": self._known[name]}) + "\n")
        seen = self._known[name]
        return Seen() if seen is None else Seen(**seen)


def side_of(sample: Sample) -> Side:
    """A sample as it is compared, with its picture."""
    photos = open_photos(sample.path)
    return Side(sample.findings, photos[sample.findings.photo.page - 1])
