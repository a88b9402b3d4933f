"""What counts as right, and what the labels say is printed."""

from __future__ import annotations

import pytest

from benchmarks.labelled import FIELDS, judge, sample_photos, stands_in


@pytest.mark.parametrize(
    ("name", "found", "printed", "verdict"),
    [
        ("amount", "100000", ("100000",), "right"),
        ("amount", "90909", ("100000",), "wrong"),
        ("amount", None, ("100000",), "silent"),
        ("approval_number", None, (), "right"),
        ("approval_number", "12345678", (), "wrong"),
        ("time", "10:12:33", ("10:12",), "right"),
        ("time", "10:13", ("10:12:33",), "wrong"),
        ("merchant", "(주) 한옥 국밥", ("한옥국밥",), "right"),
        ("merchant", "한옥국밥 전주점", ("한옥국밥",), "right"),
        ("merchant", "국밥", ("한옥국밥본점",), "wrong"),
        ("date", "2025-01-20", ("2025-01-20", "2025-01-21"), "right"),
    ],
)
def test_a_value_is_right_wrong_or_silent(
    name: str, found: str | None, printed: tuple[str, ...], verdict: str
) -> None:
    assert judge(name, found, printed) == verdict


def test_a_number_stands_in_a_text_whatever_separates_its_digits() -> None:
    assert stands_in("business_number", "등록번호 505-81-24020", ("5058124020",))
    assert not stands_in("business_number", "505-81-24021", ("5058124020",))
    assert stands_in("merchant", "상호: 한옥 국밥(주)", ("한옥국밥",))


def test_samples_come_with_values_lines_and_kinds() -> None:
    photos = sample_photos()
    assert len(photos) > 50
    assert {name for photo in photos for name in photo.values} == set(FIELDS)
    assert all(photo.lines and photo.kind and photo.size for photo in photos)
    assert all(photo.path.is_file() for photo in photos)


def test_train_and_test_samples_are_apart() -> None:
    assert not {p.id for p in sample_photos()} & {p.id for p in sample_photos("train")}
