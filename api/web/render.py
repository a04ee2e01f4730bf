"""Pages out of templates: every text escaped, every word in one language, and what every page stands in."""

import secrets
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.notice.page import pointed
from api.notice.words import day_or_instant
from api.web.assets import address
from api.web.menu import menu_of
from api.web.visits import Visit
from api.web.words import TAGS, WORDS
from engine.vocabulary import Words

Said = Mapping[str, Words]

_TEMPLATES = Path(__file__).with_name("templates")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def page(
    visit: Visit, template: str, words: Said | None = None, status: int = 200,
    headers: Mapping[str, str] | None = None, **context: Any,
) -> HTMLResponse:  # fmt: skip
    """The page of that template in the visitor's language; `words` are those of the page, beside the common ones."""
    if not visit.form.sound and status == 200:
        status = 422
    text = (
        _templates()
        .get_template(template)
        .render(
            visit=visit,
            lang=visit.lang,
            tag=TAGS[visit.lang],
            menu=menu_of(visit),
            say=sayer(visit.lang, words),
            form=visit.form,
            once=secrets.token_hex(16),
            **context,
        )
    )
    said = {
        "Content-Security-Policy": POLICY, "Content-Language": TAGS[visit.lang], "Vary": "Cookie, Accept-Language",
        "Referrer-Policy": "same-origin",  # so that a form says where it comes from, to us and to nobody else
    }  # fmt: skip
    return HTMLResponse(text, status, {**said, **(headers or {})})


def sayer(lang: str, words: Said | None = None) -> Callable[..., str]:
    """Says a word of the page, or a common one, with its parts filled in."""
    known = {**WORDS, **(words or {})}

    def say(key: str, **parts: object) -> str:
        said = known[key].say(lang)
        return said.format(**parts) if parts else said

    return say


def _shown(value: object) -> object:
    """Texts of any source: what our letters lack has its code point beside it. Macros did it before."""
    return pointed(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_shown,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    templates.globals["asset"] = address
    templates.filters["when"] = day_or_instant
    return templates
