"""The reviewers' pages keep strangers out, and hand out nothing but what they mean to."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import desks
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update

from receipt_screen.campaign import Campaign
from receipt_screen.desk.chain import EventKind
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk
from receipt_screen.desk.tables import SUBMISSIONS
from receipt_screen.errors import UsageError
from receipt_screen.registry import MemoryRegistry, Registry
from receipt_screen.report.page import write_report

pytest.importorskip("starlette")
pytest.importorskip("httpx")

from starlette.testclient import TestClient

from receipt_screen.review.app import make_app
from receipt_screen.review.room import open_room
from receipt_screen.review.security import HEADERS
from receipt_screen.review.sessions import invite

HOST = "127.0.0.1:8631"
BASE = f"http://{HOST}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desks.fill(tmp_path, 10) as filled:
        yield filled


@pytest.fixture
def registry() -> Registry:
    return MemoryRegistry()


@pytest.fixture
def client(desk: Desk, registry: Registry) -> Iterator[TestClient]:
    with TestClient(app(desk, registry), base_url=BASE, follow_redirects=False) as opened:
        opened.headers["origin"] = BASE
        yield opened


def app(desk: Desk, registry: Registry | None = None) -> object:
    return make_app(open_room(desk, registry or MemoryRegistry(), "ko"), frozenset({HOST}))


def come_in(client: TestClient, desk: Desk, name: str = "김") -> str:
    """Signs in; the session's token for forms."""
    answer = client.post("/enter", data={"token": invite(desk), "reviewer": name})
    assert answer.status_code == 303, answer.text
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def take(client: TestClient, csrf: str) -> tuple[str, dict[str, str]]:
    """The address of the next submission and what its forms send along."""
    address = client.post("/next", data={"csrf": csrf}).headers["location"]
    return address, {"csrf": csrf, "seen": seen(client, address)}


def seen(client: TestClient, address: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', client.get(address).text)
    assert found
    return found[1]


# ── who may come in ──────────────────────────────────────────────────────────────────────────

PAGES = ("/", "/desk/1", "/numbers", "/picture/1/1/1", "/picture/1/1/1/amount", "/original/1")


@pytest.mark.parametrize("page", PAGES)
def test_without_a_session_nothing_is_shown(client: TestClient, page: str) -> None:
    answer = client.get(page)

    assert answer.status_code == 403
    assert "2025-0000" not in answer.text


def test_a_link_works_once(client: TestClient, desk: Desk) -> None:
    token = invite(desk)
    form = {"token": token, "reviewer": "김"}

    assert client.get(f"/enter?token={token}").status_code == 200
    assert client.post("/enter", data=form).status_code == 303
    assert client.post("/enter", data=form).status_code == 403
    assert client.get(f"/enter?token={token}").status_code == 403
    assert client.get("/enter?token=guess").status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: TestClient, desk: Desk
) -> None:
    answer = client.post("/enter", data={"token": invite(desk), "reviewer": "김"})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    stored = (desk.folder / "desk.db").read_bytes()
    assert cookie.split("=")[1].split(";")[0].encode() not in stored.lower()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:9", ""])
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/enter?token=x", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://{HOST}", None])
def test_a_form_of_another_site_is_refused(
    client: TestClient, desk: Desk, origin: str | None
) -> None:
    csrf = come_in(client, desk)
    headers = {} if origin is None else {"origin": origin}
    del client.headers["origin"]

    assert client.post("/next", data={"csrf": csrf}, headers=headers).status_code == 403


@pytest.mark.parametrize("token", [None, "", "guess", "ä"])
def test_a_form_without_its_token_is_refused(
    client: TestClient, desk: Desk, token: str | None
) -> None:
    come_in(client, desk)
    form = {} if token is None else {"csrf": token}

    answer = client.post("/next", data=form or {"x": "1"})

    assert answer.status_code == 403
    assert not [row for row in desk.rows() if row.claimed_by]


def test_a_large_body_is_refused(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)

    assert client.post("/next", data={"csrf": csrf, "x": "y" * 70_000}).status_code == 413


@pytest.mark.parametrize("page", ["/", "/numbers", "/enter?token=x", "/picture/1/1/1", "/nowhere"])
def test_every_answer_has_the_headers(client: TestClient, desk: Desk, page: str) -> None:
    come_in(client, desk)

    answer = client.get(page)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "cache-control" in answer.headers


