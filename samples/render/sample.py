"""One labelled sample from a seed and an index, whatever the others are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from receipt_screen.records import MarkKind
from samples.render.files import as_handed, encode
from samples.render.labelling import Said, expected, label_fields, label_lines, rounded
from samples.render.labels import FieldLabel, Label, LineLabel, Related, SampleRelation
from samples.render.own import Made, make_own, sized
from samples.render.plan import Plan, plan
from samples.render.receipt import Receipt
from samples.render.relatives import make_relative
from samples.render.tables import table


@dataclass(frozen=True)
class Settings:
    """What a run of the generator is asked for."""

    seed: int
    camera: str = "messenger"
    split: str = "all"


@dataclass(frozen=True)
class Sample:
    """An image file's bytes, and what is known of it."""

    label: Label
    encoded: bytes = field(repr=False)


def make_sample(settings: Settings, index: int) -> Sample:
    """The sample of an index."""
    this = plan(settings.seed, index, settings.split)
    if this.base is None:
        made = make_own(this, settings.camera)
        return Sample(_label(this, made), _file(this, made))
    base = plan(settings.seed, this.base, settings.split)
    return _relative(this, base, make_own(base, settings.camera), settings)


def _relative(this: Plan, base: Plan, earlier: Made, settings: Settings) -> Sample:
    """A relative of an earlier image, made from that image as its file shows it."""
    picture = earlier.picture
    pixels = as_handed(picture.pixels, picture.container, _quality(base))
    made = make_relative(this, replace(earlier, picture=replace(picture, pixels=pixels)),
                         settings.camera)  # fmt: skip
    if this.scenario == "same_file":
        made, encoded = earlier, _file(base, earlier)
    else:
        made = _in_container(this, sized(made, settings.camera))
        encoded = _file(this, made)
    label = _label(this, made).model_copy(update={"relations": (_relation(this, base, made),)})
    return Sample(label, encoded)


def _relation(this: Plan, base: Plan, made: Made) -> Related:
    scenario = this.scenario or ""
    relation = SampleRelation(table("scenarios")[scenario]["relation"])
    differs = tuple(rounded(quad) for quad in made.differs)
    return Related(to=base.name, relation=relation, how=scenario, differs=differs)


def _in_container(this: Plan, made: Made) -> Made:
    container = "png" if this.scenario == "png" else "jpg"
    return replace(made, picture=replace(made.picture, container=container))


def _file(this: Plan, made: Made) -> bytes:
    return encode(made.picture.pixels, made.picture.container, _quality(this))


def _quality(this: Plan) -> int:
    """Messengers recompress to between 60 and 80; forwarding and saving again cost more."""
    again = {"reencoded": 45, "forwarded": 62}
    return again.get(this.scenario or "", this.chance.sub("jpeg").randint(60, 78))


# ── the label ────────────────────────────────────────────────────────────────────────────────


def _label(this: Plan, made: Made) -> Label:
    printing, view = made.printing, made.picture.view
    receipt, family = printing.receipt, printing.receipt.template.family
    fields = _overridden(label_fields(receipt, printing.sheet, view), made)
    marks = printing.facts.marks | _state_marks(receipt)
    traps = printing.facts.traps | made.traps | _state_traps(receipt)
    said = Said(family.kind, marks, fields, made.several)
    return Label(
        id=this.name,
        file=f"{this.name}.{made.picture.container}",
        width=view.width,
        height=view.height,
        family=family.name,
        split=family.split,
        shop=receipt.shop.key,
        face=receipt.template.face,
        kind=family.kind,
        marks=tuple(sorted(marks)),
        fields=fields,
        lines=(*label_lines(printing.sheet, view), *map(_rounded_line, made.picture.others)),
        symbols=printing.sheet.symbols,
        faults=tuple(dict.fromkeys((*printing.faults, *made.picture.faults))),
        traps=tuple(sorted(traps)),
        expected=expected(said, traps),
        seed=this.seed,
        index=this.index,
    )


def _rounded_line(line: LineLabel) -> LineLabel:
    return line.model_copy(update={"quad": rounded(line.quad)})


def _overridden(fields: dict[str, FieldLabel], made: Made) -> dict[str, FieldLabel]:
    """Values as the altered pixels claim them."""
    return {
        name: label.model_copy(update={"value": made.overrides[name]})
        if name in made.overrides and label.quad is not None
        else label
        for name, label in fields.items()
    }


def _state_marks(receipt: Receipt) -> frozenset[MarkKind]:
    return frozenset({MarkKind.CANCELLATION} if receipt.state == "cancellation" else ())


def _state_traps(receipt: Receipt) -> frozenset[str]:
    return frozenset({"cancellation"} if receipt.state == "cancellation" else ())
