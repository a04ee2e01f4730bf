"""What every reading of the law carries: its words in two languages, the days it holds, and how it was checked."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Words:
    """One meaning in Chinese and English."""

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """The words in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `since` to `until`, both inclusive; None leaves that side open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies in the span."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Checked:
    """How a reading was checked: against what source, when, and how sure we are."""

    by: str
    on: date
    confidence: str

    @property
    def draft(self) -> bool:
        """Whether the reading is too unsure to change a verdict: memory alone, or low confidence."""
        return self.by == "memory" or self.confidence == "low"
