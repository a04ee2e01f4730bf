"""Self-contained pages for `--format html`: every text escaped by jinja2, nothing loaded from anywhere."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Path(__file__).with_name("templates")
_TAGS = {"zh": "zh-CN", "en": "en"}


def rendered(template: str, lang: str, **values: object) -> bytes:
    """The template of api/cli/templates filled in, in `zh` or `en`, as UTF-8; a name it lacks is an error."""
    return _templates().get_template(f"{template}.html").render(lang=lang, tag=_TAGS[lang], **values).encode()


@cache
def _templates() -> Environment:
    # Always on, not by the file's ending: no template of ours may ever print a text of a pack as markup.
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
