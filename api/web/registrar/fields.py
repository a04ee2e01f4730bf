"""Fields that the registrar's forms share: a text as the books keep it, and a day that must not lie ahead."""

from api.web.forms import MISSING, Form
from engine.calendar import When
from engine.registry.cells import holds_a_person
from engine.registry.events import LONGEST
from engine.services.moments import utc_now
from engine.services.registering import kept
from engine.vocabulary import Words

# Of a name that a provider gave: the books never keep a person's number, also not as whose doing something is.
WHO = Words(
    "您的账户标识中含有公民身份号码，不能用来登记；请运维人员更换",
    "your account's own name holds a citizen's number and cannot be kept: ask the operator for another",
)
AHEAD = Words("日期在将来，尚未发生", "the day lies ahead: it has not happened yet")


def kept_text(form: Form, name: str, missing: Words | None = None) -> str:
    """A text as the books keep it, needed where `missing` says what is said without it.

    One with a person's number in it is not even shown again.
    """
    said = form.text(name, missing is not None, LONGEST, missing or MISSING)
    if holds_a_person(form.raw(name)):
        form.values[name] = ""
    return form.tried(name, lambda: kept(said, name)) or ""


def lies_ahead(when: When) -> bool:
    """Whether the moment has not begun yet."""
    return when.first > int(utc_now().timestamp() * 1_000_000)
