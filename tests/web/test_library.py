"""The library: every document, list and scenario has its page, every link leads somewhere, every field is bounded."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.rest.law import Served
from api.web.links import clause_link
from engine.access.roles import Role
from engine.identity import synthetic_code
from engine.model import Rulebook
from engine.services.books import open_books
from engine.services.cases import cases_beside, shared_cases
from engine.services.looking import lists_now
from tests.ledger.desk import law
from tests.web.conftest import Enter
from tests.web.visiting import Visitor, faults, ids_of, text_of

LARGEST = 70_000  # bytes of a page; style sheets and scripts come to 240,000
EVIL = "<script>alert(1)</script>'; DROP TABLE entry; --"


def at(href: str) -> str:
    """An address in one spelling: links may leave letters as they are."""
    return quote(unquote(unescape(href)), safe="/?=&#%.-_~")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_there_and_every_link_leads_somewhere(enter: Enter, lang: str) -> None:
    """Documents, lists, scenarios and all groups of the matrix; each anchor that is linked stands on its page."""
    visitor = enter(Role.OPERATOR)
    visitor.client.cookies.set("memoranda_lang", lang)
    words = law().vocabulary
    paths = ["", "/matrix", *(f"/matrix?part={n}" for n in range(1, 6)), "/lists", "/scenarios"]
    paths += [f"/{code}" for code in law().packs] + [f"/lists/{code}" for code in words.lists]
    paths += [f"/scenarios/{code}" for code in words.scenarios] + ["/henan-credit-regulation/where"]
    ids: dict[str, set[str]] = {}
    links: set[str] = {clause_link(measure.id) for measure in law().rulebook().measures}
    for path in paths:
        page = visitor.get(f"/library{path}")
        assert page.status_code == 200, path
        assert len(page.content) < LARGEST, path
        found = [unescape(one) for one in re.findall(r'\sid="([^"]*)"', page.text)]
        assert len(found) == len(set(found)), path
        ids[f"/library{path}".partition("?")[0]] = set(found)
        hrefs = re.findall(r'href="([^"]+)"', page.text)
        own = at(f"/library{path}").partition("?")[0]
        links |= {at(href if href.startswith("/") else own + href) for href in hrefs if href.startswith(("/", "#"))}
    followed = set[str]()
    for link in links:
        parts = urlsplit(link)
        if parts.path in ids:
            assert not parts.fragment or unquote(parts.fragment) in ids[parts.path], link
        elif parts.path.startswith("/library") and lang == "zh":  # the same addresses in both languages
            followed.add(parts.path)
    assert {path for path in followed if visitor.get(path).status_code != 200} == set()


def test_whoever_has_a_role_may_read(enter: Enter, door: TestClient) -> None:
    """The law is no secret among those who sign in, and no purpose is asked for."""
    for role in Role:
        assert enter(role).get("/library/patents").status_code == 200
    door.cookies.clear()
    assert door.get("/library", follow_redirects=False).headers["location"] == "/sign-in?next=/library"


@pytest.mark.parametrize(
    "path", ["/no-such", "/lists/no-such", "/scenarios/no-such", "/patents/cases?clause=no", "/x/where"]
)
def test_what_is_not_there_is_said_to_be_missing(enter: Enter, path: str) -> None:
    """A page of its own, with a way on."""
    page = enter(Role.AUTHOR).get(f"/library{path}")
    assert page.status_code == 404
    assert "现行规则库中没有" in text_of(page)


def test_a_text_is_searched_in_titles_numbers_clauses_and_lists(enter: Enter) -> None:
    """All words must be there, in either language and any width of letters; filters leave only documents' clauses."""
    visitor = enter(Role.AUDITOR)

    def kinds(q: str, **more: str) -> list[tuple[str, str]]:
        page = visitor.get("/library", params={"q": q, **more})
        assert page.status_code == 200
        return re.findall(r'govuk-tag--grey">([^<]+)</strong> <a class="govuk-link" href="([^"]+)', page.text)

    assert ("文件", "/library/accounting") in kinds("１７７７号")
    assert ("名单", "/library/lists/judgment-defaulters") in kinds("失信被执行人")
    assert ("场景", "/library/scenarios/procurement") in kinds("Government PROCUREMENT")
    found = kinds("财政资金 河南", form="local-regulation", place="410000")
    assert found
    assert {href.partition("#")[0] for _, href in found} == {"/library/henan-credit-regulation"}
    assert {kind for kind, _ in found} <= {"文件", "条款"}
    assert kinds("没有这样的词") == []
    assert "没有找到" in text_of(visitor.get("/library?q=没有这样的词"))


def test_documents_are_filtered_and_paged(enter: Enter) -> None:
    """By kind and by place; a page that is not there is the nearest one."""
    visitor = enter(Role.AUDITOR)
    titles = [
        title
        for number in ("1", "2", "3")
        for title in re.findall(r'href="/library/([a-z0-9-]+)">', visitor.get(f"/library?page={number}").text)
        if title in law().packs
    ]
    assert sorted(titles) == sorted(law().packs)
    assert "第 3 页，共 3 页" in text_of(visitor.get("/library?page=99999"))
    assert visitor.get("/library?page=-1e9").status_code == 200
    assert "1 份文件" in text_of(visitor.get("/library?form=local-regulation&place=410000"))


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("", {"q": "长" * 201}),
        ("", {"form": EVIL}),
        ("", {"place": "999999"}),
        ("/matrix", {"part": "99"}),
        ("/matrix", {"day": "2026-13-45"}),
        ("/patents", {"day": "0001-01-01"}),
        ("/patents", {"day": EVIL}),
        ("/lists/red-list", {"scenario": EVIL}),
        ("/scenarios/permit", {"effect": "x", "list": "y"}),
    ],
)
def test_each_fault_is_said_beside_its_field(enter: Enter, path: str, fields: Mapping[str, str]) -> None:
    """And what was typed is kept, harmless."""
    page = enter(Role.AUTHOR).get(f"/library{path}", params=fields)
    assert page.status_code == 422
    assert set(faults(page)) == set(fields)
    assert "<script>alert" not in page.text


