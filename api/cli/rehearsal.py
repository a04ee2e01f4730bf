"""`memoranda test`: runs the cases beside the packs; a failing case reads like a diff and says why."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.choices import Lang
from api.cli.voice import Voice

if TYPE_CHECKING:  # commands import the engine when they run, so that --help stays quick
    from engine.model import Rulebook
    from engine.rehearse import Rehearsal


def rehearsal(
    paths: Annotated[list[Path] | None, typer.Argument(help="规则包或目录。Packs or folders; all by default.")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="逐条措施覆盖。Which measures the cases touch.")] = False,
    packs: Annotated[
        list[Path] | None, typer.Option("--packs", help="叠加的规则包目录。A layer over the library.")
    ] = None,
    lang: Annotated[Lang | None, typer.Option("--lang", help="zh | en")] = None,
) -> None:
    """Run the cases. 运行用例。

    Example: memoranda test memoranda/national --coverage
    """
    from engine.services.rehearsing import rehearse_all

    voice = Voice.of_stream(sys.stdout, lang.value if lang else None)
    done = rehearse_all(paths or (), packs or ())
    failed = [r for r in done.rehearsals if not r.passed]
    for rehearsal in failed:
        print("\n".join(_failure(rehearsal, done.rulebook, voice)))
    if coverage:
        print("\n".join(_coverage(done.sides, done.drafts, voice)))
    passed = len(done.rehearsals) - len(failed)
    print(voice.say(f"用例 {len(done.rehearsals)}：通过 {passed}，失败 {len(failed)}",
                    f"{len(done.rehearsals)} cases: {passed} passed, {len(failed)} failed"))  # fmt: skip
    gaps = coverage and any(len(sides) < 3 for sides in done.sides.values())
    raise typer.Exit(1 if failed or gaps else 0)


def _failure(rehearsal: "Rehearsal", rulebook: "Rulebook", voice: Voice) -> Iterator[str]:
    from engine.explanation.render import Depth, render

    place = rehearsal.case.place
    yield voice.paint(voice.say("失败", "FAIL"), "red") + f"  {place.file}:{place.line}  {rehearsal.case.name}"
    for difference in rehearsal.differences:
        yield f"    {difference.what}"
        yield voice.paint(f"    - {difference.expected}", "green")
        yield voice.paint(f"    + {difference.got}", "red")
    for line in render(rehearsal.decision, rulebook, voice.lang, Depth.LAWYER).splitlines():
        yield f"    | {line}"


def _coverage(sides: Mapping[str, frozenset[str]], drafts: Sequence[str], voice: Voice) -> Iterator[str]:
    from engine.rehearse import SIDES

    words = {"positive": ("正", "positive"), "boundary": ("界", "boundary"), "negative": ("反", "negative")}
    full = 0
    for name, touched in sorted(sides.items()):
        missing = [voice.say(*words[side]) for side in SIDES if side not in touched]
        full += not missing
        if missing:
            yield voice.paint(voice.say("缺", "gap"), "yellow") + f"  {name}: " + voice.say("、", ", ").join(missing)
    share = 100 * full // len(sides) if sides else 100
    yield voice.say(
        f"覆盖 {full}/{len(sides)}（{share}%）条有效措施，草稿 {len(drafts)} 条不计",
        f"{full}/{len(sides)} ({share}%) effective measures covered, {len(drafts)} drafts not counted",
    )
