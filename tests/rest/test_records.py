"""Receipts, notices, replays and determinations over HTTP."""

import json
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from api.notice import pdf
from engine.access.roles import Role
from engine.errors import Missing
from engine.identity import synthetic_code
from engine.services.books import open_ledger
from engine.services.determining import erase
from tests.rest.asking import CLEAN, PURPOSE, REVIEW, decided, question, sequenced
from tests.rest.conftest import KeyFor

VERIFIER = Path(__file__).resolve().parents[2] / "verify_receipt.py"
SAID = {"answer": "eligible", "reasons": "同名异主体", "document": "测认〔2026〕1号"}


def test_a_receipt_convinces_the_verifier(client: httpx2.Client, key_for: KeyFor, tmp_path: Path) -> None:
    """The bytes are a receipt as a file has it, under the keys of the other route; its tag saves a second copy."""
    mine = key_for(Role.INQUIRER)
    one = decided(client, mine, case="采2026-1号")
    answer = sequenced(client, one["receipt"], mine | PURPOSE)
    assert answer.status_code == 200
    assert "no-cache" in answer.headers["cache-control"]
    assert json.loads(answer.content)["core"] == one["decision"]
    receipt, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    receipt.write_bytes(answer.content)
    keys.write_text(json.dumps(client.get("/v1/ledger/keys", headers=mine).json()["keys"]))
    checked = subprocess.run(
        [sys.executable, VERIFIER, receipt, "--key", keys], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    again = client.get(one["receipt"], headers=mine | PURPOSE | {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_closed_receipt_names_nobody(client: httpx2.Client, key_for: KeyFor) -> None:
    """It proves the decision all the same."""
    mine = key_for(Role.INQUIRER)
    one = decided(client, mine)
    closed = sequenced(client, one["receipt"] + "?openings=false", mine | PURPOSE)
    assert json.loads(closed.content)["openings"] == []
    assert synthetic_code(CLEAN) not in closed.text


def test_every_look_is_noted_before_it_is_shown(client: httpx2.Client, key_for: KeyFor) -> None:
    """Without a purpose nothing is shown; with one it stands in the log of looks."""
    mine = key_for(Role.INQUIRER)
    one = decided(client, mine)
    for part in ("receipt", "notice.html", "notice.pdf", "replay"):
        refused = client.get(f"/v1/decisions/{one['id']}/{part}", headers=mine)
        assert (refused.status_code, refused.json()["code"]) == (422, "unprocessable")
    with client.app.state.desk.access.reading() as connection:  # type: ignore[attr-defined]
        rows = connection.exec_driver_sql('SELECT COUNT(*) FROM "read"').scalar_one()
        assert rows == 0
    assert client.get(f"/v1/decisions/{one['id']}/replay", headers=mine | PURPOSE).status_code == 200
    with client.app.state.desk.access.reading() as connection:  # type: ignore[attr-defined]
        rows = connection.exec_driver_sql('SELECT purpose, decision, subject FROM "read"').all()
    named = {value["subject"] for value in one["names"].values() if "subject" in value}
    assert {tuple(row) for row in rows} == {("审计", one["id"], subject) for subject in named}


def test_a_key_sees_only_what_it_reaches(client: httpx2.Client, key_for: KeyFor) -> None:
    """Another scenario or place is forbidden for every part of a decision."""
    one = decided(client, key_for(Role.INQUIRER))
    strangers = (
        key_for(Role.AUDITOR, scenarios=("financing",)),
        key_for(Role.AUDITOR, places=("110000",)),
        key_for(Role.OPERATOR),
    )
    for headers in strangers:
        for part in ("", "/receipt", "/notice.html", "/notice.pdf", "/replay"):
            answer = client.get(f"/v1/decisions/{one['id']}{part}", headers=headers | PURPOSE)
            assert answer.status_code == 403, part
    for part in ("", "/receipt", "/notice.html", "/notice.pdf", "/replay"):
        nobody = client.get(f"/v1/decisions/{'0' * 36}{part}", headers=key_for(Role.AUDITOR) | PURPOSE)
        assert nobody.status_code == 404, part


def test_a_notice_as_a_page(client: httpx2.Client, key_for: KeyFor) -> None:
    """In the language that is asked for, with whom it concerns or without."""
    mine = key_for(Role.INQUIRER)
    one = decided(client, mine)
    path = f"/v1/decisions/{one['id']}/notice.html"
    page = sequenced(client, path, mine | PURPOSE)
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-language"] == "zh"
    assert synthetic_code(CLEAN) in page.text
    assert "style-src 'unsafe-inline'" in page.headers["content-security-policy"]
    english = client.get(path, headers=mine | PURPOSE | {"Accept-Language": "en"})
    assert '<html lang="en' in english.text
    assert synthetic_code(CLEAN) not in client.get(path + "?openings=false", headers=mine | PURPOSE).text


def test_a_notice_to_print(client: httpx2.Client, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF; where the library that sets it is missing, 503 and how to mend that."""
    mine = key_for(Role.INQUIRER)
    one = decided(client, mine)
    sequenced(client, one["receipt"], mine | PURPOSE)
    try:
        pdf._weasyprint()
    except Missing:
        pytest.skip("no Pango here")
    printed = client.get(one["notice"], headers=mine | PURPOSE)
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")

    def gone() -> None:
        raise Missing("缺少 Pango", "Pango is missing", "安装", "install it")

    monkeypatch.setattr(pdf, "_weasyprint", gone)
    refused = client.get(one["notice"], headers=mine | PURPOSE | {"Accept-Language": "en"})
    assert (refused.status_code, refused.json()["detail"]) == (503, "Pango is missing")
    assert refused.headers["retry-after"] == "5"


def test_a_replay_says_the_same_or_that_it_was_erased(client: httpx2.Client, key_for: KeyFor) -> None:
    """The same core; after its party was erased nobody can tell."""
    mine = key_for(Role.INQUIRER, Role.AUDITOR)
    one = decided(client, mine, REVIEW)
    path = f"/v1/decisions/{one['id']}/replay"
    said = client.get(path, headers=mine | PURPOSE).json()
    assert said == {"id": one["id"], "outcome": "same", "differs": [], "then": "review", "now": "review"}
    erase(synthetic_code(REVIEW), "依申请", "测试员")
    erased = client.get(path, headers=mine | PURPOSE).json()
    assert (erased["outcome"], erased["now"]) == ("erased", None)
    gone = client.get(f"/v1/decisions/{one['id']}?include=words", headers=mine | PURPOSE)
    assert (gone.status_code, gone.json()["code"]) == (410, "erased")


def test_a_replay_points_to_what_differs(client: httpx2.Client, key_for: KeyFor) -> None:
    """A record that was altered replays otherwise, and where is said."""
    mine = key_for(Role.AUDITOR, Role.INQUIRER)
    one = decided(client, mine)
    store = open_ledger().store
    with store.writing() as connection:
        altered = connection.exec_driver_sql(
            'UPDATE leaf SET core = replace(core, \'"verdict":"\', \'"verdict":"in\') WHERE id = ?', (one["id"],)
        )
        assert altered.rowcount == 1
    store.close()
    said = client.get(f"/v1/decisions/{one['id']}/replay", headers=mine | PURPOSE).json()
    assert said["outcome"] == "different"
    assert "/verdict" in said["differs"]


def test_an_officer_determines_once(client: httpx2.Client, key_for: KeyFor) -> None:
    """The same key and body are one determination; another needs to name it; the receipt has both apart."""
    asks, officer = key_for(Role.INQUIRER), key_for(Role.REVIEWER)
    one = decided(client, asks, REVIEW)
    path = f"/v1/decisions/{one['id']}/determinations"
    once = officer | {"Idempotency-Key": "认定-1".encode().hex()}
    first, again = (client.post(path, json=SAID, headers=once) for _ in range(2))
    assert first.status_code == 201
    assert first.content == again.content
    assert first.json()["decision"] == one["id"]
    other = client.post(path, json={**SAID, "answer": "ineligible"}, headers=once)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    second = client.post(path, json=SAID, headers=officer)
    assert (second.status_code, second.json()["errors"][0]["code"]) == (422, "R712")
    made = client.post(path, json={**SAID, "supersedes": first.json()["id"]}, headers=officer)
    assert made.status_code == 201
    for _ in range(100):
        receipt = json.loads(sequenced(client, one["receipt"], asks | PURPOSE).content)
        if len(receipt["determinations"]) == 2:
            break
    assert [each["core"]["of"] for each in receipt["determinations"]] == [one["id"]] * 2
    assert receipt["core"] == one["decision"]
    assert {"name": "tests"} in [each["value"] for each in receipt["determinations"][0]["openings"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**SAID, "answer": "review"}, "/answer"),
        ({**SAID, "reasons": 7 * "理由" * 1000}, "/reasons"),
        ({**SAID, "officer": "someone"}, ""),
        ({"answer": "eligible", "reasons": "x"}, "/document"),
        ([], ""),
    ],
)
def test_a_determination_at_fault(client: httpx2.Client, key_for: KeyFor, body: object, pointer: str) -> None:
    """It is refused with a pointer, and nothing is recorded."""
    one = decided(client, key_for(Role.INQUIRER), REVIEW)
    refused = client.post(f"/v1/decisions/{one['id']}/determinations", json=body, headers=key_for(Role.REVIEWER))
    assert refused.status_code == 422
    assert pointer in [fault["pointer"] for fault in refused.json()["errors"]]
    reviews = client.get("/v1/reviews", headers=key_for(Role.REVIEWER)).json()["reviews"]
    assert [each["id"] for each in reviews] == [one["id"]]


def test_only_a_review_is_determined_and_only_by_who_may(client: httpx2.Client, key_for: KeyFor) -> None:
    """What the machine decided stands; an inquirer or an officer of another place determines nothing."""
    asks = key_for(Role.INQUIRER)
    settled = next(one for n in range(30) if (one := decided(client, asks, n))["verdict"] != "review")
    path = f"/v1/decisions/{settled['id']}/determinations"
    refused = client.post(path, json=SAID, headers=key_for(Role.REVIEWER))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "R711")
    assert client.post(path, json=SAID, headers=asks).status_code == 403
    assert client.post(path, json=SAID, headers=key_for(Role.REVIEWER, places=("110000",))).status_code == 403
    assert client.post(path, content=b"{}", headers=key_for(Role.REVIEWER)).status_code == 415


def test_the_same_question_twice_is_one_decision(client: httpx2.Client, key_for: KeyFor) -> None:
    """With a key, and another body under it is refused."""
    mine = key_for(Role.INQUIRER) | {"Idempotency-Key": "k"}
    first, again = (client.post("/v1/decisions", json=question(), headers=mine) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert client.post("/v1/decisions", json=question(2), headers=mine).json()["code"] == "key-reused"
