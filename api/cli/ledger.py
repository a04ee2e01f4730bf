"""The auditor's commands: `receipt`, `verify`, `determine`, `reviews` and `erase`."""

import getpass
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

if TYPE_CHECKING:
    from engine.ledger.envelope import Data

Decision = Annotated[str, typer.Argument(help="决定编号，可只写开头。Id of the decision, or its beginning.")]
InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]
Who = Annotated[str | None, typer.Option("--who", help="经办人，默认登录名。Who does it.")]


def receipt(
    decision: Decision,
    output: Annotated[Path, typer.Option("-o", "--output", help="写到文件。The file to write.")],
    closed: Annotated[bool, typer.Option("--closed", help="不含当事方身份。Without what names the parties.")] = False,
    lang: InLang = None,
) -> None:
    """A decision's receipt: provable to an outsider. 查询凭证。

    Example: memoranda receipt 01a200ef -o receipt.json
    """
    from engine.services.auditing import receipt_bytes
    from engine.services.files import place

    place(output, receipt_bytes(decision, openings=not closed))
    print(_voice(lang).say(f"已写入 {output}", f"written to {output}"))


def verify(
    file: Annotated[Path, typer.Argument(help="凭证文件。The receipt.")],
    key: Annotated[str, typer.Option("--key", help="固定的密钥指纹或公钥文件。The pinned key.")],
    lang: InLang = None,
) -> None:
    """Whether a receipt is genuine. 验证凭证。

    Example: memoranda verify receipt.json --key keys.json
    """
    from engine.services.auditing import check_receipt

    voice = _voice(lang)
    said, faults = check_receipt(file, key)
    for fault in faults:
        print(voice.paint(fault.say(voice.lang), "red"))
    if not faults:
        envelope = said["envelope"]
        print(voice.paint(voice.say("真实", "genuine"), "green") + f"  {envelope['id']}  {envelope['recorded_at']}")
        print(f"#{said['number']} / {said['head']['size']}")
        if "verdict" in said["core"]:
            print(voice.say("机器结论：", "the machine's verdict: ") + said["core"]["verdict"])
        for one in [said] if "answer" in said["core"] else said["determinations"]:
            print(voice.say("人工认定：", "determined by a person: ") + "  ".join(_determined(one)))
    raise typer.Exit(1 if faults else 0)


def _determined(said: "Data") -> Iterator[str]:
    """What a person determined: the answer and when, and as far as they are shown, by whom and why."""
    yield said["core"]["answer"]
    yield said["envelope"]["recorded_at"]
    for one in said["openings"]:
        yield from one["value"].values()


def determine(
    decision: Decision,
    answer: Annotated[str, typer.Option("--answer", help="ineligible | conditional | eligible")],
    reasons: Annotated[str, typer.Option("--reasons", help="理由。Why.")],
    document: Annotated[str, typer.Option("--document", help="文书号。The document it rests on.")],
    supersedes: Annotated[str, typer.Option("--supersedes", help="取代的认定。The one it takes the place of.")] = "",
    who: Who = None,
    lang: InLang = None,
) -> None:
    """What a person decided on a review. 人工认定。

    Example: memoranda determine 01a200ef --answer eligible --reasons 同名异主体 --document 测认1号
    """
    from engine.services.determining import Determined, determine

    made = determine(Determined(decision, answer, who or getpass.getuser(), reasons, document, supersedes))
    print(_voice(lang).say(f"认定 {made}", f"determination {made}"))


def reviews(lang: InLang = None) -> None:
    """Decisions that wait for a person, with their age. 待人工审查。

    Example: memoranda reviews
    """
    from engine.services.determining import waiting

    voice, found = _voice(lang), waiting()
    for one in found:
        print(f"{one.id}  {one.scenario}  {one.recorded_at}  " + voice.say(f"{one.days} 天", f"{one.days} days"))
    print(voice.say(f"待审查 {len(found)} 件", f"{len(found)} wait for a person"))


def erase(
    subject: Annotated[str, typer.Argument(help="主体代码。The subject's code.")],
    reason: Annotated[str, typer.Option("--reason", help="理由。Why.")],
    who: Who = None,
    lang: InLang = None,
) -> None:
    """Remove what names a subject; proofs stay valid. 抹除身份。

    Example: memoranda erase 919900000000001021 --reason 依申请
    """
    from engine.services.determining import erase

    leaves = erase(subject, reason, who or getpass.getuser())
    print(_voice(lang).say(f"已从 {leaves} 个决定中抹除", f"erased from {leaves} decisions"))


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
