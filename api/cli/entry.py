"""`memoranda entry VERB ID`: what happened to an entry: objection, suspension, repair, annulment …"""

import getpass
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

app = typer.Typer(help="登记对一条记录的处理。What happened to an entry.", no_args_is_help=True, rich_markup_mode=None)

HELP = {
    "object": "提出异议。An objection was raised.",
    "settle": "异议办结。The objection is settled.",
    "suspend": "中止效力。Its effect is suspended.",
    "resume": "恢复效力。Its effect goes on.",
    "apply": "申请信用修复。Repair was applied for.",
    "refuse": "不予修复。Repair was refused.",
    "repair": "信用修复，当日停止效力。Repaired: no effect from that day.",
    "remove": "移出名单。Removed from the list.",
    "annul": "撤销，视为自始未列入。Annulled: it never should have been.",
    "lift": "暂时解除。Lifted for a time.",
    "restore": "恢复解除前状态。The lifting is over.",
}


def _command(verb: str) -> Callable[..., None]:
    def run(
        entry: Annotated[str, typer.Argument(help="记录编号，见 memoranda subject。Number of the entry.")],
        on: Annotated[str, typer.Option("--on", help="日期或时刻。The day or instant it happened.")],
        document: Annotated[str, typer.Option("--document", help="文书号。The document it rests on.")],
        reason: Annotated[str, typer.Option("--reason", help="理由。Why.")] = "",
        who: Annotated[str | None, typer.Option("--who", help="经办人，默认登录名。Who records it.")] = None,
        lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
    ) -> None:
        from engine.explanation.phrases import DATES
        from engine.registry.events import STEPS
        from engine.services.books import open_books
        from engine.services.registering import happened, record

        voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
        done = record(open_books(), happened(entry, verb, on, document, reason), who or getpass.getuser())
        what = {**DATES, **STEPS}[done.kind].say(voice.lang)
        print(voice.say(f"记录 {done.entry}（{done.list}）：{what}，名录库版本 {done.version}",
                        f"entry {done.entry} ({done.list}): {what}, registry version {done.version}"))  # fmt: skip

    return run


for _verb, _help in HELP.items():
    app.command(_verb, help=_help)(_command(_verb))
