"""`memoranda log`: the log as a whole: verify it, take a signed head elsewhere, its public keys, a new key."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

app = typer.Typer(help="台账。The log of decisions.", no_args_is_help=True, rich_markup_mode=None)

InLang = Annotated[Lang | None, typer.Option("--lang", help="zh | en")]


@app.command("verify")
def verify(
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", help="早先的检查点。An earlier head.")] = None,
    promise: Annotated[
        Path | None, typer.Option("--promise", help="随答复所得的承诺。A promise to hold it to.")
    ] = None,
    lang: InLang = None,
) -> None:
    """Whether every decision is there and the log only ever grew. 校验台账。

    Example: memoranda log verify --checkpoint head.json --promise promise.json
    """
    from engine.services.auditing import audited

    voice = _voice(lang)
    kept = promise is None or _held(promise, voice)  # before the audit numbers what waits
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
    raise typer.Exit(1 if found or not kept else 0)


@app.command("checkpoint")
def checkpoint(
    file: Annotated[Path, typer.Argument(help="写到文件，请复制到别处。The file; copy it elsewhere.")],
    lang: InLang = None,
) -> None:
    """Write the newest signed head. 检查点。

    Example: memoranda log checkpoint head.json
    """
    from engine.services.auditing import write_checkpoint

    head = write_checkpoint(file)
    print(_voice(lang).say(f"已写入 {file}：{head.size} 号", f"written to {file}: {head.size} leaves"))


@app.command("keys")
def keys(
    output: Annotated[Path | None, typer.Option("-o", help="写到文件。The file to write.")] = None,
) -> None:
    """The public keys to pin, by fingerprint. 公钥。

    Example: memoranda log keys -o keys.json
    """
    from engine.services.books import open_ledger
    from engine.services.files import place

    text = json.dumps(dict(open_ledger().keys.public), indent=1) + "\n"
    if output:
        place(output, text.encode())
    sys.stdout.write(text)


@app.command("rotate")
def rotate(lang: InLang = None) -> None:
    """Make a new signing key, of the algorithm MEMORANDA_SIGNATURE says; the older keys keep verifying. 换钥。

    Example: MEMORANDA_SIGNATURE=SM2 memoranda log rotate
    """
    from engine.services.books import rotate_key

    made, voice = rotate_key(), _voice(lang)
    print(f"{made.algorithm}  {made.fingerprint}")
    print(
        voice.say(
            "请重启服务，另存检查点，并公布新指纹", "restart servers, take a checkpoint, publish the new fingerprint"
        )
    )


def _held(promise: Path, voice: Voice) -> bool:
    """Whether the promise is kept, or not due yet; says which."""
    from engine.services.promising import hold

    held = hold(promise)
    for fault in held.broken:
        print(voice.paint(fault.say(voice.lang), "red"))
    if not held.broken and held.number is not None:
        print(voice.say(f"承诺已兑现：第 {held.number} 号", f"the promise was kept: leaf {held.number}"))
    elif not held.broken:
        at = held.due.isoformat(timespec="seconds")
        print(voice.say(f"承诺尚未到期：{at}", f"the promise is not due before {at}"))
    return not held.broken


def _voice(lang: Lang | None) -> Voice:
    return Voice.of_stream(sys.stdout, lang.value if lang else None)
