"""What may be wrong with a list's file, in two languages: codes R301 to R522. No message repeats a person's number."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.errors import Fault, Place, RefusedInput
from engine.packs.words import shown

LONGEST_QUOTE = 40
# A cell with more digits than a day has is not quoted at all: it may hold a person's number, whole or misspelt.
_MOST_DIGITS = 8
_HIDDEN = "…"

Said = tuple[str, str, str, str]
_MAPPING: tuple[str, str] = ("或用 --mapping 另给列名对应文件", "or give a mapping file by --mapping")

# code: (zh, en, help zh, help en)
SAID: Mapping[str, Said] = {
    # -- the file
    "R301": ("`{n}` 不是普通文件", "`{n}` is no ordinary file", "", ""),
    "R302": ("文件超过 {n} 字节", "the file is larger than {n} bytes", "请拆成几个文件", "split it into several files"),
    "R303": ("文件是空的", "the file is empty", "", ""),
    "R304": (
        "文件含有空字节，不是文本文件",
        "the file holds NUL bytes: it is no text",
        "请另存为 CSV（UTF-8）或 XLSX",
        "save it as CSV (UTF-8) or XLSX",
    ),
    "R305": ("文件是 UTF-16 编码", "the file is UTF-16", "请另存为 CSV（UTF-8）", "save it as CSV (UTF-8)"),
    "R306": (
        "第 {n} 行不是 {how} 编码",
        "line {n} is not {how}",
        "整个文件用一种编码另存，最好是 UTF-8",
        "save the whole file in one encoding, best in UTF-8",
    ),
    "R307": (
        "第 {n} 行起引号不成对，或一格超过 131072 字",
        "from row {n} on a quote is not closed or not doubled, or a cell is longer than 131,072 characters",
        "含引号的格子整格加引号，其中的引号写两遍",
        "put the whole cell in quotes and double the quotes inside",
    ),
    "R308": (
        "第 {n} 行大于 16 MiB",
        "row {n} is larger than 16 MiB",
        "多半是引号没有关上",
        "a quote was probably never closed",
    ),
    "R309": ("超过 {n} 列", "more than {n} columns", "请删去用不到的列", "delete the columns nobody needs"),
    "R310": (
        "这是旧式 XLS、加密的工作簿或网页",
        "this is an old XLS, an encrypted workbook or a web page",
        "请用表格软件打开，另存为不加密的 XLSX 或 CSV",
        "open it in a spreadsheet and save it as plain XLSX or CSV",
    ),
    "R311": (
        "不是完好的 XLSX 工作簿",
        "this is no sound XLSX workbook",
        "请用表格软件打开后重新保存",
        "open it in a spreadsheet and save it again",
    ),
    "R312": (
        "工作簿解压后过大：{n}",
        "the workbook is too large when unpacked: {n}",
        "请另存为 CSV",
        "save it as CSV",
    ),
    "R313": ("没有内容", "there is nothing in it", "", ""),
    "R314": (
        "第 {n} 行不是一个 JSON 对象",
        "line {n} is not one JSON object",
        "每行一个对象，值为文本、数字、true、false 或 null，键不重复",
        "one object a line; values are texts, numbers, true, false or null; no key twice",
    ),
    "R315": (
        "第 {n} 行的键 `{key}` 首行没有",
        "line {n} has the key `{key}`, which the first line has not",
        "首行写出全部键，没有值的写 null",
        "write every key in the first line, null where it has no value",
    ),
    "R316": (
        "只读第一张有内容的工作表 `{n}`，未读：{others}",
        "only the first sheet with content is read, `{n}`; not read: {others}",
        "其余工作表请另存后分别导入",
        "save the others apart and import them too",
    ),
    # -- headings and mapping files
    "R401": (
        "`{n}` 与 `{other}` 两列都是{zh}",
        "the columns `{n}` and `{other}` are both the {en}",
        "删去一列，" + _MAPPING[0] + "，把一列写进 ignore",
        "delete one, " + _MAPPING[1] + " that lists one of them under ignore",
    ),
    "R402": (
        "没有主体名称列，也没有代码列",
        "there is neither a column of names nor one of codes",
        "列名写在第一行，如 名称、统一社会信用代码；" + _MAPPING[0],
        "put the headings in the first row, as name, code; " + _MAPPING[1],
    ),
    "R403": (
        "名单 `{n}` 须有 {field}（{zh}）列",
        "the list `{n}` needs a column {field} ({en})",
        "补上该列，" + _MAPPING[0],
        "add the column, " + _MAPPING[1],
    ),
    "R404": ("未用的列：{n}", "columns not used: {n}", "", ""),
    "R405": (
        "没有 {field}（{zh}）列，各条按不详处理",
        "there is no column {field} ({en}): it counts as unknown",
        "",
        "",
    ),
    "R406": ("没有这个{zh}：`{n}`", "there is no {en} `{n}`", "", ""),
    "R407": ("`{n}` 已对应 {field}", "`{n}` is already {field}", "", ""),
    "R408": (
        "映射文件应为 headings、values、kinds、units、ignore 各节，节内一个代码对应若干词",
        "a mapping file has the sections headings, values, kinds, units, ignore; in each a code with its words",
        "",
        "",
    ),
    # -- rows
    "R501": (
        "格子比列名多",
        "more cells than headings",
        "格子里的逗号要放进引号",
        "a comma inside a cell needs quotes round the cell",
    ),
    "R502": (
        "没有名称，也没有可用的代码",
        "neither a name nor a usable code",
        "补上名称或代码，或删去这一行",
        "write a name or a code, or delete the row",
    ),
    "R503": (
        "没有填写，而名单要求有",
        "left empty, and the list requires it",
        "补上日期；确实不知道的写“不详”",
        "write the day, or `unknown` if nobody knows it",
    ),
    "R504": (
        "`{n}` 不是日期",
        "`{n}` is not a date",
        "写 2024-01-10、2024年1月10日 或 2024-01-10 09:00",
        "write 2024-01-10, 2024年1月10日 or 2024-01-10 09:00",
    ),
    "R505": (
        "日期不存在，或不在 1949-10-01 至 2199-12-31 之间",
        "no such day, or not between 1949-10-01 and 2199-12-31",
        "",
        "",
    ),
    "R506": (
        "`{n}` 是没有格式的表格日期数，读法不定",
        "`{n}` looks like a spreadsheet's day number without its format, and could mean several days",
        "把该列设为日期格式后再导出",
        "format the column as dates and export again",
    ),
    "R507": ("`{n}` 是整日，不写时刻", "`{n}` is a whole day, without an hour", "", ""),
    "R508": (
        "`{n}` 不是金额",
        "`{n}` is not an amount of money",
        "写元，如 2,000,000.00，或 200万元；至多到分",
        "write yuan, as 2,000,000.00, or 200万元; at most two decimals of a yuan",
    ),
    "R509": ("`{n}` 不是非负整数", "`{n}` is not a whole number, 0 or more", "", ""),
    "R510": ("`{n}` 应写 是 或 否", "`{n}` should be yes or no", "", ""),
    "R511": ("没有取值 `{n}`", "there is no value `{n}`", "", ""),
    "R512": ("超过 {n} 字", "longer than {n} characters", "", ""),
    "R513": ("含有控制字符", "holds a control character", "请删除该字符", "delete it"),
    "R514": (
        "文字中有身份证号码或者同样长的号码，不接收",
        "there is a citizen's number in the text, or one as long, which is never taken",
        "号码只写在号码列，文字中请删去",
        "numbers go into a column of numbers only; delete it here",
    ),
    "R515": ("是表格软件的错误值", "an error value of the spreadsheet", "", ""),
    "R516": (
        "号码过长，表格软件已把它变成近似数",
        "the number is too long: the spreadsheet has rounded it",
        "把该列设为文本格式，重新填写号码",
        "format the column as text and enter the numbers again",
    ),
    "R517": ("{zh}", "{en}", "", ""),
    "R518": (
        "主体类别与所填号码不符",
        "the kind of subject does not go with the number given",
        "自然人填身份证号码，单位填统一社会信用代码",
        "a natural person has a citizen's number, an organisation a unified social credit code",
    ),
    "R519": (
        "禁止期止于 {n}，早于起始 {first}",
        "the ban ends on {n}, before it begins on {first}",
        "",
        "",
    ),
    "R520": (
        "第 9 至 17 位的组织机构代码校验位不符；代码本身有效，照收",
        "the organisation code in places 9 to 17 fails its own check; the code itself is valid and is taken",
        "",
        "",
    ),
    "R521": ("未采用：{zh}", "not taken: {en}", "", ""),
    "R522": ("`{n}` 是几个取值", "`{n}` are several values", "每个取值写一行", "write a row for each of them"),
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell of a row (`field` is empty where it is the whole row) or, as a warning, doubtful."""

    row: int
    field: str
    code: str
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    severity: str = "error"


