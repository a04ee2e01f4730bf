"""An incoming row as it will be kept: under which key, by which number, and a digest to know it again unchanged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from json.encoder import encode_basestring

from engine.registry.names import normalised
from engine.registry.persons import masked_name
from engine.registry.rows import Incoming

# The keyed digest of a natural person's number.
Digest = Callable[[str], str]
# Under which an entry stands that names its subject by name alone.
BY_NAME = "name:"


@dataclass(frozen=True, slots=True)
class State:
    """A row as it will be kept; `kind` is the subject's, empty where the key tells it, `codes` are further codes of the
    subject, each with its scheme."""

    line: int
    number: str
    subject: str
    kind: str
    name: str
    dates: str
    facts: str
    document: str
    body: str
    content: str
    codes: tuple[tuple[str, str], ...] = ()

    def row(self, list_code: str) -> tuple[str, ...]:
        """Its columns after the id and the change."""
        return (
            self.number, self.subject, list_code, self.name, self.dates, self.facts, self.document, self.body,
            self.content,
        )  # fmt: skip


def _json(said: Mapping[str, int | str | bool | None]) -> str:
    """What `json.dumps` says of so plain a mapping, keys in order, many times faster."""
    return "{" + ",".join([f'"{name}":{_quoted(said[name])}' for name in sorted(said)]) + "}"


def _quoted(value: int | str | bool | None) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


# In which order an event date stands for the entry where it has no document number.
_FIRST_DATES = ("listed", "decided", "published", "ban_from")


def state_of(row: Incoming, list_code: str, digest: Digest) -> State:
    """The row as an entry of the list: its number is made of list, subject and document (or its first date)."""
    subject, name = _subject_of(row, digest)
    # What the row says nobody knows is kept as such: not knowing is not the same as silence.
    facts = _json({**row.facts, **dict.fromkeys(row.unknown)} if row.unknown else row.facts)
    dates = _json(row.dates)
    what = row.document or next((row.dates[name] for name in _FIRST_DATES if name in row.dates), "")
    # One decision may impose several penalties, each an entry of its own.
    what += f"\n{row.facts['penalty']}" if "penalty" in row.facts else ""
    number = blake2b(f"{list_code}\n{subject}\n{what}".encode(), digest_size=10).hexdigest()
    content = blake2b("\n".join((name, dates, facts, row.document, row.body)).encode(), digest_size=10).hexdigest()
    kind = row.kind if row.kind and row.kind != kind_of(subject) else ""
    codes = () if row.person else tuple(other for other in row.other_codes if other[1] != subject)
    return State(row.row, number, subject, kind, name, dates, facts, row.document, row.body, content, codes)


def _subject_of(row: Incoming, digest: Digest) -> tuple[str, str]:
    """The key the entry stands under, and the name that is kept: of a natural person neither number nor full name."""
    if row.person:
        return digest(row.person), masked_name(row.name)
    if row.code:
        return row.code, row.name
    if row.other_codes:
        return row.other_codes[0][1], row.name
    return f"{BY_NAME}{normalised(row.name)}", row.name


_KINDS = {"91": "legal-person", "92": "individual-business", "93": "legal-person", "12": "public-institution"}


def kind_of(subject: str) -> str:
    """The kind a key tells by itself: by the registrar and class of a unified code (GB 32100-2015)."""
    if subject.startswith("person"):
        return "natural-person"
    return _KINDS.get(subject[:2], "social-organisation" if subject.startswith("5") else "legal-person")
