"""What fails around the service: no wrong answer, nothing acknowledged lost, and it goes on without a restart."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import httpx2
import pytest

from engine.access.roles import Role
from engine.packs.library import shipped
from tests.postgres import own_cluster
from tests.registry.disks import fill, small_disk
from tests.rest.asking import question
from tests.rest.serving import Gone, Server, core_of, furnish, new_key, recorded, serving, until
from tests.rest.test_batch import chunk, lines, opened
from tests.rest.test_batch import until as answers
from tests.rest.test_two_processes import paired

SUBJECTS = 60
PATH = "/v1/decisions"
# A pack of the library, and the name under which a layer brings it once more.
MODEL, PACK = "440300-shenzhen/shenzhen-credit-regulation.yaml", "local/another-regulation.yaml"
DROP_CAPABILITY, PASSES_MODES = 24, 1  # prctl's PR_CAPBSET_DROP, and CAP_DAC_OVERRIDE


@dataclass
class Load:
    """Clients who ask without end, each at a server of its own; all that they were told."""

    servers: list[Server]
    key: str
    clients: int = 4
    told: list[tuple[str, str, int]] = field(default_factory=list)  # id, core and subject of what was acknowledged
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    ended: Event = field(default_factory=Event)

    @contextmanager
    def going(self) -> Iterator["Load"]:
        """Within, they ask; afterwards whatever was wrong is said."""
        threads = [Thread(target=self._ask, args=(number,)) for number in range(self.clients)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()
        assert self.wrong == []
        cores = dict[int, set[str]]()
        for _, core, subject in self.told:
            cores.setdefault(subject, set()).add(core)
        assert all(len(some) == 1 for some in cores.values()), "one question was answered in two ways"

    def after(self, more: int, status: int = 201) -> None:
        """Once so many more answers of the status came."""
        wanted = self.statuses[status] + more
        until(lambda: self.statuses[status] >= wanted)

    def _ask(self, number: int) -> None:
        client, each = self.servers[number % len(self.servers)].client(self.key), number
        while not self.ended.is_set():
            each += self.clients
            subject = each % SUBJECTS
            try:
                answer = client.post(PATH, json=question(subject))
            except Gone:
                self.ended.wait(0.02)
                continue
            self._note(answer, subject)
            if answer.status_code != 201:
                self.ended.wait(0.02)

    def _note(self, answer: httpx2.Response, subject: int) -> None:
        if answer.status_code == 201:
            self.told.append((answer.json()["id"], core_of(answer), subject))
        elif not unavailable(answer):
            self.wrong.append(f"{answer.status_code} {answer.text[:300]}")
        self.statuses[answer.status_code] += 1


def unavailable(answer: httpx2.Response) -> bool:
    """Whether it is the problem of a service that is to be asked again later."""
    kind = answer.headers.get("content-type")
    return (
        (answer.status_code, kind) == (503, "application/problem+json")
        and answer.json()["code"] == "unavailable"
        and int(answer.headers["retry-after"]) > 0
    )


def all_there(load: Load, home: Path, url: str = "", lost: int = 0) -> None:
    """Each acknowledged decision is recorded as it was told; at most `lost` more, whose answers never came."""
    there = {one.id: one.core for one in recorded(home, url)}
    told = {name: core for name, core, _ in load.told}
    assert len(told) == len(load.told)
    assert told.items() <= there.items()
    assert len(there) - len(told) <= lost


def ready(server: Server) -> bool:
    """What it says of itself."""
    with suppress(Gone):
        return httpx2.get(f"{server.url}/readyz").status_code == 200
    return False


def test_postgresql_goes_and_comes_and_a_process_dies(tmp_path: Path) -> None:
    """While the database is away everybody is told so; then it goes on; the death of one process is not the other's."""
    home = tmp_path / "home"
    with own_cluster() as postgres, paired(home, postgres.database()) as pair:
        load = Load([*pair.servers], pair.key)
        with load.going():
            load.after(20)
            postgres.stop()
            load.after(20, 503)
            assert not any(map(ready, pair.servers))
            postgres.start()
            until(lambda: all(map(ready, pair.servers)))
            load.after(20)
            pair.servers[0].kill()
            load.after(20)
        assert {*load.statuses} == {201, 503}
        # Cut off at its commit, by the stop or by the death: recorded, perhaps, and never told.
        all_there(load, home, pair.url, lost=2 * load.clients)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With a sample registry."""
    folder = tmp_path / "home"
    furnish(folder, "", SUBJECTS)
    return folder


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="the disk is Linux's")
def test_a_disk_that_is_full(home: Path) -> None:
    """No answer without a record, no half of one; with room again it goes on."""
    key = new_key(home, Role.INQUIRER)
    with small_disk(60_000) as disk:
        if disk is None:
            pytest.skip("nothing may be mounted here")
        there = Path(shutil.copytree(home, disk / "home"))
        with serving(there) as server:
            load = Load([server], key)
            with load.going():
                load.after(10)
                filler = fill(disk)
                load.after(10, 503)
                assert server.client(key).get("/healthz").status_code == 200
                filler.unlink()
                load.after(10)
            until(lambda: ready(server))
            all_there(load, there)


def as_anybody() -> None:
    """In the server's process: modes of files bind it also where it runs as root."""
    if os.getuid() == 0:
        CDLL(None).prctl(DROP_CAPABILITY, PASSES_MODES, 0, 0, 0)


