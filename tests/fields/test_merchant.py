"""The shop's name where it is printed more than once."""

from __future__ import annotations

from receipt_screen.fields import find_fields
from receipt_screen.fields.merchant import merchant_candidates
from receipt_screen.fields.page import LabelledPage
from receipt_screen.records import Page
from tests.pages import page_of

LAYOUT = """
{sign}
{head}
사업자번호 505-81-24020
합계              100,000
"""


def named(sign: str, head: str, *, unsure: str) -> Page:
    """A page with a name as a sign and below it, one of them read badly."""
    return surely(page_of(LAYOUT.format(sign=sign, head=head)), unsure, 0.6)


def surely(page: Page, text: str, confidence: float) -> Page:
    """The page with one line read so surely."""
    lines = tuple(
        line.model_copy(
            update={"confidence": confidence, "characters": (confidence,) * len(line.text)}
        )
        if line.text == text
        else line
        for line in page.lines
    )
    return page.model_copy(update={"lines": lines})


def test_a_name_is_spelled_as_where_it_was_read_surest() -> None:
    sign, head = "구렴새정육마트", "구름재정육마트"
    for unsure, right in ((sign, head), (head, sign)):
        assert find_fields(named(sign, head, unsure=unsure)).merchant.value == right


def test_of_two_spellings_read_nearly_as_surely_the_surer_is_right() -> None:
    sign, head = "구렴새정육마트", "구름재정육마트"
    page = surely(surely(page_of(LAYOUT.format(sign=sign, head=head)), sign, 0.91), head, 0.95)
    assert find_fields(page).merchant.value == head
    page = surely(surely(page_of(LAYOUT.format(sign=sign, head=head)), sign, 0.95), head, 0.91)
    assert find_fields(page).merchant.value == sign


def test_another_name_is_no_spelling_of_it() -> None:
    found = find_fields(named("온고을떡집", "햇살가득떡집", unsure="햇살가득떡집")).merchant
    assert {found.value, *(rival.value for rival in found.rivals)} >= {"온고을떡집", "햇살가득떡집"}


def test_a_row_that_cannot_be_read_outdoes_no_name_below_it() -> None:
    layout = "자 온 거가세\n\n온고을\n합계    100,000"
    legible, illegible = (
        find_fields(surely(page_of(layout), "자 온 거가세", confidence)).merchant.value
        for confidence in (0.9, 0.2)
    )
    assert (legible, illegible) == ("자 온 거가세", "온고을")


def test_a_name_whose_first_bracket_was_misread_is_as_sure_as_all_of_it() -> None:
    written, branch = "[주)들꽃다방(군산점)", "(군산점)"
    page = page_of(f"{written}\n사업자번호  505-81-24020")
    sure = (*(0.7 for _ in written.removesuffix(branch)), *(1.0 for _ in branch))
    lines = (page.lines[0].model_copy(update={"characters": sure}), *page.lines[1:])
    (found, *_) = merchant_candidates(LabelledPage.of(page.model_copy(update={"lines": lines})))
    assert found.value == "(주)들꽃다방(군산점)"
    assert found.evidence.confidence < 0.9
