"""The voice of a notice: it names measures by document and clause, not by our codes."""

from engine.explanation.speaker import Speaker


class Clerk(Speaker):
    """Speaks to people who know documents and not our codes."""

    def of(self, code: str) -> str:
        """What a cause or flag points at; a measure by what it says, its document's number and its clause."""
        if code not in self.measures:
            return super().of(code)
        measure = self.measures[code]
        number = self.rulebook.memoranda[measure.pack].number
        return self.say("named", says=self.word(measure.says), code=f"{number} {measure.clause}".strip())

    def document(self, code: str) -> str:
        """The document a measure stands in, with its number and clause."""
        measure = self.measures[code]
        pack = self.rulebook.memoranda[measure.pack]
        if pack.number == pack.title.zh:  # a law has no other number than its name
            return f"{self.word(pack.title)} {measure.clause}"
        return self.say("clause", title=self.word(pack.title), number=pack.number, clause=measure.clause)
