"""Where a visitor can go: the pages their roles open."""

from dataclasses import dataclass

from api.web.visits import Visit
from engine.access.roles import Act
from engine.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the menu: where it leads, what it says, and whether the visitor is there."""

    path: str
    name: str
    here: bool


# Path, act it needs (None: whoever is signed in), name.
PAGES = (
    ("/counter", Act.DECIDE, Words("窗口核查", "Counter")),
    ("/tenders", Act.DECIDE, Words("采购核查", "Tenders")),
    ("/subjects", Act.READ_SUBJECT, Words("主体", "Subjects")),
    ("/library", Act.READ_LAW, Words("文件与名单", "Library")),
    ("/ledger", Act.READ_DECISION, Words("台账", "Ledger")),
    ("/reviews", Act.READ_DECISION, Words("待人工审查", "Reviews")),
    ("/registrar", Act.IMPORT, Words("名录登记", "Registrar")),
    ("/overview", Act.READ_LISTS, Words("总览", "Overview")),
)


def menu_of(visit: Visit) -> list[Item]:
    """The entries for this visitor; none before they sign in."""
    path = visit.request.url.path
    return [
        Item(where, name.say(visit.lang), path == where or path.startswith(f"{where}/"))
        for where, act, name in PAGES
        if visit.session and visit.grant.may(act)
    ]
