"""What waits for a person and what they determine: looked over, recorded once, and never chosen for them."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import httpx2
import pytest

from engine.access.roles import Role
from engine.identity import synthetic_code
from engine.ledger.envelope import read_json
from engine.ledger.receipt import determinations_of, openings_of
from engine.registry.store import Store, ask
from engine.services.books import open_access, open_ledger
from engine.services.determining import Determined, determine
from tests.web.conftest import Enter
from tests.web.visiting import Visitor, faults, text_of

WAITS = 60
SAID = {"answer": "eligible", "reasons": "已核对营业执照", "document": "测认〔2026〕1号"}
RECORD = {**SAID, "step": "record"}
CITIZEN = "11010519491231002X"


def waiting(visitor: Visitor, place: str = "420881") -> str:
    """A decision left to a person."""
    asked = visitor.post("/counter", {"who": synthetic_code(WAITS), "scenario": "procurement", "place": place})
    return asked.url.path.removeprefix("/counter/")


def listed(page: httpx2.Response) -> list[str]:
    """The decisions on the page of what waits."""
    return re.findall(r'<a class="govuk-link" href="/(?:reviews|decisions)/([0-9a-f-]{36})"', page.text)


def recorded(decision: str) -> list[dict[str, Any]]:
    """What persons determined on it: the answer, with what is opened of who and why."""
    store: Store = open_ledger().store
    with store.reading() as connection:
        rows = determinations_of(connection, decision)
        opened = [{one.handle: one.value for one in openings_of(connection, row.id)} for row in rows]
    store.close()
    return [{"id": row.id, **read_json(row.core), **more} for row, more in zip(rows, opened, strict=True)]


def test_an_officer_determines(enter: Enter) -> None:
    """What to look at, then what they say, then once more before it is recorded; then it waits no longer."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision = waiting(visitor)
    assert listed(visitor.get("/reviews")) == [decision]
    page = visitor.get(f"/reviews/{decision}")
    said = text_of(page)
    assert "未及时更新、不能依凭的名单" in said
    assert "状态 有争议" in said
    assert " checked" not in page.text, "nothing is chosen beforehand"
    checked = visitor.post(f"/reviews/{decision}", SAID)
    assert "记录后不能修改或删除" in text_of(checked)
    assert recorded(decision) == []
    done = visitor.post(f"/reviews/{decision}", RECORD, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"/decisions/{decision}")
    (one,) = recorded(decision)
    assert (one["answer"], one["supersedes"], one["officer"]) == ("eligible", "", {"name": "测试员"})
    assert one["grounds"] == {"reasons": "已核对营业执照", "document": "测认〔2026〕1号"}
    assert listed(visitor.get("/reviews")) == []
    assert "没有待审查的决定" in text_of(visitor.get("/reviews"))


@pytest.mark.parametrize(
    ("said", "field", "fault"),
    [
        ({"answer": None}, "answer", "请选择认定结论"),
        ({"answer": "review"}, "answer", "请选择一项"),
        ({"reasons": " \n "}, "reasons", "请写明理由"),
        ({"reasons": "长" * 2_001}, "reasons", "过长"),
        ({"reasons": f"核对过{CITIZEN}的执照"}, "reasons", "公民身份号码"),
        ({"reasons": "\u202e倒着写"}, "reasons", "不能显示"),
        ({"document": None}, "document", "请填写文书号"),
        ({"document": CITIZEN}, "document", "公民身份号码"),
    ],
)
def test_a_fault_is_said_beside_its_field(enter: Enter, said: dict[str, Any], field: str, fault: str) -> None:
    """At the look and at the record alike; the rest stands as it was typed, and nothing is recorded."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision = waiting(visitor)
    for step in ("", "record"):
        page = visitor.post(f"/reviews/{decision}", {**SAID, **said, "step": step})
        assert page.status_code == 422
        assert fault in faults(page)[field]
        assert list(faults(page)) == [field]
        kept = {**SAID, **said}
        assert all(kept[name] in page.text for name in ("reasons", "document") if kept[name] and name != field)
        assert page.text.count(" checked") == (kept["answer"] == "eligible")
    assert recorded(decision) == []


def test_hostile_words_are_only_words(enter: Enter) -> None:
    """They come back as they were typed, and do nothing."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision, said = waiting(visitor), "<script>alert(1)</script>'; DROP TABLE leaf; --"
    page = visitor.post(f"/reviews/{decision}", {**SAID, "reasons": said})
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    visitor.post(f"/reviews/{decision}", {**RECORD, "reasons": said}, follow_redirects=False)
    assert recorded(decision)[0]["grounds"]["reasons"] == said
    assert "<script>alert" not in visitor.get(f"/reviews/{decision}").text


