"""What a receipt says of itself, who issued it, and who handed it in before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from receipt_screen.campaign import Campaign
from receipt_screen.checks import Case
from receipt_screen.records import (
    CheckOutcome,
    DocumentKind,
    Frequency,
    MarkKind,
    Match,
    Outcome,
    Party,
    PhotoFacts,
    Relation,
    Severity,
)
from tests.cases import (
    CAMPAIGNS,
    case,
    fields,
    findings,
    flags,
    found,
    mark,
    missing,
    page,
    photo_of,
    quality,
    result,
    unread,
)

SHOPS = Campaign.load(CAMPAIGNS / "small-shops-34000.toml")
LEDGERS = Campaign.load(CAMPAIGNS / "ledgers-and-coupons.toml")


def marked(kind: MarkKind, word: str, confidence: float = 0.99, rules: str = "") -> Case:
    return case(rules=rules, marks=(mark(kind, word, confidence),))


# ── marks ────────────────────────────────────────────────────────────────────────────────────


def test_a_cancellation_by_its_title_is_strong() -> None:
    flag = flags(marked(MarkKind.CANCELLATION, "승인취소"))["cancelled"]
    assert flag.severity is Severity.STRONG
    assert "승인취소" in flag.message


def test_an_uncertain_cancellation_goes_to_review() -> None:
    unsure = marked(MarkKind.CANCELLATION, "환불", 0.6)
    assert flags(unsure)["cancelled"].severity is Severity.REVIEW


def test_a_negative_amount_alone_goes_to_review() -> None:
    codes = flags(case(amount=found(-100_000)))
    assert codes["negative_amount"].severity is Severity.REVIEW
    assert "cancelled" not in codes


def test_a_sale_and_its_cancellation_in_one_photo_go_to_review() -> None:
    both = case(
        amount=found(100_000, 0.98, rivals={-100_000: 0.01}),
        marks=(mark(MarkKind.CANCELLATION, "승인취소"),),
    )
    assert flags(both)["sale_and_cancellation"].severity is Severity.REVIEW
    assert "cancelled" not in flags(both)


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (MarkKind.REPRINT, "reprint"),
        (MarkKind.UNPAID, "unpaid"),
        (MarkKind.PART_PAYMENT, "part_payment"),
        (MarkKind.EXPENSE_PROOF, "expense_proof"),
        (MarkKind.GIFT_CERTIFICATE, "gift_certificate"),
        (MarkKind.CASH, "cash"),
    ],
)
def test_a_mark_is_rejected_reviewed_or_ignored_as_the_campaign_says(
    kind: MarkKind, key: str
) -> None:
    def severity(action: str, confidence: float = 0.99) -> Severity | None:
        rules = f'[treatment]\n{key} = "{action}"'
        flag = flags(marked(kind, "표시", confidence, rules)).get(key)
        return flag and flag.severity

    assert severity("reject") is Severity.STRONG
    assert severity("reject", 0.8) is Severity.REVIEW
    assert severity("review") is Severity.REVIEW
    assert severity("ignore") is None
    assert result(key, case()).outcome is CheckOutcome.PASSED


def test_a_missing_prepayment_word_is_never_strong() -> None:
    rules = '[treatment]\nno_prepayment_words = "reject"'
    assert flags(case(rules=rules))["no_prepayment_words"].severity is Severity.REVIEW
    assert "no_prepayment_words" not in flags(case())
    with_word = marked(MarkKind.PREPAYMENT, "선결제", rules=rules)
    assert result("prepayment_words", with_word).outcome is CheckOutcome.PASSED


def test_a_companys_card_is_known_by_its_words() -> None:
    company = findings(page=page("신용승인", "법인 카드 매출"))
    assert result("business_card", case(company)).outcome is CheckOutcome.PASSED
    strict = case(company, rules='[treatment]\nbusiness_card = "reject"')
    assert flags(strict)["business_card"].severity is Severity.STRONG


# ── document, shop, region ───────────────────────────────────────────────────────────────────


def test_a_kind_of_document_is_accepted_reviewed_or_rejected() -> None:
    written = {"document": found(DocumentKind.HANDWRITTEN)}
    assert flags(case(**written))["document_kind"].severity is Severity.REVIEW
    rejecting = case(rules='[documents]\nhandwritten = "reject"', **written)
    assert flags(rejecting)["document_kind"].severity is Severity.STRONG
    accepting = case(rules='[documents]\nhandwritten = "accept"', **written)
    assert result("document_kind", accepting).outcome is CheckOutcome.PASSED


def test_the_words_of_a_proof_make_any_document_acceptable() -> None:
    ledger = findings(
        fields=fields(document=found(DocumentKind.OTHER)), page=page("선결제 장부", "100,000")
    )
    assert result("document_kind", case(ledger, rules=LEDGERS)).outcome is CheckOutcome.PASSED
    assert "document_kind" in flags(case(ledger))


def test_a_large_mart_is_excluded_by_its_name_however_spaced() -> None:
    mart = case(rules=SHOPS, merchant=found("이 마트 전주점"))
    flag = flags(mart)["excluded"]
    assert flag.severity is Severity.STRONG
    assert "대형마트" in flag.message


def test_an_unless_word_spares_a_shop_of_a_similar_name() -> None:
    assert "excluded" not in flags(case(rules=SHOPS, merchant=found("이마트24 전주한들점")))


def test_an_uncertain_name_excludes_nobody_without_a_person() -> None:
    unsure = case(rules=SHOPS, merchant=found("홈플러스", 0.8))
    assert flags(unsure)["excluded"].severity is Severity.REVIEW


def test_words_are_looked_for_in_the_text_where_the_rule_says_so() -> None:
    bar = findings(page=page("한들", "업종: 유흥주점"))
    assert flags(case(bar, rules=SHOPS))["excluded"].severity is Severity.STRONG
    online = findings(page=page("대행사 토스페이먼츠"))
    assert flags(case(online, rules=SHOPS))["excluded"].severity is Severity.REVIEW


def test_a_business_number_is_excluded_with_and_without_hyphens() -> None:
    assert "excluded" in flags(case(rules=SHOPS, business_number=found("1108141272")))


@pytest.mark.parametrize("merchant", [missing(), found("한들", 0.3)])
def test_an_unknown_shop_might_be_an_excluded_one(merchant: object) -> None:
    made = result("exclusions", case(rules=SHOPS, merchant=merchant))
    assert (made.outcome, made.required) == (CheckOutcome.NOT_CHECKED, True)


def test_a_campaign_without_exclusions_needs_no_shop() -> None:
    made = result("exclusions", case(merchant=missing()))
    assert (made.outcome, made.required) == (CheckOutcome.NOT_CHECKED, False)


def test_the_region_is_looked_for_in_the_address_then_in_the_text() -> None:
    rules = '[region]\nwords = ["전주"]'
    assert result("region", case(rules=rules)).outcome is CheckOutcome.PASSED
    elsewhere = case(rules=rules, address=found("부산광역시 해운대구 1"))
    assert flags(elsewhere)["outside_region"].severity is Severity.REVIEW
    in_text = findings(fields=fields(address=missing()), page=page("전 주 시 완산구"))
    assert result("region", case(in_text, rules=rules)).outcome is CheckOutcome.PASSED
    unknown = result("region", case(rules=rules, address=missing()))
    assert (unknown.outcome, unknown.required) == (CheckOutcome.NOT_CHECKED, True)


def test_the_check_digit_of_the_business_number() -> None:
    assert result("business_number", case()).outcome is CheckOutcome.PASSED
    wrong = case(business_number=found("1234567890"))
    assert flags(wrong)["check_digit"].severity is Severity.REVIEW


def test_a_business_number_is_needed_only_where_the_campaign_says_so() -> None:
    without = {"business_number": missing()}
    assert not result("business_number", case(**without)).required
    assert result("business_number", case(rules=SHOPS, **without)).required
    needed = result("needed_fields", case(rules=SHOPS, **without))
    assert needed.outcome is CheckOutcome.NOT_CHECKED
    assert "business number" in (needed.why_not or "")


# ── duplicates, pages, file ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "relation",
    [Relation.SAME_FILE, Relation.SAME_IMAGE, Relation.SAME_RECEIPT, Relation.ALTERED_COPY],
)
def test_an_earlier_submission_of_the_receipt_is_strong_and_named(relation: Relation) -> None:
    match = Match(submission="2025-000007", relation=relation, agrees=("approval", "minute"))
    flag = flags(case(matches=(match,)))[relation.value]
    assert flag.severity is Severity.STRONG
    assert "2025-000007" in flag.message


def test_the_same_template_says_nothing() -> None:
    match = Match(submission="2025-000007", relation=Relation.SAME_TEMPLATE)
    assert result("duplicates", case(matches=(match,))).outcome is CheckOutcome.PASSED


@pytest.mark.parametrize(
    ("agrees", "differs"),
    [
        (("minute",), ()),
        (("minute", "card"), ()),
        (("card",), ("approval",)),
        (("approval",), ("minute",)),  # another amount: misread here or there, or altered
    ],
)
def test_one_till_one_minute_and_one_sum_may_be_two_friends(
    agrees: tuple[str, ...], differs: tuple[str, ...]
) -> None:
    match = Match(submission="7", relation=Relation.SAME_RECEIPT, agrees=agrees, differs=differs)
    assert flags(case(matches=(match,)))["same_receipt"].severity is Severity.REVIEW


def test_a_likeness_alone_is_no_copy_but_with_a_key_it_is() -> None:
    def severity(*agrees: str) -> Severity:
        match = Match(submission="7", relation=Relation.SAME_IMAGE, agrees=agrees)
        return flags(case(matches=(match,)))["same_image"].severity

    assert severity("look") is Severity.REVIEW
    assert severity("look", "minute") is Severity.STRONG
    assert severity("pixels", "look") is Severity.STRONG


@pytest.mark.parametrize(
    ("agrees", "severity"),
    [
        (("look",), "strong"),
        (("approval_number", "text"), "strong"),
        (("minute", "card"), "review"),
    ],
)
def test_an_altered_copy_is_strong_where_picture_or_number_is_the_same(
    agrees: tuple[str, ...], severity: str
) -> None:
    match = Match(submission="7", relation=Relation.ALTERED_COPY, agrees=agrees)
    assert flags(case(matches=(match,)))["altered_copy"].severity == severity


def test_without_a_key_the_probability_decides() -> None:
    def severity(probability: float) -> Severity:
        match = Match(
            submission="7",
            relation=Relation.SAME_RECEIPT,
            agrees=("text",),
            probability=probability,
        )
        return flags(case(matches=(match,)))["same_receipt"].severity

    assert severity(0.995) is Severity.STRONG
    assert severity(0.95) is Severity.REVIEW


VELOCITY = "[velocity]\nsubmitter = 2\ncard = 3"


@pytest.mark.parametrize(
    ("party", "count", "code"),
    [
        (Party.SUBMITTER, 2, None),
        (Party.SUBMITTER, 3, "many_of_submitter"),
        (Party.CARD, 3, None),
        (Party.CARD, 4, "many_of_card"),
        (Party.SHOP, 400, None),
    ],
)
def test_more_than_usual_goes_to_review(party: Party, count: int, code: str | None) -> None:
    often = (Frequency(party=party, submissions=count),)
    found = flags(replace(case(rules=VELOCITY), frequencies=often))
    assert {each for each in found if each.startswith("many_of")} == ({code} if code else set())
    if code:
        assert found[code].severity is Severity.REVIEW


def test_a_campaign_without_a_usual_number_counts_nothing() -> None:
    often = (Frequency(party=Party.SUBMITTER, submissions=999),)
    made = result("velocity", replace(case(), frequencies=often))
    assert (made.outcome, made.required) == (CheckOutcome.NOT_CHECKED, False)


def test_handing_in_the_same_submission_again_is_no_duplicate() -> None:
    match = Match(submission="2025-000123", relation=Relation.SAME_FILE)
    assert result("duplicates", case(matches=(match,))).outcome is CheckOutcome.PASSED


def test_another_page_with_a_payment_of_its_own_goes_to_review() -> None:
    def with_page(**changes: object) -> Case:
        return case(others=(findings(fields=fields(**changes)),))

    assert "several_receipts" not in flags(with_page())  # the shop's copy of the same slip
    assert "several_receipts" not in flags(with_page(amount=missing()))
    assert "several_receipts" not in flags(with_page(approval_number=missing()))
    other_amount = flags(with_page(amount=found(120_000)))["several_receipts"]
    assert other_amount.severity is Severity.REVIEW
    assert "120,000" in other_amount.message
    assert "several_receipts" in flags(with_page(approval_number=found("99999999")))


def file_facts(**changes: object) -> PhotoFacts:
    return findings().photo.model_copy(update=changes)


def test_an_editors_name_in_the_file_is_never_strong() -> None:
    edited = findings(photo=file_facts(software="Adobe Photoshop 25.0"))
    assert flags(case(edited))["edited_photo"].severity is Severity.INFO
    reviewing = case(edited, rules='[treatment]\nedited_photo = "review"')
    assert flags(reviewing)["edited_photo"].severity is Severity.REVIEW
    assert "edited_photo" not in flags(case(edited, rules='[treatment]\nedited_photo = "ignore"'))
    phone = findings(photo=file_facts(software="S911NKSU3BWK5"))
    assert result("provenance", case(phone)).outcome is CheckOutcome.PASSED


def test_a_photo_older_than_its_payment_is_worth_knowing() -> None:
    older = findings(photo=file_facts(taken=dt.datetime(2025, 1, 19, 23)))
    assert flags(case(older))["taken_before_payment"].severity is Severity.INFO


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_said_of_the_kind_of_a_page_that_could_not_be_read() -> None:
    made = result("document_kind", case(unread(Outcome.BLANK)))

    assert made.outcome is CheckOutcome.NOT_CHECKED


def test_a_failed_page_is_not_a_blank_one() -> None:
    assert "the engine timed out" in flags(case(unread()))["reading_failed"].message
    assert "blank_page" in flags(case(unread(Outcome.BLANK)))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("blurred", {"sharpness": 20.0}),
        ("glare", {"glare": 0.4}),
        ("faint", {"contrast": 10.0}),
        ("too_small", {"glyph_height": 6.0}),
        ("cut_off", {"cut_edges": ("top", "left")}),
    ],
)
def test_a_poor_photo_matters_only_where_it_could_not_be_read(
    code: str, change: dict[str, object]
) -> None:
    paper = photo_of(quality(**change))
    assert flags(case(findings(paper=paper)))[code].severity is Severity.INFO
    lost = findings(paper=paper, fields=fields(amount=missing()))
    assert flags(case(lost))[code].severity is Severity.REVIEW
