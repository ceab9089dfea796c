"""What people wrote in Markdown, as HTML that can do nothing but be read, with the studies that it cites named and linked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from tasks.publish.pages.plain import plain

_CITATION = re.compile(r"\[(@[^\]\[]+)\]")
_ID = re.compile(r"@([A-Za-z0-9-]+)")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_UNKNOWN = "a study that is not in this release"


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables. HTML is text, only safe addresses are links, and nothing is loaded: images are links."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def prose(text: str, references: Mapping[str, str]) -> Markup:
    """The text; ``references`` are what readers see for each id that it may cite, as in (Doe and Roe, 2012; Poe, 2015)."""

    def told(found: re.Match[str]) -> str:
        named = [references.get(one, _UNKNOWN) for one in _ID.findall(found[1])]
        return "(" + "; ".join(_PUNCTUATION.sub(r"\\\1", plain(name)) for name in named) + ")" if named else found[0]

    html: str = _markdown().render(_CITATION.sub(told, text))
    return Markup(_aligned(_deeper(html)))


def _aligned(html: str) -> str:
    """Cells aligned by a class: the policy of the page lets no style into an element."""
    return re.sub(r'<(t[hd]) style="text-align:(left|right|center)">', r'<\1 class="\2">', html)


def _deeper(html: str) -> str:
    """Headings two levels further down, since the page has its own: <h1> becomes <h4>, and none goes below <h6>."""
    return re.sub(r"<(/?)h([1-6])>", lambda found: f"<{found[1]}h{min(6, int(found[2]) + 3)}>", html)
