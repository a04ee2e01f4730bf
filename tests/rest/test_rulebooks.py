"""Documents and rulebooks: by page, by revision for ever; reloaded whole or refused while the old one serves."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY

from api.rest import law as served_law
from api.rest import rulebooks
from api.rest.app import create_app
from api.rest.settings import settings
from engine.access.roles import Role
from engine.errors import Fault, Missing, Place, RefusedPacks, Unavailable
from engine.identity import synthetic_code
from engine.packs.library import Library, revision_of, shipped
from engine.services.rulebooks import law_of
from tests.ledger.desk import law
from tests.rest.conftest import KeyFor

YAML = {"Content-Type": "application/yaml"}


class Shelf:
    """What the packs' folders hold, for the service to read: a library, or what is wrong with it."""

    now: Library | Exception

    def read(self, layers: object = ()) -> Library:
        """As `law_of` reads."""
        if isinstance(self.now, Exception):
            raise self.now
        return self.now


def other(note: bytes = b"# another\n") -> Library:
    """The shipped library with one file more, and so another revision."""
    files: Mapping[str, bytes] = {**law().files, "1/vocabulary/note.yaml": note}
    return replace(law(), files=files, revision=revision_of(files))


@pytest.fixture
def shelf(home: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """With the shipped library on it."""
    made = Shelf()
    made.now = law()
    monkeypatch.setattr(served_law, "law_of", made.read)
    return made


@pytest.fixture
def client(shelf: Shelf) -> Iterator[TestClient]:
    """The service, reading from the shelf."""
    with TestClient(create_app(settings({})), raise_server_exceptions=False) as opened:
        yield opened


def reloads(outcome: str) -> float:
    """How often a reload ended like that."""
    return REGISTRY.get_sample_value("memoranda_law_reloads_total", {"outcome": outcome}) or 0.0


def test_documents_in_pages(client: TestClient, key_for: KeyFor) -> None:
    """Every one once, in the order of their codes."""
    holder = key_for(Role.AUTHOR)
    found, query = list[str](), "limit=40"
    for _ in range(99):
        body = client.get(f"/v1/memoranda?{query}", headers=holder).json()
        found += [one["memorandum"] for one in body["memoranda"]]
        if not body["next"]:
            break
        query = f"limit=40&cursor={body['next']}"
    assert found == sorted(law().rulebook().memoranda)
    assert client.get("/v1/memoranda?limit=0", headers=holder).status_code == 422


def test_every_document_with_its_annex(client: TestClient, key_for: KeyFor) -> None:
    """A row for each measure, in both languages, in the document's order."""
    holder = key_for(Role.INQUIRER)
    for code, document in law().rulebook().memoranda.items():
        body = client.get(f"/v1/memoranda/{code}", headers=holder).json()
        assert [one["measure"] for one in body["annex"]] == [measure.id for measure in document.measures]
        assert [one["zh"]["measure"] for one in body["annex"]] == [measure.says.zh for measure in document.measures]
        assert [one["en"]["draft"] for one in body["annex"]] == [measure.draft for measure in document.measures]
        assert body["title"] == {"zh": document.title.zh, "en": document.title.en}
        assert (body["measures"], body["drafts"]) == (
            len(document.measures), sum(measure.draft for measure in document.measures),
        )  # fmt: skip
    assert client.get("/v1/memoranda/nothing", headers=holder).status_code == 404
    assert client.get("/v1/memoranda/" + "x" * 65, headers=holder).status_code == 422


def test_the_rulebook_served(client: TestClient, key_for: KeyFor) -> None:
    """With its counts, and the digests its revision is made of; its address by revision never changes."""
    holder = key_for(Role.AUDITOR)
    current = client.get("/v1/rulebooks/current", headers=holder)
    body = current.json()
    assert body["rulebook"] == law().revision
    assert body["counts"]["measures"] == sum(one["measures"] for one in body["memoranda"])
    assert body["counts"]["lists"] == len(law().vocabulary.lists)
    lines = sorted(f"{one['file']}\0{one['sha256']}\n" for one in body["files"])
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == body["rulebook"]
    assert current.headers["cache-control"] == "private, no-cache"
    named = client.get(f"/v1/rulebooks/{law().revision}", headers=holder)
    assert named.content == current.content
    assert "immutable" in named.headers["cache-control"]


@pytest.mark.parametrize("path", ["rulebooks/current", "rulebooks/{}", "memoranda/judgment-defaulters"])
def test_who_has_it_is_not_sent_it_again(client: TestClient, key_for: KeyFor, path: str) -> None:
    """304 without a body for its tag; 401 for nobody, whatever tag they have."""
    holder, path = key_for(Role.AUDITOR), "/v1/" + path.format(law().revision)
    tag = client.get(path, headers=holder).headers["etag"]
    for said in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(path, headers={**holder, "If-None-Match": said})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={**holder, "If-None-Match": '"other"'}).status_code == 200
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 401