def test_hostile_texts_are_only_texts(enter: Enter) -> None:
    """In the search and where nothing is expected."""
    visitor = enter(Role.AUTHOR)
    for query in ({"q": EVIL}, {"q": "=cmd()"}, {"q": "%_*"}, {"page": EVIL}):
        page = visitor.get("/library", params=query)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    page = visitor.get("/library/patents", params={"made_by": EVIL})
    assert page.status_code == 200
    assert "alert(1)" not in page.text


def test_what_rests_says_why(enter: Enter) -> None:
    """Drafts and measures that lapsed stand in the table with their reason; on an earlier day they had effect."""
    visitor = enter(Role.AUTHOR)
    today = text_of(visitor.get("/library/patents"))
    assert "缺少足够的法律依据" in today
    assert "草稿" in text_of(visitor.get("/library/accounting"))
    before = visitor.get("/library/patents?day=2019-06-01")
    assert before.text.count('<tr id="') > before.text.count('class="rest"')
    assert "以下按 2019-06-01 说明，不是今天" in text_of(before)
    assert "/library/scenarios/" in before.text.partition('id="where"')[2]
    assert "?day=2019-06-01" in before.text


def test_a_reader_who_comes_from_an_older_decision_is_told(enter: Enter) -> None:
    """Only if the rulebook is another one."""
    visitor = enter(Role.AUDITOR)
    revision = law().revision
    assert "0123456789ab" in text_of(visitor.get("/library/patents?made_by=0123456789ab"))
    assert "您来自的决定" not in text_of(visitor.get(f"/library/patents?made_by={revision[:12]}"))


def test_cases_are_those_of_the_files(enter: Enter) -> None:
    """All of them over the pages, and by clause those that it decides."""
    visitor, words = enter(Role.AUTHOR), law().vocabulary
    own = cases_beside(law().packs["henan-credit-regulation"], words) or ()
    texts = [visitor.get(f"/library/henan-credit-regulation/cases?page={number}").text for number in range(1, 6)]
    cell = r'<tr class="govuk-table__row"><td class="govuk-table__cell">(?:<span lang="[^"]+">)?([^<]+)'
    assert {case.name for case in own} <= {unescape(name) for text in texts for name in re.findall(cell, text)}
    measure = next(case.because[0] for case in own if case.because)
    clause = measure.partition("#")[2]
    page = visitor.get("/library/henan-credit-regulation/cases", params={"clause": clause})
    deciding = [case for case in (*own, *shared_cases((), words)) if measure in (case.because or ())]
    assert page.text.count("verdict-word") == len(deciding) > 0


def test_a_list_says_how_fresh_it_is(enter: Enter) -> None:
    """The same as the registry: data time, entries, whether it may be relied on."""
    visitor = enter(Role.REGISTRAR)
    books = open_books()
    try:
        _, now, lines = lists_now(books, law().vocabulary)
    finally:
        books.registry.close()
    line = next(one for one in lines if one.record.code == "judgment-defaulters")
    said = text_of(visitor.get("/library/lists/judgment-defaulters"))
    assert f"记录数 {line.entries:,}" in said
    assert ("可依凭 " in said) == line.known(now)
    assert "最高人民法院" in said
    assert "异议与修复" in said
    assert "红名单不涉及修复" in text_of(visitor.get("/library/lists/red-list"))


def test_a_scenario_shows_measures_by_effect(enter: Enter) -> None:
    """An effect or a list chosen leaves only its measures; history comes only if asked."""
    visitor = enter(Role.AUTHOR)
    page = visitor.get("/library/scenarios/permit?effect=bar&list=judgment-defaulters")
    marks = set(re.findall(r'<th scope="row"[^>]*><strong class="effect e-([a-z_]+)"', page.text))
    assert marks == {"bar"}
    rested = visitor.get("/library/scenarios/permit?list=none&rest=yes")
    assert rested.status_code == 200
    assert 'class="govuk-table__row rest"' not in visitor.get("/library/scenarios/permit").text


def test_reasons_lead_to_their_clauses(enter: Enter) -> None:
    """From an answer to the row of the document, for the restrictions and for benefits."""
    visitor = enter(Role.INQUIRER)
    linked = _restricted(visitor)
    path, _, fragment = linked.partition("#")
    assert unquote(fragment) in ids_of(visitor.get(path))


def test_a_clause_that_is_not_served_is_not_linked() -> None:
    """A decision may be older than the rulebook; if it has the clause still, the page is told where one comes from."""
    served = Served(law(), law().rulebook()).rulebook
    measure = next(served.measures)
    assert clause_link(measure.id, served) == clause_link(measure.id)
    assert clause_link(measure.id, Rulebook(served.vocabulary, {}, "0" * 64)) == ""
    assert clause_link(f"{measure.pack}#no-such", served) == ""
    older = clause_link(measure.id, replace(served, revision="f" * 64), served.revision)
    assert f"?made_by={served.revision[:12]}#" in older


def _restricted(visitor: Visitor) -> str:
    """Asks until somebody is restricted; the first link of the reasons."""
    for number in range(1, 60):
        page = visitor.post("/counter", {"who": synthetic_code(number), "scenario": "procurement"})
        found = re.search(r'<ol class="reasons">.*?href="(/library/[^"]+)"', page.text, re.DOTALL)
        if found:
            return unescape(found[1])
    raise AssertionError("nobody of the sample is restricted")
