"""`memoranda demo`: the main job on real packs and a small synthetic register, told situation by situation."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.choices import Lang
from api.cli.decide import COLOURS
from api.cli.voice import Voice
from engine.vocabulary import Words

SITUATIONS = (
    ("1-clean-bidder", Words("没有记录的供应商", "a bidder without any record")),
    ("2-judgment-defaulter", Words("查询截止时点仍是失信被执行人", "a judgment defaulter at the cut-off")),
    ("3-tainted-consortium", Words("联合体一方有不良记录", "a consortium with one tainted member")),
    ("4-served-ban", Words("禁止期已满的供应商", "a supplier whose ban has been served")),
    ("5-green-channel", Words("钟祥办证窗口的A级纳税人", "an A-grade taxpayer at a Zhongxiang permit counter")),
    (
        "6-benefit-withheld",
        Words("同类纳税人，上月被列入失信名单", "another one, put on the defaulter list last month"),
    ),
    ("7-memorandum-in-2018", Words("只有备忘录依据的措施，2018 年", "a measure on a memorandum alone, in 2018")),
    ("8-memorandum-today", Words("同一问题，今天：依据已失效", "the same question today: its lawful basis has lapsed")),
)

# From an empty home folder to the counter in a browser.
PAGES = (
    "memoranda sample",
    "memoranda users create me --name 张三 --role inquirer --role registrar --role reviewer --role auditor",
    "memoranda serve        # http://127.0.0.1:8000",
)


def demo(
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Show the judge at work, in Chinese or English. 演示。

    Example: memoranda demo --lang en
    """
    from engine.explanation.render import render
    from engine.packs.library import shipped
    from engine.services.ask import ask_with
    from engine.services.rulebooks import rulebook_of

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    rulebook = rulebook_of()
    measures = sum(len(memorandum.measures) for memorandum in rulebook.memoranda.values())
    print(
        voice.say(
            f"规则库：{len(rulebook.memoranda)} 份文件，{measures} 条措施，版本 {rulebook.revision[:12]}",
            f"rulebook: {len(rulebook.memoranda)} documents, {measures} measures, revision {rulebook.revision[:12]}",
        )
    )
    folder: Path = shipped() / "demo"
    for number, (name, title) in enumerate(SITUATIONS, 1):
        decision = ask_with(rulebook, folder / f"{name}.yaml", folder / "registry.yaml")
        print("\n" + voice.paint(f"{number}. {title.say(voice.lang)}", "bold"))
        first, _, rest = render(decision, rulebook, voice.lang).partition("\n")
        print("   " + voice.paint(first, COLOURS[decision.data["verdict"]]))
        print("\n".join(f"   {line}" for line in rest.rstrip().splitlines() if line))
    print("\n" + voice.paint(voice.say("网页", "The pages"), "bold"))
    for step in PAGES:
        print(f"   {step}")
