"""OpenTelemetry where it is set: spans and measures of requests by route, and nothing that names anybody."""

import re
from collections.abc import MutableMapping
from importlib.util import find_spec
from typing import Any

from fastapi.telemetry import TelemetryConfig

from engine.errors import Missing

NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
# A code of eighteen, or a citizen's number of fifteen: neither belongs into an address, but a caller may err.
_NUMBER = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{2}[0-9]{6}[0-9A-Za-z]{10}|[0-9]{15})(?![0-9A-Za-z])")


def telemetry(wanted: bool) -> TelemetryConfig:
    """What FastAPI is to do; where spans go is said by the OTEL_… variables (OTLP over HTTP).

    Missing where it is wanted and its packages are not installed. Never the framework's logs: they hold the words of
    exceptions.
    """
    if wanted and not all(map(_installed, NEEDED)):
        raise Missing(
            "已设 MEMORANDA_TELEMETRY=1，但没有安装 OpenTelemetry",
            "MEMORANDA_TELEMETRY=1 is set, and OpenTelemetry is not installed",
            "pip install 'memoranda[otel]'，或不设该变量", "pip install 'memoranda[otel]', or leave the variable out",
        )  # fmt: skip
    return TelemetryConfig(
        tracing=wanted, metrics=wanted, logs=False, operation_spans=wanted, auto_configure=wanted, exclude=_names
    )


def _installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _names(scope: MutableMapping[str, Any]) -> bool:
    """Whether the address asked for holds what may be somebody's number: such a request leaves no span."""
    asked = str(scope.get("path", "")).encode(errors="replace") + b" " + bytes(scope.get("query_string", b""))
    return _NUMBER.search(asked) is not None
