"""One JSON line for whatever is worth saying, on standard error: when, where, what; never who was asked about.

Of an exception only its kind and place are told: its words and values may name somebody.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "memoranda"
LEVELS = ("debug", "info", "warning", "error")
# What a record carries under this name stands in its line, member by member.
MEMBERS = "members"


class JsonLine(logging.Formatter):
    """A record as one line of JSON, its time in UTC and ISO form."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its break."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "said": record.getMessage(),
        }
        said |= getattr(record, MEMBERS, {})
        if record.exc_info and record.exc_info[1] is not None:
            said["fault"] = fault_of(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)


def fault_of(error: BaseException) -> str:
    """The kind of an exception and where it was raised: `KeyError, posed.py:31`."""
    kind, found = type(error).__name__, traceback.extract_tb(error.__traceback__)
    return f"{kind}, {Path(found[-1].filename).name}:{found[-1].lineno}" if found else kind


def configuration(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: all logs of a serving process as such lines; ours from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonLine}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            NAME: {"level": level.upper()},
            # The server's own words for an exception would hold its values: the line above does not.
            "uvicorn": {"level": "WARNING"},
            # The database's would hold rows.
            "sqlalchemy": {"level": "WARNING"},
        },
    }
