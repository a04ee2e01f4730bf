"""A measure together with the place where its pack writes it, so that the checker's rules can point at the line."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import Fault
from engine.model import Measure, Memorandum
from engine.packs.library import Library, PackSource
from engine.packs.tree import Path_, Tree, Value, step_into
from engine.vocabulary import Words

ERROR, WARNING, NOTE = "error", "warning", "note"
NO_HELP = Words("", "")


@dataclass(frozen=True, slots=True)
class Site:
    """One measure, the pack it stands in, and its number there."""

    source: PackSource
    pack: Memorandum
    index: int
    measure: Measure

    def fault(
        self,
        code: str,
        says: Words,
        *where: str | int,
        severity: str = ERROR,
        mend: Words = NO_HELP,
    ) -> Fault:
        """A fault of this measure, underlined at the keys `where` inside it."""
        path = ("measures", self.index, *where)
        return Fault(
            code=code,
            # A list or mapping has no one line of its own: its key stands for it.
            place=self.source.tree.place(path, key=not isinstance(self._written(path), str)),
            zh=says.zh,
            en=says.en,
            help_zh=mend.zh,
            help_en=mend.en,
            severity=severity,
            clause=self.measure.clause,
            title=self.pack.title.zh,
        )

    def _written(self, path: Path_) -> "Value | None":
        value: Value | None = self.source.tree.value
        for step in path:
            value = step_into(value, step)
        return value


def sites(library: Library) -> Iterator[Site]:
    """Every measure without a fault of form or words, packs in order of identity, clauses in the document's order."""
    for code in sorted(library.packs):
        source = library.packs[code]
        if source.sound is not None:
            at = {clause: number for number, clause in enumerate(clauses(source.tree))}
            for measure in source.sound.measures:
                yield Site(source, source.sound, at[measure.clause], measure)


def clauses(tree: Tree) -> list[str]:
    """The labels of a pack's measures as written, faulty or not; empty where one has none."""
    written = step_into(tree.value, "measures")
    labels = (step_into(measure, "clause") for measure in written) if isinstance(written, list) else ()
    return [label if isinstance(label, str) else "" for label in labels]
