"""The table of a tender as a file for spreadsheets: CSV and XLSX."""

from collections.abc import Sequence

from api.web import spreadsheets
from api.web.tenders.table import Row, Table
from engine.vocabulary import Words

_WIDTHS = (10, 24, 32, 14, 14, 20, 12, 20, 60, 60, 16, 40, 24)
HEADINGS = (
    Words("代号", "Party"),
    Words("统一社会信用代码", "Unified social credit code"),
    Words("登记名称", "Registered name"),
    Words("角色", "Role"),
    Words("联合体", "Consortium"),
    Words("结论", "Verdict"),
    Words("结论代码", "Verdict code"),
    Words("通道", "Channel"),
    Words("决定性理由", "Deciding reason"),
    Words("文件条款", "Document and clause"),
    Words("期限", "Until"),
    Words("决定编号", "Decision number"),
    Words("案号", "Case number"),
)
FORM = (HEADINGS[1], HEADINGS[4], Words("名称", "Name"), HEADINGS[3])


def csv_of(table: Table, rows: Sequence[Row], lang: str) -> bytes:
    """Those rows, under headings in that language."""
    return (spreadsheets.MARK + spreadsheets.csv_of(_lines(table, rows, lang))).encode()


def xlsx_of(table: Table, rows: Sequence[Row], lang: str) -> bytes:
    """The same as a workbook."""
    return spreadsheets.workbook_of(_lines(table, rows, lang), _WIDTHS)


def form_of(lang: str) -> bytes:
    """An empty workbook with the headings that an upload may have."""
    return spreadsheets.workbook_of([[one.say(lang) for one in FORM]], (24, 14, 32, 16))


def _lines(table: Table, rows: Sequence[Row], lang: str) -> list[list[str]]:
    case, decision = table.case, str(table.row.id)
    told = [
        [row.handle, row.subject or row.who, row.name, row.role, row.consortium.strip("*"), row.word, row.verdict,
         row.channel, row.reason, row.clause, row.until, decision, case]
        for row in rows
    ]  # fmt: skip
    return [[one.say(lang) for one in HEADINGS], *told]
