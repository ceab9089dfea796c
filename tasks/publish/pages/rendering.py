"""Templates, filled in: what is not declared to be markup is escaped, and a name that is not given is an error."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tasks.publish.pages.plain import breakable, day, paragraphs, plain
from warehouse.edition import PLACE

TEMPLATES = Path(__file__).with_name("templates")
_NOTES = re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)\s*", re.S | re.M)
_INDENT = re.compile(r"\n\s*")
_SPARE = re.compile(r"(?<=[{};:,])[ \n]|;?[ \n]?(?=})| (?={)")
_SPARE_IN_CODE = re.compile(r" ?([=,;{}():?&|<>]+) ?")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    environment.filters |= {"plain": plain, "paragraphs": paragraphs, "day": day, "breakable": breakable, "number": number}
    environment.globals["edition"] = Markup(PLACE)
    return environment


def number(value: int) -> str:
    """``17,004``."""
    return f"{value:,}"


def render(template: str, /, **values: object) -> str:
    """``template`` with ``values``."""
    return _environment().get_template(template).render(values)


def source(*names: str) -> Markup:
    """Our own stylesheets or scripts, one after another, as they are to stand in a page: without comment and indentation.

    A comment has lines of its own, or stands after code and stays; no text in them goes over several lines.
    """
    whole = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    bare = _INDENT.sub("\n", _NOTES.sub("", whole)).strip()
    if names[0].endswith(".css"):
        return Markup(_tight(bare, _SPARE))
    return Markup("\n".join(_tight(line, _SPARE_IN_CODE) for line in bare.split("\n")))


def _tight(code: str, spare: re.Pattern[str]) -> str:
    """``code`` without what means nothing in it: none within a text, and none where there is more than plain texts."""
    if spare is _SPARE_IN_CODE and re.search(r"[`'/]", code):
        return code
    parts = code.split('"')  # every other one is a text
    return '"'.join(part if n % 2 else spare.sub(lambda found: found[1] if found.lastindex else "", part)
                    for n, part in enumerate(parts))  # fmt: skip


def csp_hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline script or style by: any other is not run, wherever it came from."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
