"""Two readings of a line become one."""

from __future__ import annotations

from receipt_screen.reading.agree import agree
from receipt_screen.reading.recogniser import Glyph, Glyphs, text_of


def glyphs(text: str, confidence: float = 0.9, places: list[float] | None = None) -> Glyphs:
    """A reading whose characters stand evenly apart, or at given places."""
    where = places or [(index + 0.5) / len(text) for index in range(len(text))]
    return tuple(Glyph(sign, confidence, at) for sign, at in zip(text, where, strict=True))


def test_hangul_comes_from_one_reader_and_digits_from_the_other() -> None:
    korean = glyphs("합계 1,980", 0.6)
    latin = glyphs("吾1,900", 0.95, [0.1, 0.5, 0.6, 0.7, 0.8, 0.95])
    assert text_of(agree(korean, latin)).replace(" ", "") == "합계1,900"


def test_what_both_read_alike_is_surer_than_either() -> None:
    merged = agree(glyphs("1,275", 0.95), glyphs("1,275", 0.95))
    assert text_of(merged) == "1,275"
    assert all(glyph.confidence > 0.95 for glyph in merged)


def test_a_digit_that_a_slashed_zero_looks_like_is_less_sure_though_both_see_it() -> None:
    eight, seven = agree(glyphs("87", 0.95), glyphs("87", 0.95))
    assert eight.confidence < seven.confidence


def test_where_they_differ_the_likelier_character_is_taken_and_doubted() -> None:
    merged = agree(glyphs("1,970", 0.6), glyphs("1,920", 0.99))
    assert text_of(merged) == "1,920"
    assert merged[3].confidence < merged[0].confidence
    assert merged[3].runner_up == "7"
    assert text_of(agree(glyphs("1,970", 0.99), glyphs("1,920", 0.6))) == "1,970"


def test_a_zero_of_ours_outweighs_what_a_slashed_zero_looks_like() -> None:
    assert text_of(agree(glyphs("1,900", 0.9), glyphs("1,980", 0.95))) == "1,900"


def test_spaces_never_stand_against_digits() -> None:
    assert text_of(agree(glyphs("25. 23", 0.95), glyphs("25.2.3", 0.99))) == "25. 2.3"
    korean = glyphs("10:49 오후", 0.95)
    latin = glyphs("10:48", 0.6, [0.07, 0.21, 0.36, 0.5, 0.64])
    assert text_of(agree(korean, latin)) == "10:49 오후"


def test_the_second_readers_chinese_signs_never_enter() -> None:
    merged = agree(glyphs("감사합니다"), glyphs("吾合昌卫舍"))
    assert text_of(merged) == "감사합니다"


def test_signs_that_stand_for_several_characters_never_enter() -> None:
    latin = (*glyphs("12"), Glyph("…", 0.9, 0.9))
    assert text_of(agree(glyphs("12..."), latin)) == "12..."


def test_a_second_reading_that_is_empty_changes_nothing() -> None:
    assert text_of(agree(glyphs("결제금액 5,000"), ())) == "결제금액 5,000"


def test_digits_that_only_the_second_reader_saw_are_taken_when_sure() -> None:
    korean = glyphs("합계", places=[0.1, 0.2])
    latin = glyphs("9,900", 0.97, [0.7, 0.75, 0.8, 0.85, 0.9])
    assert text_of(agree(korean, latin)) == "합계9,900"
    unsure = glyphs("9,900", 0.4, [0.7, 0.75, 0.8, 0.85, 0.9])
    assert text_of(agree(korean, unsure)) == "합계"


def test_beside_hangul_digits_the_second_reader_dropped_are_kept() -> None:
    korean = glyphs("1988통닭", 0.99)
    latin = glyphs("1", 0.9, [0.08])
    assert text_of(agree(korean, latin)) == "1988통닭"


def test_a_digit_that_only_the_second_reader_saw_stands_on_its_side_of_the_space() -> None:
    korean = glyphs("05 2:45", 0.99, [0.1, 0.2, 0.28, 0.5, 0.6, 0.7, 0.8])
    behind = glyphs("0512:45", 0.99, [0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8])
    before = glyphs("0512:45", 0.99, [0.1, 0.2, 0.25, 0.5, 0.6, 0.7, 0.8])
    assert text_of(agree(korean, behind)) == "05 12:45"
    assert text_of(agree(korean, before)) == "051 2:45"
