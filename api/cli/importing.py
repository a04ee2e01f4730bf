"""`memoranda import`: a list's file into the registry, with a progress bar, a report and a file of refused rows."""

import csv
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

if TYPE_CHECKING:  # commands import the engine when they run, so that --help stays quick
    from engine.registry.faults import RowFault
    from engine.registry.importing import Report

SHOWN = 20


def _option(name: str, zh: str, en: str) -> Any:
    return typer.Option(name, help=f"{zh}。{en}.")


def import_(
    file: Annotated[Path, typer.Argument(help="CSV、XLSX 或 JSON Lines 文件。The list's file.")],
    list_code: Annotated[str, _option("--list", "名单代码", "Which list it is")],
    snapshot: Annotated[bool, _option("--snapshot", "全量：不在其中的视为终止", "What is gone has ended")] = False,
    partial: Annotated[bool, _option("--partial", "收下合格行，其余另存", "Take the good rows only")] = False,
    dry_run: Annotated[bool, _option("--dry-run", "只试不写", "Try, write nothing")] = False,
    accept_endings: Annotated[int, _option("--accept-endings", "确认终止的条数", "How many endings are right")] = 0,
    data_time: Annotated[str | None, _option("--data-time", "数据时点，默认现在", "What moment it shows")] = None,
    mapping: Annotated[Path | None, _option("--mapping", "列名对应文件", "Which heading is which field")] = None,
    who: Annotated[str | None, _option("--who", "经办人，默认登录名", "Who imports it")] = None,
    reason: Annotated[str, _option("--reason", "说明", "Why")] = "",
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Import a list's file. 导入名单文件。

    Example: memoranda import defaulters.csv --list judgment-defaulters --snapshot
    """
    from engine.services.books import open_books
    from engine.services.registering import FileToImport, import_file, moment_of
    from engine.services.rulebooks import rulebook_of

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    wanted = FileToImport(
        file, list_code, who or getpass.getuser(), snapshot, partial, dry_run, accept_endings,
        moment_of(data_time) if data_time else None, mapping, reason,
    )  # fmt: skip
    apart = file.with_name(file.name + ".refused.csv")
    with _refused_rows(apart if partial and not dry_run else None, voice) as refused, _progress(voice) as progress:
        report = import_file(open_books(), rulebook_of().vocabulary, wanted, refused, progress)
    print("\n".join(_told(report, dry_run, apart if partial else None, voice)))
    raise typer.Exit(0 if report.version or (dry_run and not report.refusal) else 3)


@contextmanager
def _refused_rows(path: Path | None, voice: Voice) -> Iterator[Callable[["RowFault"], None]]:
    """Where refused rows are kept, made when the first one comes; written beside and moved there whole."""
    if path is None:
        yield lambda fault: None
        return
    beside, opened = path.with_name(path.name + ".part"), list[IO[str]]()

    def keep(fault: "RowFault") -> None:
        if not opened:
            opened.append(beside.open("w", encoding="utf-8-sig", newline=""))
            csv.writer(opened[0]).writerow(["row", "field", "code", "reason"])
        csv.writer(opened[0]).writerow([fault.row, fault.field, fault.code, voice.say(fault.zh, fault.en)])

    try:
        yield keep
        for file in opened:
            file.close()
            beside.replace(path)
    finally:
        for file in opened:
            file.close()
        beside.unlink(missing_ok=True)


@contextmanager
def _progress(voice: Voice) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error; where that is no terminal, nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    columns = (voice.say("导入", "import"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole or None)


def _told(report: "Report", dry_run: bool, apart: Path | None, voice: Voice) -> Iterator[str]:
    figures = (
        (report.new, "新增", "new"), (report.changed, "变更", "changed"), (report.ended, "终止", "ended"),
        (report.unchanged, "未变", "unchanged"), (report.refused, "拒收", "refused"),
        (report.by_name, "仅有名称", "by name only"),
    )  # fmt: skip
    yield voice.say("，", ", ").join(f"{voice.say(zh, en)} {count}" for count, zh, en in figures)
    for note in report.notes:
        yield "  " + voice.say(note.zh, note.en)
    for fault in report.faults[:SHOWN]:
        where = voice.say(f"第 {fault.row} 行 {fault.field}", f"row {fault.row} {fault.field}").rstrip()
        yield f"  {where}  {fault.code}  {voice.say(fault.zh, fault.en)}"
    if report.refused > SHOWN:
        yield voice.say(f"  ……共 {report.refused} 行", f"  … {report.refused} rows in all")
    yield from _unnamed(report, voice)
    if report.warnings:
        yield voice.say(f"提醒 {report.warnings} 处", f"{report.warnings} warnings")
    if report.refusal:
        yield voice.paint(voice.say(*_REFUSALS[report.refusal](report)), "red")
    elif dry_run:
        yield voice.say("只是试导，没有写入", "a trial: nothing was written")
    else:
        yield voice.paint(
            voice.say(f"已写入，名录库版本 {report.version}", f"written: registry version {report.version}"), "green"
        )
    if apart and report.refused and report.version:
        yield voice.say(f"拒收的行及原因：{apart}", f"refused rows and why: {apart}")


def _unnamed(report: "Report", voice: Voice) -> Iterator[str]:
    """Whom no code names: a question about a subject of a like name is left to a person."""
    if report.by_name:
        yield voice.say("仅有名称，须人工核对：", "by name only, for a person to compare:")
    for one in report.unnamed:
        possible = voice.say(
            f"名称相近的主体 {one.possible} 个" if one.possible else "没有名称相近的主体",
            f"subjects of a like name: {one.possible or 'none'}",
        )
        yield f"  {voice.say(f'第 {one.row} 行', f'row {one.row}')}  {one.name}  {possible}"
    if report.by_name > len(report.unnamed):
        yield voice.say(f"  ……共 {report.by_name} 行", f"  … {report.by_name} rows in all")


_REFUSALS: dict[str, Callable[["Report"], tuple[str, str]]] = {
    "rows": lambda r: (
        "有不合格的行，整份未收；改正后重导，或加 --partial",
        "some rows are wrong, nothing was taken; mend them, or add --partial",
    ),
    "endings": lambda r: (
        f"现有 {r.current} 条中将终止 {r.would_end} 条，过多，未收；确认无误请加 --accept-endings {r.would_end}",
        f"{r.would_end} of {r.current} entries would end, too many at once: nothing was taken; "
        f"if that is right, add --accept-endings {r.would_end}",
    ),
    "older": lambda r: (
        "全量数据的时点早于该名单已有的数据，未收；请核对 --data-time，补充旧数据请去掉 --snapshot",
        "the snapshot is older than the data there is, nothing was taken; look at --data-time, "
        "and to add old rows leave out --snapshot",
    ),
    "changed-meanwhile": lambda r: (
        "读取期间该名单已有新的导入，未收；请重新导入",
        "another import of this list finished meanwhile, nothing was taken; run it again",
    ),
    "empty": lambda r: ("文件没有任何记录，未收", "the file holds no entry, nothing was taken"),
}
