"""The auditor's commands: `receipt`, `verify`, `replay`, `revisit`, `determine`, `reviews`, `erase` and `log …`."""

import getpass
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

app = typer.Typer(help="台账。The log of decisions.", no_args_is_help=True, rich_markup_mode=None)

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
        answer = said["core"].get("verdict") or said["core"].get("answer")
        print(f"{answer}  #{said['number']} / {said['head']['size']}")
        for one in said["determinations"]:
            print(voice.say("人工认定：", "determined by a person: ") + one["core"]["answer"])
    raise typer.Exit(1 if faults else 0)


def replay(
    decision: Annotated[str | None, typer.Argument(help="决定编号。Id of the decision.")] = None,
    every: Annotated[bool, typer.Option("--all", help="全部。Every decision.")] = False,
    since: Annotated[str, typer.Option("--since", help="自某日起。Recorded since this day.")] = "",
    against: Annotated[Path | None, typer.Option("--against", help="另一规则库目录。Another rulebook.")] = None,
    output: Annotated[Path | None, typer.Option("-o", help="差异写到文件。Where differences go.")] = None,
    lang: InLang = None,
) -> None:
    """Decide again from what was recorded, and compare byte for byte. 复现。

    Example: memoranda replay --all
    """
    from rich.console import Console
    from rich.progress import Progress

    from engine.services.auditing import replays
    from engine.services.files import place

    if (decision is None) == (not every and not since):
        raise typer.BadParameter("决定编号与 --all/--since 须且只能给出一种 / give either an id or --all or --since")
    voice, table, different = _voice(lang), Counter[tuple[str, str, str]](), list[dict[str, object]]()
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(voice.say("复现", "replay"), total=None)
        for swept in replays(since, against, decision or ""):
            done = swept.replayed
            table[done.outcome.value, done.then, done.now] += 1
            if done.outcome.value not in ("same", "erased-input"):
                different.append({"id": done.id, "then": done.then, "now": done.now, "differs": list(done.differs)})
            bar.advance(task)
    for (outcome, then, now), count in sorted(table.items()):
        print(f"{count:>8}  {outcome}  {then}" + (f" -> {now}" if now and now != then else ""))
    for one in different[:20]:
        print(voice.paint(f"{one['id']}  {one['differs']}", "red"))
    if output:
        place(output, (json.dumps(different, ensure_ascii=False, indent=1) + "\n").encode())
    raise typer.Exit(1 if different else 0)


def revisit(
    since: Annotated[int, typer.Option("--since", min=0, help="名录库版本。The registry's version.")],
    lang: InLang = None,
) -> None:
    """Decisions whose answer would now differ, for corrections came since. 更正后须重新看的决定。

    Example: memoranda revisit --since 12
    """
    from engine.services.auditing import revisits

    found = list(revisits(since))
    for swept in found:
        done = swept.replayed
        print(f"{done.id}  v{swept.version}  {done.then} -> {done.now}  {', '.join(done.differs[:5])}")
    print(_voice(lang).say(f"{len(found)} 个决定现在会不同", f"{len(found)} decisions would now differ"))
    raise typer.Exit(1 if found else 0)


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


@app.command("verify")
def log_verify(
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", help="早先的检查点。An earlier head.")] = None,
    lang: InLang = None,
) -> None:
    """Whether every decision is there and the log only ever grew. 校验台账。"""
    from engine.services.auditing import audited

    voice = _voice(lang)
    head, found = audited(checkpoint)
    for one in found:
        print(voice.paint(f"{one.where}: {one.what.say(voice.lang)}", "red"))
    if head:
        print(f"{head.size}  {head.root}  {head.signed_at}")
    if not found:
        print(voice.say("台账完好", "the log is sound"))
    if checkpoint is None:
        zh = "没有检查点：不能排除截到更早的台账头，或持钥改写"
        print(
            voice.say(zh, "without a checkpoint a cut to an earlier head or rewriting with the key cannot be excluded")
        )
    raise typer.Exit(1 if found else 0)


@app.command("checkpoint")
def checkpoint(
    file: Annotated[Path, typer.Argument(help="写到文件，请复制到别处。The file; copy it elsewhere.")],
    lang: InLang = None,
) -> None:
    """Write the newest signed head. 检查点。"""
    from engine.services.auditing import write_checkpoint

    head = write_checkpoint(file)
    print(_voice(lang).say(f"已写入 {file}：{head.size} 号", f"written to {file}: {head.size} leaves"))


@app.command("keys")
def keys(
    output: Annotated[Path | None, typer.Option("-o", help="写到文件。The file to write.")] = None,
) -> None:
    """The public keys to pin, by fingerprint. 公钥。"""
    from engine.services.books import open_ledger
    from engine.services.files import place

    text = json.dumps(dict(open_ledger().keys.public), indent=1) + "\n"
    if output:
        place(output, text.encode())
    sys.stdout.write(text)


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