def test_what_was_typed_comes_back_letter_by_letter(enter: Enter) -> None:
    """Lines, and characters so rare that a page shows their code point beside them: fields hold what was typed."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision, said = waiting(visitor), "第一行\n“𠮷”字号 & <执照>"
    for answer in ({"document": ""}, {"step": "change"}):
        page = visitor.post(f"/reviews/{decision}", {**SAID, "reasons": said, **answer})
        (field,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
        assert unescape(field) == said
    checked = visitor.post(f"/reviews/{decision}", {**SAID, "reasons": said})
    (hidden,) = re.findall(r'name="reasons" value="([^"]*)"', checked.text)
    assert unescape(hidden) == said
    visitor.post(f"/reviews/{decision}", {**RECORD, "reasons": said}, follow_redirects=False)
    assert recorded(decision)[0]["grounds"]["reasons"] == said.replace("\n", " ")


def test_changing_ones_mind_loses_nothing(enter: Enter) -> None:
    """Back from the last look to the form, as it was."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision = waiting(visitor)
    page = visitor.post(f"/reviews/{decision}", {**SAID, "step": "change"})
    assert page.status_code == 200
    assert SAID["reasons"] in page.text
    assert page.text.count(" checked") == 1
    assert recorded(decision) == []


def test_a_form_sent_twice_is_one_determination(enter: Enter) -> None:
    """One after the other or at once; what the same form says otherwise is not taken for the first."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision = waiting(visitor)
    fields = {**RECORD, "_once": "0" * 32, "_proof": visitor.proof()}
    with ThreadPoolExecutor(4) as hands:
        send = lambda _: visitor.post(f"/reviews/{decision}", fields, follow_redirects=False)  # noqa: E731
        answers = [*hands.map(send, range(4)), send(0)]
    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, f"/decisions/{decision}")] * 5
    assert len(recorded(decision)) == 1
    other = visitor.post(f"/reviews/{decision}", {**fields, "answer": "ineligible"})
    assert list(faults(other)) == ["supersedes"]
    assert len(recorded(decision)) == 1


def test_one_takes_the_place_of_another_only_if_it_says_so(enter: Enter) -> None:
    """What there is is shown; somebody who did not see the newest is shown it first, and keeps what they typed."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision = waiting(visitor)
    first = determine(Determined(decision, "ineligible", "另一人", "先前的理由", "测认0号"))
    page = visitor.post(f"/reviews/{decision}", RECORD)
    assert "已有认定" in faults(page)["supersedes"]
    assert "先前的理由" in text_of(page)
    assert f'value="{first}"' in page.text
    checked = visitor.post(f"/reviews/{decision}", {**SAID, "supersedes": first})
    assert "取代" in text_of(checked)
    second = determine(Determined(decision, "conditional", "另一人", "又有理由", "测认1号", first))
    late = visitor.post(f"/reviews/{decision}", {**RECORD, "supersedes": first})
    assert "不是最近的认定" in faults(late)["supersedes"]
    assert "又有理由" in text_of(late)
    assert SAID["reasons"] in late.text
    visitor.post(f"/reviews/{decision}", {**RECORD, "supersedes": second}, follow_redirects=False)
    assert [(one["answer"], one["supersedes"]) for one in recorded(decision)] == [
        ("ineligible", ""), ("conditional", first), ("eligible", second),
    ]  # fmt: skip