def test_revisions_there_are_not(client: TestClient, key_for: KeyFor) -> None:
    """404; and what is no revision is a 422."""
    holder = key_for(Role.AUDITOR)
    assert client.get("/v1/rulebooks/" + "0" * 64, headers=holder).status_code == 404
    for wrong in ("x", "A" * 64, "0" * 63, "..%2f"):
        assert client.get(f"/v1/rulebooks/{wrong}", headers=holder).status_code in (404, 422)


def test_packs_are_read_again_when_told(client: TestClient, key_for: KeyFor, shelf: Shelf) -> None:
    """And not because they changed; the new rulebook takes the place of the old one at once."""
    holder = key_for(Role.OPERATOR)
    shelf.now = other()
    current = "/v1/rulebooks/current"
    assert client.get(current, headers=holder).json()["rulebook"] == law().revision
    before = reloads("replaced")
    said = client.post("/v1/reloads", headers=holder)
    assert said.status_code == 200
    assert said.json() == {
        "rulebook": other().revision, "before": law().revision, "packs": len(law().packs),
    }  # fmt: skip
    assert client.get(current, headers=holder).json()["rulebook"] == other().revision
    assert reloads("replaced") == before + 1
    before = reloads("unchanged")
    again = client.post("/v1/reloads", headers=holder).json()
    assert again["rulebook"] == again["before"] == other().revision
    assert reloads("unchanged") == before + 1


BROKEN = RefusedPacks([Fault("P601", Place("/packs/a.yaml", 7, 3), f"错误{n}", f"fault {n}") for n in range(900)])


@pytest.mark.parametrize("fault", [BROKEN, Missing("没有规则文件夹", "there is no folder of packs")])
def test_a_broken_pack_is_refused_while_the_old_one_serves(
    client: TestClient, key_for: KeyFor, shelf: Shelf, fault: Exception
) -> None:
    """With its diagnostics; questions are answered as before, and nobody is told to follow."""
    operator, inquirer, before = key_for(Role.OPERATOR), key_for(Role.INQUIRER), reloads("refused")
    shelf.now = fault
    said = client.post("/v1/reloads", headers={**operator, "Accept-Language": "en"})
    assert said.status_code == 422
    if fault is BROKEN:
        assert len(said.json()["errors"]) == rulebooks.MOST_FAULTS
        assert said.json()["errors"][0] | {"code": "P601", "detail": "fault 0", "line": 7} == said.json()["errors"][0]
    assert reloads("refused") == before + 1
    asked = {"scenario": "procurement", "parties": [{"subject": synthetic_code(1)}], "purpose": "x"}
    answer = client.post("/v1/decisions", json=asked, headers=inquirer)
    assert answer.status_code == 201
    assert client.get("/v1/rulebooks/current", headers=operator).json()["rulebook"] == law().revision
    access = client.app.state.desk.access  # type: ignore[attr-defined]
    with access.reading() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM reload").scalar() == 0


