"""The words of pieces of HTML, and of whole pages, as people read them."""

from __future__ import annotations

import codecs
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.formats.json_values import whole
from tasks.formats.text import Text, clean

LONGEST = 1_500  # letters of a text that stands for an abstract
NO_TEXT = "script, style, iframe, figure, noscript, form, template, a.more-link"
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_BEGINNING = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_DECLARED_WITHIN = 4_096  # bytes in which browsers look for the charset, and some more


def is_page(data: bytes) -> bool:
    """Whether a file begins as a web page does; browsers write a comment above a page that they save."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    head = data[:_DECLARED_WITHIN].decode("utf-16" if wide else "utf-8-sig", "ignore")
    return _BEGINNING.match(head) is not None


def page(text: Text) -> LexborHTMLParser:
    """A page as a tree, by the charset that it declares (HTML Standard, 13.2.3), else as the file was decoded."""
    return LexborHTMLParser(written(text).replace("\0", ""))


def written(text: Text) -> str:
    """The text of a page."""
    declared = None if text.encoding.startswith("utf-16") else _CHARSET.search(text.data[:_DECLARED_WITHIN])
    if declared is not None:
        try:
            name = codecs.lookup(declared[1].decode()).name
            if name not in ("utf-8", "ascii", "iso8859-1", "cp1252") and not name.startswith("utf-16"):
                return text.data.decode(name, "replace")
        except (LookupError, UnicodeDecodeError):
            pass
    return text.data.decode(text.encoding, "replace").removeprefix("\ufeff")


def plain(value: object) -> str | None:
    """The words of a piece of HTML, without the link that only leads to the rest; None where it has none."""
    if not isinstance(value, str):
        return None
    value = whole(value)
    if "<" not in value:
        return clean(value)
    tree = LexborHTMLParser(value.replace("\0", ""))
    for node in tree.css(NO_TEXT):
        node.decompose()
    return clean(tree.body.text(separator=" ")) if tree.body else None


def words(node: LexborNode | None) -> str | None:
    """The words inside an element, white space single."""
    return None if node is None else clean(whole(node.text(separator=" ")))


def shortened(value: str | None, longest: int = LONGEST) -> str | None:
    """The beginning of a text that is too long to stand for an abstract."""
    if value is None or len(value) <= longest:
        return value
    return value[:longest].rsplit(" ", 1)[0] + " …"
