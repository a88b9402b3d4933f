"""What an earlier photo is to a new one, as far as their prints can say.

- Perceptual hashes can't tell flat e-receipts of one shop apart. So a transaction key that both
  sides have, surely read and different, overrules any likeness.
- An approval number is given once: it decides before a bar code, that before the minute, and the
  minute before the card.
- Two friends who prepay the same sum at one till within a minute have two approval numbers and
  are no duplicate. Where one of the two is unread, only the minute speaks, and the match says so.
- A copy of which one value was altered agrees in everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from receipt_screen.records import KeyKind, Relation
from receipt_screen.relation.comparison import DECIDING, Comparison, RelationSettings
from receipt_screen.relation.features import VALUES, Seen, features, lies
from receipt_screen.relation.model import probability_of
from receipt_screen.relation.traits import Kinship, Traits

ALTERABLE = ("amount", "date", "approval_number")
"""The values that it pays to alter."""
COPIED = ("business_number", "approval_number", "amount", "date", "second", "card")
"""The values that are named where an altered copy has them as they were."""
TELLING = ("amount", "date", "second", "approval_number", "card")
"""The values in which two purchases at one shop differ."""
MOST_MISREAD = 2
"""So many of them may have been read otherwise of one photograph."""
LEAST_ALIKE = 2
"""So many values make a comparison worth while."""

UNIQUE = (KeyKind.APPROVAL, KeyKind.BARCODE)
"""The keys that no two purchases share."""
OF_A_CUSTOMER = ("second", "card", "approval_number")

DIFFERING = (*ALTERABLE, "second", "card", "merchant")
FIELD_OF = {"second": "time"}
"""The field that a value is of, where it has another name."""


def relate(
    new: Traits, old: Traits, settings: RelationSettings, seen: Seen | None = None
) -> Kinship | None:
    """What an earlier photo is to a new one; None where they are unrelated.

    `seen` is what laying the two pictures on each other gave, where both are at hand.
    `distance` holds `look` and `paper` in bits of 256, `text` as the share of numbers that are
    not in common and, for each key that agrees, the probability that it was misread on either side.
    """
    rules = Rules(Comparison(new, old, settings), seen)
    relation = rules.relation()
    return None if relation is None else rules.kinship(relation)


@dataclass(frozen=True)
class Rules:
    """What follows from the facts of a comparison."""

    facts: Comparison
    seen: Seen | None = None

    @property
    def settings(self) -> RelationSettings:
        """From where on what counts."""
        return self.facts.settings

    @cached_property
    def probability(self) -> float:
        """That the two show one purchase, altered or not.

        A paper that doesn't come to lie on the other was bent too far or is too blurred to say
        anything; then what was read decides. Two screenshots would lie on each other.
        """
        if self._is_one_file():
            return 1.0
        flat = self.facts.new.flat and self.facts.old.flat
        fits = self.seen is not None and self.seen.inliers > 0
        learned = probability_of(
            features(self.facts, self.seen if self.is_laid or (flat and fits) else None)
        )
        return max(learned, self.settings.photograph) if self._is_one_photograph else learned

    def relation(self) -> Relation | None:
        """The first of the rules that holds."""
        if self._is_one_file():
            same_file = self.facts.new.file == self.facts.old.file
            return Relation.SAME_FILE if same_file else Relation.SAME_IMAGE
        if self.is_laid and (self.is_surely_one or not self._is_nearly_bent()):
            return self._of_pictures()
        if self.is_altered():
            return Relation.ALTERED_COPY
        if self.one_image():
            return Relation.SAME_IMAGE
        one = self.is_surely_one or self._is_nearly_bent()
        if self.same_transaction() or one or self._has_one_approval() or self._was_approved_once():
            return Relation.SAME_RECEIPT
        return Relation.SAME_TEMPLATE if self.is_template() else None

    def _of_pictures(self) -> Relation:
        """What two pictures are of which one lies on the other."""
        if not self.is_surely_one:
            return Relation.SAME_TEMPLATE
        if self._is_bent:
            return Relation.SAME_RECEIPT
        altered = self.seen is not None and self.seen.places > 0
        return Relation.ALTERED_COPY if altered else Relation.SAME_IMAGE

    @property
    def _is_bent(self) -> bool:
        return self.seen is not None and self.seen.bent

    def _is_nearly_bent(self) -> bool:
        """The papers are the same but for what one of them doesn't show well, and the number is:
        that of the approval or, where a single place is in doubt, the paper's own."""
        seen = self.seen
        if seen is None or not seen.nearly or seen.otherwise or self._is_contradicted:
            return False
        own = seen.own and seen.doubtful <= 1 and self.may_be_one
        return own or self.facts.agree("approval_number")

    def _has_one_approval(self) -> bool:
        """Shop and approval number agree, one side lacks the day, and nothing speaks against it.

        The shop's half of a slip shows other numbers than the customer's: surely read, both agree
        whatever the pictures say.
        """
        facts = self.facts
        agreed = facts.agreement("approval_number") * facts.agreement("business_number")
        missing = not facts.agree("date") and not facts.disagree("date", 0)
        if not missing or self._values_apart():
            return False
        doubtful = agreed < self.settings.certain
        return agreed >= self.settings.agreed and not (doubtful and self._is_contradicted)

    def _was_approved_once(self) -> bool:
        """Approval number, day and sum or minute agree: no two payments share them, whatever was
        read of the shop, or misread elsewhere. A sale and its cancellation have two minutes."""
        facts = self.facts
        agreed = facts.agreement("approval_number") * facts.agreement("date")
        more = max(facts.agreement("amount"), facts.agreement("minute"))
        apart = self._values_apart() or facts.disagree("minute", self.settings.likely)
        return agreed * more >= self.settings.agreed and not apart

    @property
    def is_laid(self) -> bool:
        """One picture lies on the other: copies do, and flat e-receipts of one template."""
        return self.seen is not None and lies(self.facts, self.seen)

    @property
    def _is_one_photograph(self) -> bool:
        """A camera took both pictures, and they are alike as no two photographs are."""
        return self._lies_as_one_photograph or self._looks_like_one_photograph

    @property
    def _lies_as_one_photograph(self) -> bool:
        """One lies on the other with all that was around the paper. Altered or dark, two values may
        have been read otherwise; two telephones that show an e-receipt each say more numbers that
        differ."""
        seen, settings = self.seen, self.settings
        return (
            seen is not None
            and not (seen.bent or self._is_any_flat)
            and self.is_laid
            and self._values_apart() <= MOST_MISREAD
            and (seen.otherwise or 0) <= len(self.altered())
            and seen.support >= settings.photograph_support
            and seen.fit >= settings.photograph_fit
        )

    @property
    def _looks_like_one_photograph(self) -> bool:
        """They look the same as a whole, nothing is seen to differ, and no value surely does: a
        number that was read otherwise was misread, as on a copy made small."""
        apart = self.facts.bits_apart().get("look")
        return (
            self.seen is not None
            and not self._is_any_flat
            and self.is_laid
            and self.seen.places == 0
            and self._values_apart() == 0
            and apart is not None
            and apart <= self.settings.photograph_look
        )

    @property
    def _is_any_flat(self) -> bool:
        return self.facts.new.flat or self.facts.old.flat

    def is_template(self) -> bool:
        """They look alike, much of one picture lies on the other, or they share a number.

        A number that may be the shop's is worth a look where hardly a value differs.
        """
        seen, settings = self.seen, self.settings
        shared = seen is not None and seen.support >= 0.5 and seen.inliers >= settings.inliers
        return self.facts.alike() or shared or (self.facts.share_a_number() and self.may_be_one)

    def _is_one_file(self) -> bool:
        new, old = self.facts.new, self.facts.old
        return new.file == old.file or new.pixels == old.pixels

    def same_transaction(self) -> bool:
        """The most telling key that both sides surely have agrees.

        Not where the minute surely differs: a sale and its cancellation share their approval.
        """
        if self.facts.disagree("minute") and not self.facts.alike():
            return False
        for kind in DECIDING:
            if self.facts.doubt(kind) is not None:
                return kind in UNIQUE or not (self._likely_differs() or self._is_contradicted)
            if self.facts.differs(kind, self.settings.certain):
                return False
        return False

    def _likely_differs(self) -> bool:
        """Another customer of the same minute has another second, card or approval number."""
        likely = self.settings.likely
        return any(self.facts.disagree(name, likely) for name in OF_A_CUSTOMER)

    def one_image(self) -> bool:
        """The two look alike and neither a key nor a value speaks against it.

        One approval number with two amounts is no copy of an image, however alike: one of the
        two may have been altered. E-receipts of one app look alike and may have no key.
        """
        facts, flat = self.facts, self._is_any_flat
        another = any(facts.differs(kind, self.settings.likely) for kind in DECIDING)
        return facts.alike() and not another and not (flat and self._values_apart())

    @property
    def is_surely_one(self) -> bool:
        """All that they share makes one purchase of the two, without any key.

        Not where two values in which purchases differ surely do, or the number of the purchase:
        friends and neighbours' e-receipts share shop, minute and sum. Only a picture that
        lies on the other proves a copy all the same: of a paper on its background, or without any
        print that differs.
        """
        flat = self._is_any_flat
        another = self._has_another_number(flat=flat) and not self._is_one_customers()
        unchanged = self.seen is not None and self.seen.places == 0
        on_it = self.is_laid and (unchanged or not flat)
        proven = on_it or (self._values_apart() <= 1 and not another)
        return proven and not self._is_contradicted and self.probability >= self._least_probability

    @property
    def _least_probability(self) -> float:
        """Of one purchase, for two to be called so without a key."""
        return self.settings.same_read if self._reads_alike else self.settings.same

    @property
    def _reads_alike(self) -> bool:
        """Several numbers were surely read alike, line by line, and none otherwise."""
        seen = self.seen
        return (
            seen is not None and seen.otherwise == 0 and seen.alike >= self.settings.numbers_alike
        )

    def _is_one_customers(self) -> bool:
        """One second or, on pictures that lie on each other, one card and all numbers but one:
        its approval number was altered."""
        facts = self.facts
        on_it = self.is_laid and facts.agree("card") and facts.one_number_differs()
        return facts.agree("second") or on_it

    @property
    def _is_contradicted(self) -> bool:
        """Another number stands on the other paper: the pictures say so or, where nothing is the
        customer's own, what was read does. On paper that was bent to lie on the other, too: one
        digit of a form's number is little to see. A number that differs but wasn't surely read
        says nothing on papers that are the same, or that say the same in surely read ones."""
        seen = self.seen
        if self._looks_like_one_photograph:
            return False
        if seen is not None and seen.contradicted and not (self.is_laid and seen.places):
            return True
        if self.is_laid and not self._is_bent:
            return False
        if seen is not None and (seen.otherwise or 0) > len(self.altered()):
            return True
        if self._is_bent or self._reads_alike:
            return False
        own = any(self.facts.agree(name) for name in OF_A_CUSTOMER)
        return not own and not self.altered() and self.facts.numbers_differ()

    def _values_apart(self) -> int:
        """How many of the values in which two purchases at one shop differ surely do."""
        facts = self.facts
        by_minute = facts.disagree("minute") and not facts.disagree("second")
        return sum(facts.disagree(name) for name in TELLING) + by_minute

    @property
    def may_be_one(self) -> bool:
        """At most one value speaks surely against it, the shop's number counted: worth a look."""
        return self._values_apart() + self.facts.disagree("business_number") <= 1

    @property
    def reads_nearly_the_same(self) -> bool:
        """Two values of them are the same, and at most one surely isn't: worth a look where the
        pictures are a little alike."""
        return self.may_be_one and sum(map(self.facts.agree, VALUES)) >= LEAST_ALIKE

    def _has_another_number(self, *, flat: bool) -> bool:
        """The approval number is another one, or on a flat picture all long numbers are."""
        new, old = self.facts.new.serials, self.facts.old.serials
        disjoint = flat and bool(new and old and not new & old)
        return self.facts.disagree("approval_number") or disjoint

    # ── altered copies ───────────────────────────────────────────────────────────────────────

    def is_altered(self) -> bool:
        """One value differs, surely read, on what is one receipt in everything else."""
        altered = self.altered()
        if not altered or self.probability < self.settings.altered:
            return False
        if self.facts.agree("approval_number") and self.facts.agree("business_number"):
            return True
        if self.facts.alike() and not self._is_any_flat:
            return True
        return len(altered) == 1 and (self.is_surely_one or self.same_but(altered[0]))

    def altered(self) -> tuple[str, ...]:
        """The alterable values that surely differ."""
        return tuple(name for name in ALTERABLE if self.facts.disagree(name))

    def same_but(self, altered: str) -> bool:
        """All other telling values that both have agree, to the second, and so does the text."""
        facts, others = self.facts, [name for name in TELLING if name != altered]
        return (
            facts.agree("second")
            and facts.agree("business_number")
            and not any(facts.disagree(name) for name in others)
            and sum(facts.agree(name) for name in others) >= 3
            and facts.text_apart() <= 1 - self.settings.text
        )

    def disagreeing(self) -> tuple[str, ...]:
        """The fields that surely differ."""
        return tuple(FIELD_OF.get(name, name) for name in DIFFERING if self.facts.disagree(name))

    # ── what is told ─────────────────────────────────────────────────────────────────────────

    def kinship(self, relation: Relation) -> Kinship:
        """The relation with what speaks for and against it."""
        return Kinship(
            relation=relation,
            probability=self.probability,
            agrees=self.agrees(relation),
            differs=self.differs(relation),
            distance=self.distances(),
        )

    def agrees(self, relation: Relation) -> tuple[str, ...]:
        """The names of what the two share; of an altered copy or without a key, values too."""
        facts = self.facts
        shown = {
            "picture": self._is_bent,
            "file": facts.new.file == facts.old.file,
            "pixels": facts.new.pixels == facts.old.pixels,
            "look": facts.alike(),
            "text": facts.text_apart() <= 1 - self.settings.text,
        }
        keys = tuple(kind.value for kind in DECIDING if facts.doubt(kind) is not None)
        by_values = relation is Relation.ALTERED_COPY or not keys
        values = tuple(name for name in COPIED if by_values and facts.agree(name))
        named = (name for name, shared in shown.items() if shared)
        told = tuple(dict.fromkeys((*named, *keys, *values)))
        # Looks a little further apart than a copy's are all that is left to have decided, or a
        # number that isn't the purchase's.
        return told or (("look",) if relation is Relation.SAME_RECEIPT else ("text",))

    def differs(self, relation: Relation) -> tuple[str, ...]:
        """The names of what both have and isn't the same; for an altered copy, its values."""
        if relation is Relation.ALTERED_COPY:
            return self.altered()
        return tuple(kind.value for kind in DECIDING if self.facts.differs(kind))

    def distances(self) -> dict[str, float]:
        """How far the two are apart."""
        facts = self.facts
        doubts = {kind.value: facts.doubt(kind) for kind in DECIDING}
        known = {name: round(doubt, 3) for name, doubt in doubts.items() if doubt is not None}
        both = facts.new.numbers and facts.old.numbers
        text = {"text": round(facts.text_apart(), 3)} if both else {}
        return {**facts.bits_apart(), **text, **known}