def test_another_process_that_is_first_is_told_at_the_record(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """It determined after this officer's form was looked over, and before their leaf was written."""
    from api.rest import determining as module

    visitor, made = enter(Role.INQUIRER, Role.REVIEWER), module.determination
    decision = waiting(visitor)

    def late(ledger: Any, said: Determined) -> Any:
        leaf = made(ledger, said)
        determine(Determined(decision, "ineligible", "另一人", "抢先的理由", "测认0号"))
        return leaf

    monkeypatch.setattr(module, "determination", late)
    page = visitor.post(f"/reviews/{decision}", RECORD)
    assert page.status_code == 422
    assert list(faults(page)) == ["supersedes"]
    assert "抢先的理由" in text_of(page)
    assert [one["answer"] for one in recorded(decision)] == ["ineligible"]


def test_what_the_machine_decided_is_not_to_be_determined(enter: Enter) -> None:
    """It is said, and no form is shown; one sent all the same is refused."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    asked = visitor.post("/counter", {"who": synthetic_code(1), "scenario": "permit", "place": "420881"})
    path = asked.url.path.replace("/counter/", "/reviews/")
    page = visitor.get(path)
    assert "不需要人工认定" in text_of(page)
    assert 'name="answer"' not in page.text
    refused = visitor.post(path, RECORD)
    assert refused.status_code == 422
    assert "不需要人工认定" in text_of(refused)
    assert visitor.get("/reviews/0199a5f6-0000-7000-8000-000000000000").status_code == 404


def test_roles_and_limits(enter: Enter) -> None:
    """Who may read sees the list without the form; nobody reaches beyond their scenarios and places."""
    decision = waiting(enter(Role.INQUIRER))
    national = waiting(enter(Role.INQUIRER), place="")
    for role in (Role.REGISTRAR, Role.AUTHOR, Role.OPERATOR):
        assert enter(role).get("/reviews").status_code == 403
    auditor = enter(Role.AUDITOR)
    assert f'href="/decisions/{decision}"' in auditor.get("/reviews").text
    assert auditor.get(f"/reviews/{decision}").status_code == 403
    assert auditor.post(f"/reviews/{decision}", RECORD).status_code == 403
    near = enter(Role.REVIEWER, places=("420000",))
    assert listed(near.get("/reviews")) == [decision]
    assert near.get(f"/reviews/{national}").status_code == 403
    assert near.post(f"/reviews/{national}", RECORD).status_code == 403
    assert listed(enter(Role.REVIEWER, scenarios=("permit",)).get("/reviews")) == []
    assert recorded(decision) == recorded(national) == []


def test_filters_and_pages(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """By scenario, and by a place with all that lies in it; page after page, each decision once, the oldest first."""
    from api.web.ledger import reviews

    monkeypatch.setattr(reviews, "LINES", 2)
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    inside, national = [waiting(visitor) for _ in range(3)], [waiting(visitor, place="")]
    page, seen = visitor.get("/reviews"), list[str]()
    assert "共 4 项" in text_of(page)
    while True:
        seen += listed(page)
        following = re.findall(r'href="(/reviews\?[^"]*after=[^"]+)"', page.text)
        if not following:
            break
        page = visitor.get(following[0].replace("&amp;", "&"))
    assert seen == inside + national
    assert listed(visitor.get("/reviews?place=420000&scenario=procurement")) == inside[:2]
    assert listed(visitor.get("/reviews?place=national")) == national
    assert listed(visitor.get("/reviews?place=310000")) == []
    assert listed(visitor.get("/reviews?scenario=permit")) == []
    wrong = visitor.get("/reviews?scenario=x&place=%3Cscript%3E")
    assert (wrong.status_code, sorted(faults(wrong))) == (422, ["place", "scenario"])
    assert "<script>" not in wrong.text
    assert visitor.get("/reviews?after=%E4%B8%8D").status_code == 422
    assert visitor.get("/reviews?after=YWJj").status_code == 404


def test_every_look_is_noted_and_no_address_names_anybody(enter: Enter) -> None:
    """Before the form is shown, with its purpose; the list names nobody and needs none."""
    visitor = enter(Role.INQUIRER, Role.REVIEWER)
    decision = waiting(visitor)
    assert synthetic_code(WAITS) not in visitor.get("/reviews").text
    page = visitor.get(f"/reviews/{decision}")
    assert synthetic_code(WAITS) in page.text
    assert synthetic_code(WAITS) not in str(page.url) + re.findall("<title>(.*?)</title>", page.text)[0]
    access = open_access()
    with access.reading() as connection:
        looks = ask(connection, 'SELECT * FROM "read" WHERE decision = ?', (decision,))
    access.close()
    assert looks
    assert {look.subject for look in looks} == {synthetic_code(WAITS)}
