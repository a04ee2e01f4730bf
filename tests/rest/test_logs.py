"""The log of `memoranda serve`: on standard error, a line of JSON for each request, as operators collect it."""

import json
import logging
import logging.config
import subprocess
import sys

from api.rest.logs import MEMBERS, JsonLine, configuration, fault_of

SPOKEN = """
import logging, logging.config
from api.rest.logs import MEMBERS, configuration
logging.config.dictConfig(configuration("info"))
logging.getLogger("memoranda").info("request", extra={MEMBERS: {"status": 200}})
logging.getLogger("memoranda").debug("not said")
logging.getLogger("sqlalchemy").info("not said")
try:
    raise ValueError("11010519491231002X")
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
"""


def test_lines_go_to_standard_error() -> None:
    """Ours from the level that is set on, others' warnings; of an exception its kind and place alone."""
    done = subprocess.run([sys.executable, "-c", SPOKEN], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    first, second = (json.loads(line) for line in done.stderr.splitlines())
    assert first["status"] == 200
    assert first["at"].endswith("+00:00")
    assert (second["level"], second["fault"]) == ("error", "ValueError, <string>:9")
    assert "11010519491231002X" not in done.stderr


def test_members_stand_beside_the_words() -> None:
    """And no line is broken by what is said in it."""
    record = logging.makeLogRecord({"msg": "一\n二", "levelname": "INFO", "name": "memoranda", MEMBERS: {"ms": 1.5}})
    line = JsonLine().format(record)
    assert "\n" not in line
    assert json.loads(line)["said"] == "一\n二"
    assert json.loads(line)["ms"] == 1.5


def test_a_fault_without_a_place_is_told_too() -> None:
    """An exception that nobody raised."""
    assert fault_of(ValueError("x")) == "ValueError"
    assert configuration("error")["loggers"]["memoranda"]["level"] == "ERROR"