class WrongCell(ValueError):
    """A cell that cannot be read. `help` replaces the code's own way out, zh and en."""

    def __init__(self, code: str, help: tuple[str, str] = ("", ""), **words: object) -> None:
        super().__init__(code)
        self.code, self.help, self.words = code, help, words

    def at(self, row: int, field: str, severity: str = "error") -> RowFault:
        """The fault as it stands in that row and field."""
        zh, en, help_zh, help_en = _said(self.code, self.words)
        return RowFault(row, field, self.code, zh, en, self.help[0] or help_zh, self.help[1] or help_en, severity)


def file_fault(code: str, place: Place, **words: object) -> Fault:
    """A fault of the file as a whole, or of one line of it."""
    return Fault(code, place, *_said(code, words))


def file_note(code: str, place: Place, **words: object) -> Fault:
    """What is said beside, though the file is taken."""
    return replace(file_fault(code, place, **words), severity="note")


def refusal(code: str, file: str, line: int = 0, **words: object) -> RefusedInput:
    """The file refused for one reason; `line` counts from 1."""
    return RefusedInput([file_fault(code, Place(file, line), **words)])


def quoted(cell: object) -> str:
    """A cell as a message quotes it: one line, 40 characters at most, and nothing that may hold a person's number."""
    text = str(cell)[:1000]
    if sum(map(str.isdigit, unicodedata.normalize("NFKC", text))) > _MOST_DIGITS:
        return _HIDDEN
    plain = "".join(letter if letter.isprintable() or letter.isspace() else "?" for letter in text)
    return shown(plain, LONGEST_QUOTE)


def _said(code: str, words: Mapping[str, object]) -> Said:
    zh, en, help_zh, help_en = (said.format(**words) for said in SAID[code])
    return zh, en, help_zh, help_en
