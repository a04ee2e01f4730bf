"""Where the library's pages stand: clauses, documents, lists and scenarios, for links from any page."""

import re
from dataclasses import replace
from functools import cache
from urllib.parse import quote

from api.notice.contents import Contents
from api.notice.parties import Reason
from api.site.lines import anchor_of
from engine.model import Rulebook

LIBRARY = "/library"
# Enough of a revision to know it by.
SHORT = 12
# Of an address of the site that is written to a folder: its folder, and ours.
_FOLDERS = {"memoranda": "", "lists": "/lists", "scenarios": "/scenarios"}
# What means something in an address, or cannot stand in one.
_SIGNS = re.compile(r"[\x00-,/:-@\[-^`{-\x7f]")


def clause_link(measure_id: str, rulebook: Rulebook | None = None, made_by: str = "") -> str:
    """The address of a measure's row; nothing where the rulebook, if one is given, has no such measure.

    `made_by` is the revision of the rulebook that the reader comes from: if it is another one, the page says so.
    """
    pack, _, clause = measure_id.partition("#")
    query = ""
    if rulebook is not None:
        memorandum = rulebook.memoranda.get(pack)
        if memorandum is None or all(measure.id != measure_id for measure in memorandum.measures):
            return ""
        query = f"?made_by={made_by[:SHORT]}" if made_by and made_by != rulebook.revision else ""
    return f"{LIBRARY}/{quote(pack)}{query}#{quote(anchor_of(clause))}"


def linked(contents: Contents, rulebook: Rulebook, made_by: str) -> Contents:
    """The contents with a link from every reason and benefit to its clause, as far as the rulebook has it still."""

    @cache
    def href(measure: str) -> str:
        return clause_link(measure, rulebook, made_by)

    def reasons(found: tuple[Reason, ...]) -> tuple[Reason, ...]:
        return tuple(replace(one, href=href(one.measure)) for one in found)

    parties = tuple(
        replace(
            party,
            reasons=reasons(party.reasons),
            others=reasons(party.others),
            benefits=tuple(replace(one, hrefs=tuple(map(href, one.measures))) for one in party.benefits),
        )
        for party in contents.parties
    )
    return replace(contents, parties=parties)


def served(href: str, query: str = "") -> str:
    """Our address of what stands at this one on the site in a folder, with a query; a cell is asked for by query."""
    path, _, fragment = href.partition("#")
    folder, _, page = path.partition("/")
    asked = [query] if query else []
    if folder == "lists" and fragment.startswith("in-"):
        asked.append(f"scenario={fragment.removeprefix('in-')}")
        fragment = ""
    elif folder == "scenarios" and fragment.startswith("no-"):
        asked.append("list=none")
        fragment = ""
    address = f"{LIBRARY}{_FOLDERS[folder]}/{page.removesuffix('.html')}"
    return address + (f"?{'&'.join(asked)}" if asked else "") + (f"#{fragment}" if fragment else "")


def in_query(text: str) -> str:
    """A text as a value in an address; letters of other scripts stay as they are, and are a third as long."""
    return _SIGNS.sub(lambda found: quote(found[0], safe=""), text)
