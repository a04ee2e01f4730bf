"""A tender as it was asked about: one question over all its parties, judged once however often the form is sent."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from api.rest import metrics
from api.rest.desk import Desk
from api.rest.law import Served
from api.rest.posed import Posed, posed
from api.web.visits import Visit
from api.web.working import Tell, bench_of
from engine.access import jobs
from engine.errors import Fault, RefusedInput, Unavailable
from engine.ledger.envelope import Caller
from engine.ledger.recording import answered
from engine.services.deciding import leaf_for
from engine.services.moments import utc_now
from engine.services.tendering import RECORD, judged
from engine.vocabulary import Words

KIND = "tender"
# Up to so many parties are answered at once; more are worked on beside, and progress is shown.
AT_ONCE = 100
# Jobs of one person that run at the same time.
MOST_OF_ONE = 3
FIELDS = {"/scenario": "scenario", "/jurisdiction": "place", "/as_of": "at", "/moments": "at", "/case": "case"}
_PARTY = re.compile(r"/parties/(\d+)")
BUSY = Words(
    "正在核查的项目太多，请稍后再提交；填写的内容还在",
    "too many tenders are being checked: send it again in a moment, nothing you filled in is lost",
)
AWAY = Words("没有办成，没有记录任何结论；请再次提交", "it could not be done and nothing was recorded: send it again")


@dataclass(frozen=True, slots=True)
class _Question:
    """A question that was read, with what it is judged by and what makes it the same when it is sent again."""

    posed: Posed
    law: Served
    who: str
    key: str
    digest: str


def begun(visit: Visit, document: Mapping[str, Any], lines: Sequence[int]) -> str:
    """Begin to judge the tender, or finish where it is small; the job's number, nothing where a field is at fault.

    `lines` are those on which the document's parties stand. The same form sent twice is one job and one decision.
    """
    question = _question(visit, document, lines)
    if question is None:
        return ""
    access, who, job, now = visit.desk.access, visit.owner, question.key[:32], utc_now()
    parties = len(question.posed.inquiry.parties)
    if jobs.at_work(access, who, now) >= MOST_OF_ONE:
        visit.form.fault("parties", BUSY)
        return ""
    if not jobs.begin(access, job, who, KIND, parties, now):
        return job
    bench, work = bench_of(visit.request.app.state, access), partial(_work, visit.desk, question)
    if parties <= AT_ONCE:
        try:
            bench.do(job, work)
        except Unavailable:
            visit.form.fault("parties", AWAY)
            return ""
    elif not bench.take(job, work):
        jobs.forget(access, job, who)
        visit.form.fault("parties", BUSY)
        return ""
    return job


def _question(visit: Visit, document: Mapping[str, Any], lines: Sequence[int]) -> _Question | None:
    data = json.dumps({**document, "purpose": visit.purpose, "include": []}, ensure_ascii=False).encode()
    digest = sha256(data).hexdigest()
    try:
        said = posed(data, visit.desk)
    except RefusedInput as refused:
        for fault in refused.faults:
            _say(visit, fault, lines)
        return None
    visit.within(said.inquiry.scenario, said.inquiry.jurisdiction)
    key = sha256(f"{visit.owner}\n{visit.once or secrets.token_hex(16)}\n{digest}".encode()).hexdigest()
    return _Question(said, visit.desk.law.now, visit.grant.id, key, digest)


def _say(visit: Visit, fault: Fault, lines: Sequence[int]) -> None:
    """A fault of the question beside the field or under the line it belongs to."""
    pointer, said = fault.place.file, _sentence(fault)
    party = _PARTY.match(pointer)
    if party and int(party[1]) < len(lines):
        number = lines[int(party[1])]
        visit.form.fault(f"line-{number}", Words(f"第 {number} 行：{said.zh}", f"line {number}: {said.en}"))
        return
    if pointer.startswith("/facts/"):
        visit.form.fault(f"fact.{pointer.removeprefix('/facts/')}", said)
        return
    name = next((name for start, name in FIELDS.items() if pointer.startswith(start)), "parties")
    visit.form.fault(name, said)


def _sentence(fault: Fault) -> Words:
    """What is wrong, with how to mend it."""
    zh = f"{fault.zh}。{fault.help_zh}" if fault.help_zh else fault.zh
    en = f"{fault.en}. {fault.help_en}" if fault.help_en else fault.en
    return Words(zh, en)


def _work(desk: Desk, question: _Question, tell: Tell) -> Mapping[str, str]:
    """Judge and record; the decision's number, of an earlier attempt too if that one came so far."""
    with desk.ledger.store.reading() as connection:
        before = answered(connection, question.key)
    if before:
        return {"decision": before[0]}
    if not desk.sequencer.alive:
        raise Unavailable("服务正在停止", "the service is stopping")
    said, law = question.posed, question.law
    found = judged(said.inquiry, law.library, law.rulebook, desk.books.registry, tell)
    tell(RECORD, len(said.inquiry.parties))
    leaf = leaf_for(desk.ledger, found, Caller(question.who, said.purpose), said.case)
    desk.ledger.recorder.record(leaf.answering(question.key, question.digest))
    metrics.DECISIONS.labels(said.inquiry.scenario, found.decision.data["verdict"]).inc()
    return {"decision": leaf.id}
