"""What a trial or an import came to, as a page and as a table to take away."""

import json
from collections.abc import Iterator

from fastapi import Response

from api.web.registrar import trial
from api.web.registrar.import_words import WORDS
from api.web.registrar.upload import form_again, form_page
from api.web.render import page, sayer
from api.web.spreadsheets import MARK, csv_of
from api.web.visits import Visit
from engine.access.jobs import Job
from engine.registry.headings import fields_of
from engine.services.spooling import Spooled
from engine.vocabulary import Words


def report_page(visit: Visit, spooled: Spooled, token: str, job: Job, taken: bool) -> Response:
    """The report; the form again, with every fault beside its field, where the file could not be read."""
    report = spooled.kept(trial.TAKEN if taken else trial.TRIED)
    if report is None and job.result.get("version"):
        report = trial.in_short(job.result)
    if report is None:
        return page(visit, "registrar/failed.html", WORDS, why="fault", token=token)
    if "fields" in report:
        form_again(visit, spooled)
        for field, said in report["fields"].items():
            visit.form.fault(field, Words(*said))
        return form_page(visit, spooled)
    vocabulary = visit.desk.law.now.vocabulary
    return page(
        visit, "registrar/report.html", WORDS, spooled=spooled, report=report, token=token, taken=taken,
        list=vocabulary.lists[spooled.said["list"]].name.say(visit.lang),
        fields={name: words.say(visit.lang) for name, words in fields_of(vocabulary, spooled.said["list"]).items()},
    )  # fmt: skip


def table_of(visit: Visit, spooled: Spooled) -> Iterator[str]:
    """Every fault of the file, line by line, in which no cell is ever a formula."""
    say, names = sayer(visit.lang, WORDS), fields_of(visit.desk.law.now.vocabulary, spooled.said["list"])
    yield MARK + csv_of([[say(name) for name in ("row", "field", "code", "why", "help")]])
    count = 0
    for line in spooled.lines(trial.REFUSED):
        one, count = json.loads(line), count + 1
        field = names[one["field"]].say(visit.lang) if one["field"] in names else one["field"]
        help_ = trial.plain(one[f"help_{visit.lang}"])
        yield csv_of([[str(one["row"]), field, one["code"], one[visit.lang], help_]])
    if count == trial.MOST_KEPT:
        yield csv_of([["", "", "", say("refused_cut", most=f"{trial.MOST_KEPT:,}"), ""]])
