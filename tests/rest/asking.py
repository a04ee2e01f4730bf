"""Questions put to the service under test, and what waits for the log's next head."""

import time
from typing import Any

import httpx2

from engine.identity import synthetic_code

PURPOSE = {"Memoranda-Purpose": "%E5%AE%A1%E8%AE%A1"}
CLEAN, REVIEW = 1, 60  # subjects of the sample; the second is left to a person
AT = "2026-11-20T09:00+08:00"


def question(number: int = CLEAN, **more: Any) -> dict[str, Any]:
    """A question about a subject of the sample."""
    parties = [{"subject": synthetic_code(number)}]
    said = {"scenario": "procurement", "parties": parties, "jurisdiction": "420881", "purpose": "招标资格审查"}
    return {**said, "as_of": AT, "include": [], **more}


def decided(client: httpx2.Client, headers: dict[str, str], number: int = CLEAN, **more: Any) -> dict[str, Any]:
    """A recorded decision."""
    answer = client.post("/v1/decisions", json=question(number, **more), headers=headers)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


def sequenced(client: httpx2.Client, path: str, headers: dict[str, str]) -> httpx2.Response:
    """The answer, once the decision has its number: until then it is a 202 that says when to ask again."""
    for _ in range(200):
        answer = client.get(path, headers=headers)
        if answer.status_code != 202:
            return answer
        assert answer.headers["retry-after"] == "1"
        assert answer.json()["status"] == "waiting"
        time.sleep(0.05)
    raise AssertionError("it never got its number")