def test_a_ledger_that_is_made_read_only(home: Path) -> None:
    """Refused while nobody may write to the file, and recorded again once somebody may."""
    key, ledger = new_key(home, Role.INQUIRER), home / "ledger.db"
    with serving(home, before=as_anybody) as server:
        load = Load([server], key)
        with load.going():
            load.after(10)
            files = [path for path in home.glob("ledger.db*")]
            assert ledger in files
            for path in files:
                path.chmod(0o400)
            told = load.statuses.total()
            until(lambda: load.statuses.total() >= told + 200)  # connections that are open may write on; new ones not
            for path in files:
                path.chmod(0o600)
            load.after(10)
            before = load.statuses[503]
            load.after(100)
            assert load.statuses[503] == before
        all_there(load, home)


def test_a_broken_pack_is_refused_and_a_sound_one_served(home: Path, tmp_path: Path) -> None:
    """Under load: the old rulebook serves while the new one is read and refused; the next one takes its place."""
    key, author = new_key(home, Role.INQUIRER), new_key(home, Role.OPERATOR, Role.AUTHOR)
    pack, text = tmp_path / "layer" / PACK, (shipped() / MODEL).read_text("utf-8")
    pack.parent.mkdir(parents=True)
    pack.write_text(text, "utf-8")

    def reload(said: str) -> httpx2.Response:
        pack.write_text(said, "utf-8")
        return mine.post("/v1/reloads")

    def served() -> str:
        revision: str = mine.get("/v1/rulebooks/current").json()["rulebook"]
        return revision

    with serving(home, MEMORANDA_PACKS=str(tmp_path / "layer")) as server:
        mine, load, old = server.client(author), Load([server], key, clients=2), ""
        with load.going():
            old = served()
            load.after(5)
            refused = reload(text.replace("form: local-regulation", "form: rumour"))
            assert (refused.status_code, refused.json()["code"]) == (422, "unprocessable")
            assert any(PACK.rpartition("/")[2] in fault["pointer"] for fault in refused.json()["errors"])
            assert served() == old
            load.after(5)
            swapped = reload(text + "# another edition\n")
            assert (swapped.status_code, swapped.json()["before"]) == (200, old)
            assert served() == swapped.json()["rulebook"] != old
            load.after(5)
        assert {*load.statuses} == {201}
        all_there(load, home)


def test_it_is_ended_under_load(home: Path) -> None:
    """What was taken is answered, what was answered is durable and numbered, and then the process ends."""
    key = new_key(home, Role.INQUIRER)
    with serving(home) as server:
        load = Load([server], key, clients=8)
        with load.going():
            load.after(50)
            server.end()
        assert {*load.statuses} == {201}
        all_there(load, home)


def test_a_client_that_never_ends_keeps_nobody(home: Path) -> None:
    """A batch that is held open: its lines so far are durable, and the process ends in the time that is set."""
    key = new_key(home, Role.INQUIRER)
    with serving(home, MEMORANDA_TIMEOUT="2") as server, opened(server.port, key) as connection:
        connection.sendall(chunk(lines(*map(question, range(20)))))
        told = answers(connection, 20)
        server.end()
    ids = [json.loads(line)["answer"]["id"] for line in told.split(b"\n") if line.startswith(b'{"line"')]
    assert len(ids) == 20
    assert {*ids} == {one.id for one in recorded(home)}
