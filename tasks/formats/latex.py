r"""LaTeX in values of BibTeX exports to plain text: accents, letters and signs read, braces dropped, ``$…$`` left as it is.

Exports are seldom clean LaTeX: a bare ``%`` is a percent sign there and no comment, and a path has backslashes. So what no
rule here reads is left as it stands. Accents: L. Lamport, LaTeX, 2nd edition, table 3.1; names of signs are bibtexparser's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Entry, Field

_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_OWN = {  # what the library has no sign for, and spaces
    "S": "§", "P": "¶", "SS": "ẞ", "euro": "€", "degree": "°", "textsection": "§", "textparagraph": "¶", "slash": "/",
    "quad": " ", "qquad": " ", "par": " ", "newline": " ", "linebreak": " ", "space": " ", "nobreakspace": " ", "lbrace": "{",
    "rbrace": "}", "textquotesingle": "'", "textquotedbl": '"', "textless": "<", "textgreater": ">", "textbar": "|",
    "textasciicircum": "^", "pounds": "£", "copyright": "©", "dag": "†", "ddag": "‡",
}  # fmt: skip
_PLAIN = {"opens": "", "closes": "", "tie": " ", "quotes": "“", "unquotes": "”"}
_SPACES = {"\\": " ", " ": " ", ",": " ", ";": " ", ":": " ", "\n": " ", "!": "", "/": "", "-": "", "@": ""}
_STYLES = frozenset({  # say how the text after them looks
    "bf", "bfseries", "em", "it", "itshape", "mdseries", "normalfont", "relax", "rm", "rmfamily", "sc", "scshape", "sf",
    "sffamily", "sl", "slshape", "small", "tt", "ttfamily", "upshape", "textstyle", "displaystyle", "noopsort", "protect",
    "ensuremath",
})  # fmt: skip
_ACCENT = (
    r"(?:(?P<mark>[`'^\"~=.])\s*|(?P<letter>[uHvdcbrkt])(?![A-Za-z])\s*)"
    r"(?:\{\s*(?:\\(?P<dotless>[ij])(?:\s*\{\})?|(?P<base>[^\W\d_]))(?P<more>[^\W\d_]?)\s*\}"
    r"|\\(?P<bare_dotless>[ij])(?![A-Za-z])\s*(?:\{\})?|(?P<bare>[^\W\d_]))"
)
_TEXT = re.compile(  # each alternative begins with the character that it needs, which makes the search fast
    rf"\\(?P<accent>{_ACCENT})"
    r"|\\(?:url|path|nolinkurl)\s*\{(?P<url>[^{}]*)\}"
    r"|\\href\s*\{(?P<target>[^{}]*)\}\s*\{(?P<said>[^{}]*)\}"
    r"|\\(?P<named>(?P<name>[A-Za-z]+)\*?(?P<gap>\s*\{\}|\s+(?![\s{])|\s*(?=\{))?)"
    r"|\\(?P<escaped>[&%$#_{}]|[\^~](?=\{\}))(?:\{\})?"
    r"|\\(?P<space>[\\ ,;:!/@\n-])"
    r"|\{(?P<opens>)|\}(?P<closes>)"
    r"|\$(?P<maths>(?![\s$])(?:[^$\\]|\\.){1,300}?(?<![\s\\])\$(?!\d))"
    r"|:(?P<link>//[^\s{}\\]+)"
    r"|~(?P<tie>(?<=[\w.,;:)}]~)(?=[^\s~]))"
    r"|-(?P<dash>(?<!--)--?(?!-))"
    r"|`(?P<quotes>`)|'(?P<unquotes>')"
)
_LITERAL = re.compile(r"\\(?:url|path|nolinkurl|href)(?![A-Za-z])|\\([&%$#_~{}^])(?:\{\})?|\\(text[a-z]+)(?:\{\}|\s)?|[{}]")
_DECODER = LatexDecodingMiddleware()


def plain(value: str) -> str:
    """A text without LaTeX."""
    if "\\" in value or "{" in value or "}" in value or "~" in value or "--" in value or "``" in value or "''" in value:
        return _TEXT.sub(_read, value)
    return value


def literal(value: str) -> str:
    """A link or number without LaTeX: only escaped characters are read, so that ``~`` and ``--`` stay."""
    return _LITERAL.sub(_unescaped, value) if "\\" in value or "{" in value or "}" in value else value


def _read(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "escaped":
        return match["escaped"]
    if kind == "accent":
        return _accented(match)
    if kind == "named":
        return _named(match)
    if kind == "space":
        return _SPACES[match["space"]]
    if kind == "dash":
        return "–" if match["dash"] == "-" else "—"
    if kind == "url":
        return literal(match["url"])
    if kind == "said":
        return f"{plain(match['said'])} {literal(match['target'])}"
    return match[0]


def _accented(match: re.Match[str]) -> str:
    mark = _COMBINING[match["mark"] or match["letter"]]
    base = match["dotless"] or match["bare_dotless"] or match["base"] or match["bare"]
    return unicodedata.normalize("NFC", base + mark) + (match["more"] or "")


def _named(match: re.Match[str]) -> str:
    """A command by its name; the white space after it belongs to it."""
    name, gap = match["name"], match["gap"] or ""
    if name in _STYLES:
        return ""
    before_text = "{}" not in gap and match.string.startswith("{", match.end())
    if before_text and len(name) > 2:
        return ""  # \textit{…}: what it is about is kept
    return _sign(name) or match[0]  # what stands for nothing, as in C:\Users, stays


@lru_cache(maxsize=4096)
def _sign(name: str) -> str | None:
    """The sign or letter that a command stands for."""
    if name in _OWN:
        return _OWN[name]
    field = Field("value", f"\\{name}{{}}")
    _DECODER.transform_entry(Entry("misc", "", [field]), Library())
    found = str(field.value)
    return found if 1 <= len(found) <= 2 and (found in ("i", "j") or not found.isascii() or not found.isalnum()) else None


def _unescaped(match: re.Match[str]) -> str:
    if match[2]:
        return _sign(match[2]) or match[0]
    return match[1] or ""
