#!/usr/bin/env python3
"""A buyer's programme: screens the bidders of a tender against the service. Standard library only.

    MEMORANDA_KEY=memo_... python3 buyer.py http://127.0.0.1:8000 tender.json answers.json

The tender names its number, scenario, place, moment and bidders; a bidder is a code, or a list of codes for a
consortium. One question is asked about all of them together, and one about each bidder. Each question has a key of its
own, made of the tender's number and the question, so that asking again, after a cut connection or a restart of this
programme, never makes a second decision. Exit code 0 if all were answered, 1 if the service refused a question, 2 if it
could not be reached in time.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

AGAIN = {429, 502, 503, 504}


class Refused(Exception):
    """The service will not answer this question, however often it is asked."""


class Unreachable(Exception):
    """It was asked so many times that somebody should look."""


class Service:
    """One connection, made again whenever it breaks."""

    def __init__(self, url: str, key: str, tries: int, pause: float, longest: float) -> None:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=30)
        self._key, self._tries, self._pause, self._longest = key, tries, pause, longest
        self.cuts = 0

    def decide(self, question: dict[str, Any], name: str) -> dict[str, Any]:
        """The decision; asked again, under the same name, until it came whole."""
        body = json.dumps(question, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Accept-Language": "en",
            "Idempotency-Key": name,
        }
        for tried in range(self._tries):
            wait = 0.0
            try:
                self._connection.request("POST", "/v1/decisions", body, headers)
                answer = self._connection.getresponse()
                said = answer.read()  # raises if fewer bytes come than were announced
                if answer.status == 201:
                    found: dict[str, Any] = json.loads(said)
                    return found
                if answer.status not in AGAIN:
                    raise Refused(f"{name}: {answer.status} {said.decode(errors='replace')[:500]}")
                wait = float(answer.headers.get("Retry-After") or 0)
            except (OSError, http.client.HTTPException, ValueError):
                self.cuts += 1
                self._connection.close()
            pause = min(self._longest, self._pause * 2 ** min(tried, 16))
            time.sleep(max(wait, pause * random.uniform(0.5, 1)))  # not at the same moment as everybody else
        raise Unreachable(name)


def members(bidder: str | list[str]) -> list[str]:
    """The codes of a bidder."""
    return [bidder] if isinstance(bidder, str) else bidder


def parties(bidder: str | list[str], consortium: str) -> list[dict[str, str]]:
    """A bidder as the service has it: members of a consortium share its name."""
    if isinstance(bidder, str):
        return [{"subject": bidder}]
    return [{"subject": code, "consortium": consortium} for code in bidder]


def questions(tender: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All that is asked about a tender, by the key under which it is asked."""
    head = {
        "scenario": tender["scenario"], "jurisdiction": tender["jurisdiction"], "as_of": tender["as_of"],
        "purpose": "招标资格审查", "case": tender["number"], "include": [],
    }  # fmt: skip
    bidders = [parties(bidder, f"c{number}") for number, bidder in enumerate(tender["bidders"])]
    asked = [[one for some in bidders for one in some], *bidders]
    found = dict[str, dict[str, Any]]()
    for number, some in enumerate(asked):
        said = {**head, "parties": some}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
        found[f"{tender['number']}-{number}-{digest}"] = said
    return found


def main() -> int:
    """Ask, and write down what was answered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("tender", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--tries", type=int, default=12, help="how often a question is asked")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds before the second try, doubled each time")
    parser.add_argument("--longest", type=float, default=30, help="the most seconds between two tries")
    said = parser.parse_args()
    tender = json.loads(said.tender.read_text("utf-8"))
    service = Service(said.url, os.environ["MEMORANDA_KEY"], said.tries, said.pause, said.longest)
    answers = dict[str, Any]()
    try:
        for name, question in questions(tender).items():
            answers[name] = service.decide(question, name)
    except (Refused, Unreachable) as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1 if isinstance(fault, Refused) else 2
    finally:
        said.answers.write_text(json.dumps(answers, ensure_ascii=False), "utf-8")
    print(f"{len(answers)} answers, {service.cuts} times cut off")
    return 0


if __name__ == "__main__":
    sys.exit(main())
