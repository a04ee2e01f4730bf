"""The overview: what was decided, how fresh the lists are, what is handled in time, what waits."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from api.web.forms import Form
from api.web.overview import figures
from api.web.overview.words import WORDS
from api.web.render import page, sayer
from api.web.visits import Page, Visit
from engine.access.roles import Act
from engine.calendar import SHANGHAI
from engine.services.counting import counts_since
from engine.services.handled import handled_now
from engine.services.looking import lists_now
from engine.services.moments import utc_now
from engine.services.waiting import queue_of

router = APIRouter()

Reads = Annotated[Visit, Depends(Page(Act.READ_LISTS))]
Said = Annotated[str, Query(max_length=100)]
# What may be asked for: how the first figures are divided, and how many lists are shown.
PERIODS = ("days", "months")
DAYS, MONTHS, PRESSING = 30, 12, 12


@router.get("/overview")
def overview(visit: Reads, period: Said = "", scenario: Said = "", place: Said = "", lists: Said = "") -> Response:
    """Figures in charts and tables; those of decisions only for who may read decisions, within what they may see."""
    asked = {
        "period": period if period in PERIODS else PERIODS[0],
        "scenario": scenario if scenario in visit.scenarios else "",
        "place": place if place in _places(visit) else _places(visit)[0],
        "lists": "all" if lists == "all" else "",
    }
    visit.form = Form(defaults=asked)
    say = sayer(visit.lang, WORDS)
    today = utc_now().astimezone(SHANGHAI).date()
    shown = _decisions(visit, asked, today, say) if visit.may(Act.READ_DECISION) else {}
    return page(
        visit, "overview/overview.html", WORDS, asked=asked, link=partial(_link, asked), places=_places(visit),
        decisions=shown, vocabulary=visit.desk.law.now.vocabulary,
        **_lists(visit, asked, say), **_handled(visit, asked, say),
    )  # fmt: skip


def _decisions(visit: Visit, asked: Mapping[str, str], today: date, say: Callable[..., str]) -> dict[str, Any]:
    """What was decided in the period, and what waits now."""
    desk, vocabulary = visit.desk, visit.desk.law.now.vocabulary
    by_day = asked["period"] == PERIODS[0]
    spans = figures.days_until(today, DAYS) if by_day else figures.months_until(today, MONTHS)
    counts = counts_since(desk.ledger.store, spans[0].first, not by_day, visit.reaches)
    counted = [one for one in spans if one.last >= counts.since]
    title = say("over_time")
    if asked["scenario"]:
        title = say("over_time_one", scenario=vocabulary.scenarios[asked["scenario"]].name.say(visit.lang))
    unit = "day" if by_day else "month"
    queue = queue_of(desk.ledger.store, visit.reaches)
    return {
        "over_time": figures.over_time(counts, counted, asked["scenario"], title, unit, say),
        "by_scenario": figures.by_scenario(counts, counted, vocabulary, say),
        "reached": None if counts.since <= spans[0].first else counts.since.isoformat(),
        "waiting": figures.waiting(queue, say),
        "more": len(queue.lines) if queue.more else 0,
    }


def _lists(visit: Visit, asked: Mapping[str, str], say: Callable[..., str]) -> dict[str, Any]:
    _, now, lines = lists_now(visit.desk.books, visit.desk.law.now.vocabulary)
    figure = figures.freshness(lines, now, len(lines) if asked["lists"] else PRESSING, say)
    return {"fresh": figure, "now": now.text, "most": min(PRESSING, len(lines)), "whole": len(lines)}


def _handled(visit: Visit, asked: Mapping[str, str], say: Callable[..., str]) -> dict[str, Any]:
    vocabulary = visit.desk.law.now.vocabulary
    found = handled_now(visit.desk.books, vocabulary, asked["place"] or None)
    unsure = sum(one.unsure for one in found.values())
    return {"handled": figures.handled(found, vocabulary, say), "unsure": unsure}


def _places(visit: Visit) -> list[str]:
    """By the law of which places deadlines may be counted: whoever is limited to some counts by one of theirs."""
    return visit.places if visit.grant.jurisdictions else ["", *visit.places]


def _link(asked: Mapping[str, str], **changed: str) -> str:
    """This page with something else chosen."""
    wanted = {name: value for name, value in {**asked, **changed}.items() if value}
    return f"/overview?{urlencode(wanted)}"
