"""The words of a shop's name whose spelling is known, where readers misread them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields.rows import Character
from receipt_screen.fields.spelling import well_spelled

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=9)


def read(text: str, *, unsure: float, other: str = "") -> list[Character]:
    """A text of which every character was read so surely, its end as `other` less surely."""
    others = other.rjust(len(text))
    return [Character(a, unsure, b.strip()) for a, b in zip(text, others, strict=True)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("두메산골펜선", "두메산골펜션"),
        ("개나리불식 군산점", "개나리분식 군산점"),
        ("사랑방정과(익산점)", "사랑방청과(익산점)"),
        ("새봄헬스클해", "새봄헬스클럽"),
        ("돌담길산정식", "돌담길한정식"),
        ("(주)롯대쇼핑 본점", "(주)롯데쇼핑 본점"),
        ("이마르24 새봄점", "이마트24 새봄점"),
    ],
)
def test_an_unsure_syllable_of_a_trades_or_chains_word_is_mended(written: str, meant: str) -> None:
    assert well_spelled(written, read(f"[{written}]", unsure=0.5)) == meant


@pytest.mark.parametrize(
    ("written", "other", "meant"),
    [
        ("돌담길빵점", "집", "돌담길빵집"),
        ("물레방아편전", "펜션", "물레방아펜션"),
        ("새봄용악학된", "음  원", "새봄음악학원"),
    ],
    ids=["though another word is nearer", "two syllables", "not side by side"],
)
def test_a_trades_word_is_mended_by_what_was_read_less_surely(
    written: str, other: str, meant: str
) -> None:
    characters = read(written, unsure=0.8, other=other)
    assert well_spelled(written, characters) == meant


@pytest.mark.parametrize("written", ["주식회시 들꽃", "주삭회사 들꽃"])
def test_a_misread_company_sign_before_a_name_is_one(written: str) -> None:
    assert well_spelled(written, read(written, unsure=0.99)) == "주식회사 들꽃"


@pytest.mark.parametrize(
    "name",
    ["개나리우식", "개나리굶뚝", "펜선", "나펜선", "새봄 Cafe", "한마을", "물레방아펜션"],
    ids=["two words are meant", "none is", "too short", "hardly before", "Latin", "far", "right"],
)
def test_any_other_name_stays(name: str) -> None:
    assert well_spelled(name, read(name, unsure=0.1)) == name


@pytest.mark.parametrize("written", ["6S25 새봄점", "GSZ5 새봄점", "CS25 새봄점"])
def test_latin_letters_of_a_chain_are_those_that_look_alike(written: str) -> None:
    assert well_spelled(written, read(written, unsure=0.99)) == "GS25 새봄점"


@given(SYLLABLES)
def test_what_was_surely_read_stays(name: str) -> None:
    assert well_spelled(name, read(name, unsure=0.99)) == name


def test_a_branch_whose_bracket_stays_open_is_no_trade() -> None:
    name = "새봄제과(익산점"
    assert well_spelled(name, read(name, unsure=0.5, other="상점")) == name