def test_leaving_ends_the_session(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    cookies = dict(client.cookies)

    client.post("/leave", data={"csrf": csrf})

    client.cookies.update(cookies)
    assert client.get("/").status_code == 403


def test_a_session_outlives_the_server(client: TestClient, desk: Desk) -> None:
    come_in(client, desk)

    with TestClient(app(desk), base_url=BASE, cookies=dict(client.cookies)) as again:
        assert again.get("/").status_code == 200


# ── what leaves the server ───────────────────────────────────────────────────────────────────


def test_pictures_are_images_whatever_they_are(client: TestClient, desk: Desk) -> None:
    come_in(client, desk)

    for address in ("/picture/1/1/1", "/picture/1/1/1/amount"):
        answer = client.get(address)
        assert answer.headers["content-type"] == "image/jpeg"
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.format == "JPEG"
            assert not image.getexif()


@pytest.mark.parametrize(
    "address",
    [
        "/picture/1/1/1/..%2f..%2fdesk.db",
        "/picture/1/1/1/%2e%2e/%2e%2e/desk.db",
        "/picture/1/1/../../desk.db",
        "/picture/1/1/1/phone",
        "/picture/1/9/1",
        "/picture/99/1/1",
        "/static/..%2fdesk.db",
        "/static/sheet.html",
        "/pictures/x.jpg",
    ],
)
def test_no_path_of_a_request_reaches_the_files(
    client: TestClient, desk: Desk, address: str
) -> None:
    come_in(client, desk)

    assert client.get(address).status_code == 404


def test_what_a_receipt_prints_is_escaped(tmp_path: Path) -> None:
    with (
        desks.scripted(tmp_path) as desk,
        TestClient(app(desk), base_url=BASE, follow_redirects=False) as client,
    ):
        client.headers["origin"] = BASE
        csrf = come_in(client, desk, "<script>window.hit=1</script>")
        address, _ = take(client, csrf)

        for page in (address, "/", "/numbers"):
            text = client.get(page).text
            assert "<script>window" not in text
            assert 'onerror="window' not in text


def put_original(desk: Desk, number: int) -> bytes:
    """Hands in a real photo for a submission, with EXIF."""
    image = Image.fromarray(np.full((300, 200, 3), 200, np.uint8))
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    data = io.BytesIO()
    image.save(data, "JPEG", exif=exif)
    row = desk.row(number)
    assert row is not None
    (Path(desk.facts().uploads) / row.file).write_bytes(data.getvalue())
    sha256 = hashlib.sha256(data.getvalue()).hexdigest()
    findings = desks.with_file(desks.placed(), number)
    facts = findings.photo.model_copy(update={"sha256": sha256, "file": row.file})
    screening = desks.judged(findings.model_copy(update={"photo": facts}), row.submission)
    desk.add(Dossier.of(screening), desks.campaign_of(), desk.facts())
    return data.getvalue()


def test_an_original_needs_a_reason_which_is_recorded(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    put_original(desk, 1)

    assert client.post("/desk/1/original", data={"csrf": csrf, "reason": ""}).status_code == 409
    opened = client.post("/desk/1/original", data={"csrf": csrf, "reason": "금액이 가려짐"})
    address = opened.headers["location"]
    answer = client.get(f"{address}/image")

    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert b"secret camera" not in answer.content
    decoded = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape == (300, 200, 3)
    (event,) = [event for event in desk.events() if event.kind is EventKind.ORIGINAL]
    assert event.detail is not None
    assert (event.reviewer, event.detail["reason"]) == ("김", "금액이 가려짐")


def test_nobody_sees_an_original_that_another_asked_for(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    put_original(desk, 1)
    address = client.post("/desk/1/original", data={"csrf": csrf, "reason": "확인"}).headers[
        "location"
    ]
    come_in(client, desk, "이")

    assert client.get(address).status_code == 403
    assert client.get(f"{address}/image").status_code == 404


def test_an_original_that_changed_is_not_shown(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    data = put_original(desk, 1)
    row = desk.row(1)
    assert row is not None
    (Path(desk.facts().uploads) / row.file).write_bytes(data + b"x")

    address = client.post("/desk/1/original", data={"csrf": csrf, "reason": "확인"}).headers[
        "location"
    ]

    assert client.get(f"{address}/image").status_code == 404


# ── steps ────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_leads_to_the_next_submission(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    address, form = take(client, csrf)

    answer = client.post(f"{address}/decide", data={**form, "decision": "approved"})

    assert answer.status_code == 303
    assert answer.headers["location"] != address


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("amount", "150,000원", 303),
        ("amount", "many", 409),
        ("amount", "", 303),
        ("date", "2025. 1. 21.", 303),
        ("date", "2025-02-30", 409),
        ("time", "9:05", 303),
        ("time", "25:00", 409),
        ("business_number", "120-88-00767", 303),
        ("business_number", "1", 409),
        ("approval_number", "00652379", 303),
        ("approval_number", "?", 409),
        ("merchant", "가" * 101, 409),
        ("card", "1234", 409),
    ],
)
def test_an_edit_takes_what_can_be_a_value(
    client: TestClient, desk: Desk, field: str, value: str, status: int
) -> None:
    csrf = come_in(client, desk)
    address, form = take(client, csrf)

    answer = client.post(f"{address}/edit", data={**form, "field": field, "value": value})

    assert answer.status_code == status
    edits = [event for event in desk.events() if event.kind is EventKind.EDITED]
    assert len(edits) == (status == 303)


def test_a_pair_that_is_no_duplicate_is_remembered_until_it_is_taken_back(
    client: TestClient, desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str, str]] = []
    monkeypatch.setattr(
        registry, "mark_distinct", lambda one, other, campaign: said.append(("+", one, other))
    )
    monkeypatch.setattr(
        registry, "unmark_distinct", lambda one, other, campaign: said.append(("-", one, other))
    )
    csrf = come_in(client, desk)
    address, form = take(client, csrf)
    assert "2025-000000" in client.get(address).text

    client.post(f"{address}/distinct", data={**form, "other": "2025-000000"})
    apart = client.get(address).text
    client.post("/undo", data={"csrf": csrf})

    pair = ("2025-000003", "2025-000000")
    assert said == [("+", *pair), ("-", *pair)]
    assert "↔ 2025-000000" not in apart
    assert "↔ 2025-000000" in client.get(address).text
    strange = client.post(
        f"{address}/distinct", data={"csrf": csrf, "seen": "0", "other": "2025-000001"}
    )
    assert strange.status_code == 409


def test_a_pair_told_apart_is_no_group_in_a_report_written_anew(
    client: TestClient, desk: Desk
) -> None:
    before = write_report(desk, "ko")[0].read_text(encoding="utf-8")
    csrf = come_in(client, desk)
    address, form = take(client, csrf)

    client.post(f"{address}/distinct", data={**form, "other": "2025-000000"})
    after = write_report(desk, "ko")[0].read_text(encoding="utf-8")

    assert "묶음 1: 2025-000000 외 1건" in before
    assert "묶음 1: 2025-000000" not in after


def test_a_claim_is_renewed_by_its_holder_only(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    address, _ = take(client, csrf)
    headers = {"x-csrf-token": csrf}

    assert client.post(f"{address}/renew", headers=headers).status_code == 204
    csrf = come_in(client, desk, "이")
    assert client.post(f"{address}/renew", headers={"x-csrf-token": csrf}).status_code == 409


# ── numbers and exports ──────────────────────────────────────────────────────────────────────


def decide_all(client: TestClient, csrf: str, decision: str, **form: str) -> int:
    done = 0
    while (address := client.post("/next", data={"csrf": csrf}).headers["location"]) != "/":
        data = {"csrf": csrf, "seen": seen(client, address), "decision": decision, **form}
        assert client.post(f"{address}/decide", data=data).status_code == 303
        done += 1
    return done


def export(client: TestClient, csrf: str, what: str) -> list[dict[str, str]]:
    form = {"csrf": csrf, "what": what, "reason": "추첨"}
    answer = client.post("/export", data=form)
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_exports_hold_every_decision_and_the_entries(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk, "=1+1")
    done = decide_all(client, csrf, "approved", note="=HYPERLINK(1)")

    rows = export(client, csrf, "decisions")
    entries = export(client, csrf, "eligible")

    assert len(rows) == 10
    decided = [row for row in rows if row["decision"] == "approved"]
    assert len(decided) == done
    assert {row["reviewer"] for row in decided} == {"'=1+1"}
    assert {row["note"] for row in decided} == {"'=HYPERLINK(1)"}
    assert {row["basis"] for row in entries} <= {"person", "proposal"}
    assert len(entries) == 10
    assert client.post("/export", data={"csrf": csrf, "what": "record"}).status_code == 409
    reasons = [event for event in desk.events() if event.kind is EventKind.EXPORTED]
    assert len(reasons) == 2


def test_the_record_leaves_whole(client: TestClient, desk: Desk) -> None:
    csrf = come_in(client, desk)
    decide_all(client, csrf, "rejected", reason="duplicate")

    answer = client.post("/export", data={"csrf": csrf, "what": "record", "reason": "감사"})

    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert all(later["previous"] == line["hash"] for line, later in pairwise(lines))


def test_the_numbers_say_what_the_machine_misses(tmp_path: Path) -> None:
    with (
        desks.fill(tmp_path, 5, audit=1.0, draw=1) as desk,
        TestClient(app(desk), base_url=BASE, follow_redirects=False) as client,
    ):
        client.headers["origin"] = BASE
        csrf = come_in(client, desk)
        decide_all(client, csrf, "rejected", reason="other")

        text = client.get("/numbers").text

    assert "1건 가운데 1건 반려" in text
    assert "연결이 온전합니다" in text
    assert "최소 금액" in text


def test_corrections_can_be_judged_by_the_rules_of_a_campaign_that_was_extended(
    desk: Desk, registry: Registry
) -> None:
    longer = desks.campaign_of().source.replace(b"2025-02-28", b"2025-06-30")
    room = open_room(desk, registry, "ko", Campaign.parse(longer, file="longer.toml"))
    pages = make_app(room, frozenset({HOST}))
    with TestClient(pages, base_url=BASE, follow_redirects=False) as client:
        client.headers["origin"] = BASE
        address, form = take(client, come_in(client, desk))
        client.post(f"{address}/edit", data={**form, "field": "date", "value": "2025-05-01"})

    number = int(address.rpartition("/")[2])
    dossier = desk.dossier(number)
    assert dossier
    assert dossier.screening
    assert dossier.screening.round == "1"
    assert dossier.screening.campaign.sha256 == room.campaign.facts.sha256
    (edited,) = (event for event in desk.events() if event.kind is EventKind.EDITED)
    assert (edited.detail or {})["campaign"] == room.campaign.facts.sha256


def test_the_rules_of_another_campaign_are_refused(desk: Desk, registry: Registry) -> None:
    other = desks.campaign_of().source.replace(b'"test"', b'"other"')

    with pytest.raises(UsageError) as raised:
        open_room(desk, registry, "ko", Campaign.parse(other, file="other.toml"))
    assert raised.value.key == "desk.other_campaign"


# ── what is shown without the machine's view ─────────────────────────────────────────────────


def blind_desk(folder: Path) -> Desk:
    """A desk on which one likely pass and one doubtful submission are shown blind."""
    desk = desks.fill(folder, 2, audit=1.0, draw=1)
    with desk.database.writing("submissions") as connection:
        connection.execute(update(SUBMISSIONS).values(blind=1))
    return desk


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[tuple[Desk, TestClient, str]]:
    with (
        blind_desk(tmp_path) as desk,
        TestClient(app(desk), base_url=BASE, follow_redirects=False) as client,
    ):
        client.headers["origin"] = BASE
        yield desk, client, come_in(client, desk)


def skeleton(html: str) -> str:
    """A page without its numbers and the picture of the one that follows."""
    return re.sub(r"\d+", "0", re.sub(r' data-next="[^"]+"', "", html))


def test_an_audited_pass_and_a_doubtful_submission_look_the_same(
    blind: tuple[Desk, TestClient, str],
) -> None:
    desk, client, csrf = blind
    verdicts, pages = [], []
    for _ in range(2):
        address, form = take(client, csrf)
        row = desk.row(int(address.rpartition("/")[2]))
        assert row
        verdicts.append(row.verdict.value)
        pages.append(skeleton(client.get(address).text))
        client.post(f"{address}/decide", data={**form, "decision": "rejected", "reason": "other"})

    assert sorted(verdicts) == ["eligible", "review"]
    assert pages[0] == pages[1]
    assert not any(name in pages[0] for name in ("적격 제안", "확인 필요", "신뢰도"))


def test_a_doubtful_one_that_is_approved_blind_is_opened_and_asked_for_again(
    blind: tuple[Desk, TestClient, str],
) -> None:
    desk, client, csrf = blind
    opened = 0
    for _ in range(2):
        address, form = take(client, csrf)
        answer = client.post(f"{address}/decide", data={**form, "decision": "approved"})
        if answer.headers["location"] == f"{address}?note=opened":
            opened += 1
            assert "확인 필요" in client.get(address).text
            again = {**form, "seen": seen(client, address), "decision": "rejected"}
            client.post(f"{address}/decide", data={**again, "reason": "below_minimum"})

    assert opened == 1
    assert {row.verdict.value: row.state for row in desk.rows()} == {
        "eligible": "approved",
        "review": "rejected",
    }
    assert "의심 접수 1건 가운데 근거를 본 뒤 1건을 반려" in client.get("/numbers").text


def test_a_pass_that_became_doubtful_by_a_correction_is_opened_too(
    blind: tuple[Desk, TestClient, str],
) -> None:
    desk, client, csrf = blind
    while True:
        address, form = take(client, csrf)
        row = desk.row(int(address.rpartition("/")[2]))
        assert row
        if row.verdict.value == "eligible":
            break
        client.post(f"{address}/decide", data={**form, "decision": "new_photo"})
    client.post(f"{address}/edit", data={**form, "field": "amount", "value": "98000"})
    assert "부적격" not in client.get(address).text
    form = {**form, "seen": seen(client, address), "decision": "approved"}
    answer = client.post(f"{address}/decide", data=form)

    assert answer.headers["location"].endswith("note=opened")
