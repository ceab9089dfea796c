"""Text with HTML or JATS markup to plain text: titles and abstracts of the APIs.

Only elements that occur in bibliographic texts are taken for markup, so that ``p < .05`` and ``<b and c>`` stay as they are.
"""

from __future__ import annotations

import re

from tasks.formats.text import clean

_ATTRIBUTES = r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>=]+))*\s*/?"
_INLINE = (  # what is inside belongs to the word around it: H<sub>2</sub>O
    "a|abbr|b|big|bold|em|emphasis|ext-link|font|i|inline-formula|inline-graphic|italic|monospace|named-content|roman|s|sans-serif|"
    "sc|scp|small|span|strike|strong|styled-content|sub|sup|tt|u|underline|uri|xref"
)
_BLOCK = (
    "abstract|abstracttext|alternatives|article-title|blockquote|body|br|break|dd|def|def-item|def-list|disp-formula|disp-quote|"
    "div|dl|dt|fig|graphic|hr|html|label|li|list|list-item|ol|p|para|pre|sec|section|table|tbody|td|tex-math|th|thead|tr|ul"
)
_MATHS = re.compile(
    r"</?(?:mml:[a-z]+|math|m(?:i|n|o|s|row|sub|sup|subsup|text|frac|sqrt|root|over|under|underover|space|style|table|tr|td|fenced))"
    rf"{_ATTRIBUTES}>",
    re.IGNORECASE,
)
_TEX = re.compile(r"<((?:jats:)?tex-math)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(rf"<(?P<name>(?:jats:)?title|h[1-6]){_ATTRIBUTES}>(?P<label>.*?)</(?P=name)\s*>", re.IGNORECASE | re.DOTALL)
_IN = re.compile(rf"</?(?:jats:)?(?:{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE)
_OUT = re.compile(rf"</?(?:jats:)?(?:{_BLOCK}|title|h[1-6]){_ATTRIBUTES}>", re.IGNORECASE)
_ANY_JATS = re.compile(rf"</?jats:[a-z-]+{_ATTRIBUTES}>", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<\?[\w-]+[^<>]*\?>", re.DOTALL)
_HEADINGS = frozenset({"abstract", "abstract:", "abstract."})  # say nothing in a field that is the abstract


def plain(value: str) -> str | None:
    """The value without markup, entities read and white space single; ``None`` when nothing is left.

    Headings of sections become labels ("Methods: …"). Markup that is written in entities (``&lt;i&gt;``) is dropped as well, as
    publishers send it so.
    """
    if "<" in value:
        value = _stripped(value)
    if "&" not in value:
        return clean(value)
    read = clean(value)
    return read and clean(_stripped(read)) if read and "<" in read else read


def _stripped(value: str) -> str:
    value = _HIDDEN.sub("", value)
    if "mml:math" in value:
        value = _TEX.sub(" ", value)  # the same formula a second time, with the preamble of a TeX document
    value = _LABEL.sub(_label, value)
    value = _OUT.sub(" ", _IN.sub("", value))
    return _ANY_JATS.sub(" ", _MATHS.sub("", value))


def _label(match: re.Match[str]) -> str:
    label = " ".join(_OUT.sub(" ", _IN.sub("", match["label"])).split())
    if not label or label.lower() in _HEADINGS:
        return " "
    return f" {label} " if label[-1] in ":.?!" else f" {label}: "
