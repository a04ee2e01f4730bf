"""The contract's heart, for whoever reads it first: how a question is put and what an answer looks like, worked out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEXT = {"type": "string"}
_INCLUDES = {"type": "array", "items": {"type": "string", "enum": ["remedies", "words"]}, "default": ["remedies"]}
_PERSON = "公民身份号码：摘要后即弃，不入台账和日志。A citizen's number: digested here and dropped."
# What stands in a body beside the inquiry.
_BESIDE: Mapping[str, Any] = {
    "purpose": {"type": "string", "minLength": 1, "description": "查询用途。What it is asked for."},
    "case": {"type": "string", "description": "案件编号，只以承诺入台账。The matter's number, kept as a commitment."},
    "known_at": {"type": "string", "description": "名录库版本或时间。A version of the registry, or a time."},
    "include": {**_INCLUDES, "description": "另附：补救途径、文字。What to add: ways back, all in words."},
}
ANSWER_SHAPE: Mapping[str, Any] = {
    "type": "object",
    "required": ["id", "recorded_at", "verdict", "valid_until", "decision", "promise", "names", "receipt", "notice"],
    "properties": {
        "id": _TEXT,
        "recorded_at": {"type": "string", "format": "date-time"},
        "verdict": {"type": "string", "enum": ["ineligible", "review", "conditional", "eligible"]},
        "valid_until": {"type": ["string", "null"]},
        "decision": {"$ref": "#/components/schemas/decision"},
        "promise": {"type": "object", "required": ["leaf", "recorded_at", "algorithm", "key", "signature"]},
        "names": {"type": "object", "additionalProperties": {"type": "object"}},
        "receipt": _TEXT,
        "notice": _TEXT,
        "remedies": {"type": "object"},
        "words": {"type": "object"},
    },
}


def question(shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body of a question: an inquiry, its parties by code or by a citizen's number, and what stands beside it."""
    inquiry, party = shapes["inquiry"], shapes["inquiry.PartyShape"]
    by_number = {name: said for name, said in party["properties"].items() if name != "subject"}
    by_number["person"] = {"type": "string", "minLength": 1, "description": _PERSON}
    numbered = {**party, "properties": by_number, "required": ["person"]}
    parties = {**inquiry["properties"]["parties"], "items": {"anyOf": [party, numbered]}}
    return {
        **inquiry,
        "properties": {**inquiry["properties"], "parties": parties, **_BESIDE},
        "required": [*inquiry["required"], "purpose"],
    }


def _worked() -> Any:
    return json.loads(Path(__file__).with_name("worked.json").read_text(encoding="utf-8"))


_ZH = "可否参加政府采购投标"
_ASKED: Mapping[str, Any] = _worked()["question"]
QUESTIONS: Mapping[str, Any] = {
    "zh": {"summary": f"{_ZH} · one bidder", "value": _ASKED},
    "en": {
        "summary": "联合体投标 · a consortium, with the ways back in words",
        "value": {
            **_ASKED,
            "parties": [_ASKED["parties"][0], {"subject": "919900000000001021", "consortium": "A"}],
            "purpose": "tender eligibility check",
            "case": "T-2026-17",
            "include": ["remedies", "words"],
        },
    },
}
# Of other operations, by their ids: examples of bodies by name, and of answers by status and name.
BODIES: Mapping[str, Mapping[str, Any]] = _worked()["bodies"]
SHOWN: Mapping[str, Mapping[str, Mapping[str, Any]]] = _worked()["answers"]
ANSWER: Mapping[str, Any] = {"answer": {"summary": "不得参与的答复 · a worked answer", "value": _worked()["answer"]}}


def _lines(*said: Any) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said)


_REFUSED = {"type": "urn:memoranda:problem:unprocessable", "title": "内容有误", "status": 422, "code": "unprocessable"}
BATCH: Mapping[str, Mapping[str, Any]] = {
    "questions": {
        "tender": {
            "summary": "逐行查询 · line by line",
            "value": _lines({"id": "A-1", **_ASKED}, {"id": "A-2", **_ASKED, "scenario": "?"}),
        }
    },
    "answers": {
        "tender": {
            "summary": "一行答复、一行有误 · an answer, and a line at fault",
            "value": _lines(
                {"line": 1, "id": "A-1", "answer": _worked()["answer"]},
                {"line": 2, "id": "A-2", "problem": {**_REFUSED, "request": "5f1c9a3e7b2d4860"}},
            ),
        }
    },
}
