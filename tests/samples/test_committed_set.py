"""The committed set covers what it promises, and its labels fit its images."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import zxingcpp

from receipt_screen.records import DocumentKind, Verdict
from samples.render.labels import (
    FIELD_NAMES,
    Expected,
    FieldLabel,
    Label,
    LineLabel,
    Related,
    SampleRelation,
)
from samples.render.sheet import read_image
from samples.render.tables import table
from samples.render.template import families

ROOT = Path(__file__).parents[2]


def test_the_set_has_240_images_in_30_megabytes(labels: list[Label], images: Path) -> None:
    sizes = [(images / label.file).stat().st_size for label in labels]
    assert len(labels) >= 240
    assert sum(sizes) <= 30_000_000


def test_every_image_has_a_label_and_every_label_an_image(
    labels: list[Label], images: Path
) -> None:
    assert {label.file for label in labels} == {path.name for path in images.iterdir()}
    assert len({label.id for label in labels}) == len(labels)


@pytest.mark.slow
def test_images_have_the_size_their_labels_say(labels: list[Label], images: Path) -> None:
    for label in labels:
        height, width = read_image(images / label.file).shape[:2]
        if label.file.endswith(".pdf"):  # a page's size is that of its image, whatever the dpi
            assert width * label.height == pytest.approx(height * label.width, rel=0.01)
        else:
            assert (width, height) == (label.width, label.height)


@pytest.mark.parametrize("trap", table("traps"))
def test_every_trap_is_present(trap: str, labels: list[Label]) -> None:
    assert any(trap in label.traps for label in labels)


@pytest.mark.parametrize("family", families())
def test_every_family_of_layouts_is_present(family: str, labels: list[Label]) -> None:
    assert any(label.family == family for label in labels)


@pytest.mark.parametrize("scenario", table("scenarios"))
def test_every_scenario_of_reuse_is_present(scenario: str, labels: list[Label]) -> None:
    assert any(related.how == scenario for label in labels for related in label.relations)


@pytest.mark.parametrize("relation", SampleRelation)
def test_every_relation_is_present(relation: SampleRelation, labels: list[Label]) -> None:
    assert any(related.relation is relation for label in labels for related in label.relations)


@pytest.mark.parametrize(
    "kind", sorted(set(DocumentKind) - {DocumentKind.OTHER, DocumentKind.NOT_A_RECEIPT})
)
def test_every_kind_of_document_is_present(kind: DocumentKind, labels: list[Label]) -> None:
    assert any(label.kind is kind for label in labels)


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.UNREADABLE}))
def test_every_verdict_that_labels_can_decide_is_present(
    verdict: Verdict, labels: list[Label]
) -> None:
    assert any(label.expected.verdict is verdict for label in labels)


FAULTS = (
    *("folds", "curl", "crumpled", "cut_edges", "finger", "turned_90", "turned_180", "turned_270"),
    *("shadow", "flash", "glare", "low_light", "colour_cast", "defocus", "motion", "noise"),
    *("scan", "moire", "status_bar", "dimmed_border", "e_receipt", "faded", "banding", "dropout"),
    *("dot_gain", "dot_loss", "dead_dots", "perspective", "several_papers", "screenshot"),
    *("on_wood", "on_desk", "on_cloth", "on_stone", "on_floor", "on_dashboard", "on_papers"),
)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_present(fault: str, labels: list[Label]) -> None:
    assert any(fault in label.faults for label in labels)


def test_no_shop_family_or_face_of_the_test_split_is_in_the_train_split(
    labels: list[Label],
) -> None:
    for key in ("shop", "family", "face"):
        train = {getattr(label, key) for label in labels if label.split == "train"}
        test = {getattr(label, key) for label in labels if label.split == "test"}
        assert train, key
        assert test, key
        assert not train & test, key


def test_amount_date_approval_number_and_merchant_are_altered_well_and_badly(
    labels: list[Label],
) -> None:
    done = {related.how for label in labels for related in label.relations}
    for field in ("amount", "date", "approval", "merchant"):
        assert {f"{field}_altered", f"{field}_altered_badly"} <= done


@pytest.mark.parametrize("ending", [".jpg", ".png", ".pdf"])
def test_every_kind_of_file_is_present(ending: str, labels: list[Label]) -> None:
    assert any(label.file.endswith(ending) for label in labels)


def test_every_key_of_a_label_is_explained() -> None:
    text = (ROOT / "docs" / "samples.md").read_text(encoding="utf-8")
    keys = {key for record in (Label, FieldLabel, LineLabel, Related, Expected)
            for key in record.model_fields}  # fmt: skip
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_every_label_names_every_field(labels: list[Label]) -> None:
    assert all(set(label.fields) == set(FIELD_NAMES) for label in labels)


def test_printed_fields_have_a_value_and_a_place(labels: list[Label]) -> None:
    for label in labels:
        for name, field in label.fields.items():
            assert (field.value is None) == (field.quad is None), (label.id, name)


def test_visible_lines_lie_inside_the_image(labels: list[Label]) -> None:
    for label in labels:
        for line in label.lines:
            box = line.quad.box
            if line.visible:
                assert box.left >= -2, label.id
                assert box.top >= -2, label.id
                assert box.right <= label.width + 2, label.id
                assert box.bottom <= label.height + 2, label.id


def test_a_fields_text_holds_the_digits_of_its_value(labels: list[Label]) -> None:
    for label in labels:
        for name in ("amount", "business_number", "approval_number", "phone"):
            field = label.fields[name]
            if field.value is not None:
                printed = re.sub(r"\D", "", field.text or "")
                assert printed == re.sub(r"\D", "", str(field.value)), (label.id, name)


# ── relations ────────────────────────────────────────────────────────────────────────────────


def test_relations_lead_to_an_earlier_image(by_id: dict[str, Label]) -> None:
    for label in by_id.values():
        for related in label.relations:
            assert by_id[related.to].index < label.index


def _related(by_id: dict[str, Label], relation: SampleRelation) -> list[tuple[Label, Label]]:
    return [
        (label, by_id[related.to])
        for label in by_id.values()
        for related in label.relations
        if related.relation is relation
    ]


def test_the_same_file_is_the_same_bytes(by_id: dict[str, Label], images: Path) -> None:
    for label, earlier in _related(by_id, SampleRelation.SAME_FILE):
        assert (images / label.file).read_bytes() == (images / earlier.file).read_bytes()


@pytest.mark.parametrize("relation", [SampleRelation.SAME_IMAGE, SampleRelation.SAME_RECEIPT])
def test_copies_say_the_same_of_the_transaction(
    relation: SampleRelation, by_id: dict[str, Label]
) -> None:
    for label, earlier in _related(by_id, relation):
        for name in ("amount", "date", "approval_number", "business_number"):
            assert label.fields[name].value == earlier.fields[name].value, (label.id, name)


def test_altered_copies_differ_in_one_field_and_say_where(by_id: dict[str, Label]) -> None:
    for label, earlier in _related(by_id, SampleRelation.ALTERED_COPY):
        names = ("amount", "date", "approval_number", "merchant", "business_number", "phone")
        differing = [n for n in names if label.fields[n].value != earlier.fields[n].value]
        assert len(differing) == 1, label.id
        assert label.relations[0].differs, label.id


def test_look_alikes_are_other_transactions(by_id: dict[str, Label]) -> None:
    for label, earlier in _related(by_id, SampleRelation.SAME_TEMPLATE):
        keys = [
            (each.fields["date"].value, each.fields["time"].value,
             each.fields["approval_number"].value, each.fields["amount"].value,
             MARK in each.marks)
            for each in (label, earlier)
        ]  # fmt: skip
        assert keys[0] != keys[1], label.id
        assert label.shop == earlier.shop


MARK = "cancellation"


def test_barcodes_of_captured_pages_hold_what_the_labels_say(
    labels: list[Label], images: Path
) -> None:
    flat = [label for label in labels if label.symbols and "screenshot" in label.faults][:6]
    assert flat
    for label in flat:
        read = {code.text for code in zxingcpp.read_barcodes(read_image(images / label.file))}
        assert read <= set(label.symbols), label.id
