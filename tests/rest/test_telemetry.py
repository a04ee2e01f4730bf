"""OpenTelemetry: off unless set, refused clearly without its packages, and never with what names somebody."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, Tracer, TracerProvider
from typer.testing import CliRunner

from api.cli.main import app as command_line
from api.rest import app as rest_app
from api.rest import telemetry as module
from api.rest.app import create_app
from api.rest.settings import settings
from api.rest.telemetry import telemetry
from engine.access.roles import Role
from engine.errors import Missing
from engine.identity import synthetic_code
from tests.rest.asking import CLEAN, decided
from tests.rest.conftest import KeyFor
from tests.rest.serving import new_key, serving

ON = {"MEMORANDA_TELEMETRY": "1"}
NOBODY = SpanContext(1, 1, is_remote=False)


class Kept(NonRecordingSpan):
    """A span that keeps what is said of it."""

    def __init__(self, name: str, said: Any) -> None:
        super().__init__(NOBODY)
        self.name, self.said = name, dict(said or {})

    def is_recording(self) -> bool:
        """It does."""
        return True

    def update_name(self, name: str) -> None:
        """Another name."""
        self.name = name

    def set_attribute(self, key: str, value: Any) -> None:
        """One more."""
        self.said[key] = value

    def set_attributes(self, attributes: Any) -> None:
        """Some more."""
        self.said |= attributes


class Keeper(TracerProvider, Tracer):
    """A provider and its one tracer, whose spans are kept."""

    def __init__(self) -> None:
        self.spans = list[Kept]()

    def get_tracer(self, *_: Any, **__: Any) -> Tracer:
        """Itself."""
        return self

    def start_span(self, name: str, *_: Any, attributes: Any = None, **__: Any) -> Kept:
        """A span that is kept."""
        self.spans.append(Kept(name, attributes))
        return self.spans[-1]

    @contextmanager
    def start_as_current_span(self, name: str, *_: Any, attributes: Any = None, **__: Any) -> Iterator[Kept]:  # type: ignore[override]
        """The same as a context."""
        yield self.start_span(name, attributes=attributes)


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    """The provider of this process, for the time of a test; the packages count as installed."""
    made = Keeper()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: made)
    monkeypatch.setattr(module, "NEEDED", ())
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_without_its_packages_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install, before anything is served."""
    monkeypatch.setattr(module, "NEEDED", ("opentelemetry.nothing.like_it",))
    with pytest.raises(Missing) as missing:
        create_app(settings(ON))
    assert "memoranda[otel]" in missing.value.help_en
    monkeypatch.setenv("MEMORANDA_TELEMETRY", "1")
    done = CliRunner().invoke(command_line, ["serve"])
    assert isinstance(done.exception, Missing)


def test_it_is_off_by_default(home: Path, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever provider the process has, and whatever the framework's own variable says."""
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    with TestClient(create_app(settings({}))) as client:
        assert client.get("/healthz").status_code == 200
    assert keeper.spans == []
    off = telemetry(False)
    assert not any(off[name] for name in ("tracing", "metrics", "logs", "auto_configure"))  # type: ignore[literal-required]


def test_spans_name_routes_and_nobody(home: Path, key_for: KeyFor, keeper: Keeper) -> None:
    """A span for each request, under its route; none where the address holds somebody's number."""
    mine, code = key_for(*Role), synthetic_code(1)
    with TestClient(create_app(settings(ON)), raise_server_exceptions=False) as client:
        assert client.get("/v1/memoranda/x", headers=mine).status_code == 404
        assert any(span.name == "GET /v1/memoranda/{memorandum}" for span in keeper.spans)
        assert any(span.name.startswith("fastapi.") for span in keeper.spans)
        before = len(keeper.spans)
        assert client.get(f"/v1/decisions/{code}", headers=mine | {"Memoranda-Purpose": "x"}).status_code == 404
        assert client.get("/v1/due?in=11010519491231002X", headers=mine).status_code == 422
        assert len(keeper.spans) == before
        revision = client.get("/v1/rulebooks/current", headers=mine).json()["rulebook"]
        assert client.get(f"/v1/rulebooks/{revision}", headers=mine).status_code == 200
        assert len(keeper.spans) > before
    said = " ".join(str(span.said) + span.name for span in keeper.spans)
    assert mine["Authorization"].removeprefix("Bearer ") not in said
    assert code not in said
    assert not telemetry(True)["logs"]  # those hold the words of exceptions
    assert rest_app.telemetry is telemetry


class _Collector(BaseHTTPRequestHandler):
    """Takes what is sent to it, by the path it is sent to."""

    taken: ClassVar[dict[str, bytes]] = {}

    def do_POST(self) -> None:
        """A batch of spans or measures; compressed or not."""
        body = self.rfile.read(int(self.headers["content-length"]))
        body = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
        self.taken[self.path] = self.taken.get(self.path, b"") + body
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def test_a_collector_gets_spans_and_measures(home: Path) -> None:
    """Over the wire, as OTLP has it: the route is in it, and neither the party, nor the key."""
    collector = ThreadingHTTPServer(("127.0.0.1", 0), _Collector)
    Thread(target=collector.serve_forever, daemon=True).start()
    where = f"http://127.0.0.1:{collector.server_port}"
    key = new_key(home, Role.INQUIRER)
    try:
        with serving(home, **ON, OTEL_EXPORTER_OTLP_ENDPOINT=where, OTEL_BSP_SCHEDULE_DELAY="100") as server:
            assert decided(server.client(key), {})["verdict"] == "eligible"
    finally:
        collector.shutdown()
        collector.server_close()
    assert b"POST /v1/decisions" in _Collector.taken["/v1/traces"]
    assert b"http.server.request.duration" in _Collector.taken["/v1/metrics"]
    said = b"".join(_Collector.taken.values())
    assert synthetic_code(CLEAN).encode() not in said
    assert key.encode() not in said