def test_a_reload_that_cannot_be_told_is_none(
    client: TestClient, key_for: KeyFor, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 means that nothing changed, here either."""

    def away(*_: object) -> None:
        raise Unavailable("数据库不可用", "the database is not available")

    monkeypatch.setattr(rulebooks, "announce", away)
    shelf.now = other()
    operator = key_for(Role.OPERATOR)
    assert client.post("/v1/reloads", headers=operator).status_code == 503
    assert client.get("/v1/rulebooks/current", headers=operator).json()["rulebook"] == law().revision


def test_questions_during_reloads(client: TestClient, key_for: KeyFor, shelf: Shelf) -> None:
    """Each is answered by one rulebook or the other, whole."""
    operator, inquirer = key_for(Role.OPERATOR), key_for(Role.INQUIRER)
    both = (law(), other())

    def reload() -> None:
        for number in range(20):
            shelf.now = both[number % 2]
            client.post("/v1/reloads", headers=operator)

    thread = Thread(target=reload)
    thread.start()
    asked = {"scenario": "procurement", "parties": [{"subject": synthetic_code(1)}], "purpose": "x"}
    answers = [client.post("/v1/decisions", json=asked, headers=inquirer) for _ in range(20)]
    thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["decision"]["verdict"] for answer in answers} == {answers[0].json()["decision"]["verdict"]}


@pytest.mark.slow
def test_a_rulebook_of_the_past_is_in_the_ledger(client: TestClient, key_for: KeyFor, shelf: Shelf) -> None:
    """The same bytes at the same address after it gave way to another; one that decided nothing is gone."""
    operator, inquirer = key_for(Role.OPERATOR), key_for(Role.INQUIRER)
    path = f"/v1/rulebooks/{law().revision}"
    before = client.get(path, headers=operator)
    asked = {"scenario": "procurement", "parties": [{"subject": synthetic_code(1)}], "purpose": "x"}
    assert client.post("/v1/decisions", json=asked, headers=inquirer).status_code == 201
    for library in (other(), other(b"# a third\n")):
        shelf.now = library
        client.post("/v1/reloads", headers=operator)
    after = client.get(path, headers=operator)
    assert (after.status_code, after.content, after.headers["etag"]) == (200, before.content, before.headers["etag"])
    assert client.get(f"/v1/rulebooks/{other().revision}", headers=operator).status_code == 404


@pytest.mark.slow
def test_folders_as_they_are(home: Path, key_for: KeyFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack put into a layer is served after a reload; a broken one is refused with its file and line."""
    monkeypatch.setattr(served_law, "law_of", law_of)
    folder = tmp_path / "layer"
    (folder / "more").mkdir(parents=True)
    pack = folder / "more" / "our-own.yaml"
    shutil.copy(shipped() / "national" / "salt.yaml", pack)
    with TestClient(create_app(settings({"MEMORANDA_PACKS": str(folder)})), raise_server_exceptions=False) as client:
        operator = key_for(Role.OPERATOR)
        assert client.get("/v1/memoranda/our-own", headers=operator).status_code == 200
        pack.write_text("title: x\n", encoding="utf-8")
        said = client.post("/v1/reloads", headers=operator)
        assert said.status_code == 422
        assert all(one["pointer"] == str(pack) and one["line"] for one in said.json()["errors"])
        assert client.get("/v1/memoranda/our-own", headers=operator).json()["measures"] > 0


def test_a_pack_is_checked_before_it_is_one(client: TestClient, key_for: KeyFor) -> None:
    """As though it stood in the library: in place of the one of its name, or beside the others."""
    author = {**key_for(Role.AUTHOR), **YAML}
    text = (shipped() / "national" / "salt.yaml").read_text(encoding="utf-8")
    for name in ("salt", "salt-2"):
        body = client.post(f"/v1/packs/check?name={name}", content=text.encode(), headers=author).json()
        assert body["sound"], body["diagnostics"]
        assert body["measures"] == len(law().rulebook().memoranda["salt"].measures)
    wrong = text.replace("scenarios: [", "scenarios: [nothing-of-the-kind, ", 1)
    line = next(number for number, one in enumerate(wrong.split("\n"), 1) if "nothing-of-the-kind" in one)
    body = client.post("/v1/packs/check?name=salt", content=wrong.encode(), headers=author).json()
    assert not body["sound"]
    (fault,) = [one for one in body["diagnostics"] if one["severity"] == "error"]
    assert (fault["file"], fault["line"]) == ("salt.yaml", line)
    assert wrong.split("\n")[line - 1][fault["column"] - 1 :].startswith("nothing-of-the-kind")
    assert fault["zh"]
    assert client.get("/v1/memoranda/salt-2", headers=author).status_code == 404


BOMBS = {
    "aliases": b"a: &a [1]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "deep": b"[" * 50_000,
    "tags": b"!!python/object:os.system x",
    "no text": b"\xff\xfe",
    "nothing": b"",
    "many": b"- a\n" * 200_000,
    "one": b"x" * 900_000,
    "controls": b"a: \x00",
    "measures": b"measures:\n" + b"  - {clause: x}\n" * 1_000,
}


@pytest.mark.parametrize("what", BOMBS)
def test_hostile_packs(client: TestClient, key_for: KeyFor, what: str) -> None:
    """Diagnosed like any other, in bounds."""
    said = client.post("/v1/packs/check?name=x", content=BOMBS[what], headers={**key_for(Role.AUTHOR), **YAML})
    assert said.status_code == 200
    assert not said.json()["sound"]
    assert 0 < len(said.json()["diagnostics"]) <= rulebooks.MOST_FAULTS


def test_a_pack_larger_than_any(client: TestClient, key_for: KeyFor) -> None:
    """More measures than a document has are not even read."""
    data = b"measures:\n" + b"  - {clause: x}\n" * 1_001
    said = client.post("/v1/packs/check?name=x", content=data, headers={**key_for(Role.AUTHOR), **YAML})
    assert said.status_code == 422
    assert [(one["code"], one["pointer"]) for one in said.json()["errors"]] == [("A734", "/measures")]


def test_packs_of_another_kind(client: TestClient, key_for: KeyFor) -> None:
    """415, 413, and 422 for a name that no file has."""
    author = key_for(Role.AUTHOR)
    path = "/v1/packs/check?name=x"
    assert client.post(path, json={}, headers=author).status_code == 415
    assert client.post(path, content=b"x" * (2 << 20), headers={**author, **YAML}).status_code == 413
    for name in ("", "X", "../x", "x" * 65, "x.yaml"):
        assert (
            client.post(f"/v1/packs/check?name={name}", content=b"a: b", headers={**author, **YAML}).status_code == 422
        )
    assert client.post("/v1/packs/check", content=b"a: b", headers={**author, **YAML}).status_code == 422
