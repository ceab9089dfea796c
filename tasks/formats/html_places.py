"""Where the elements of a page stand in its bytes, which a parser of HTML does not tell.

Each start tag gets its place as an attribute before the page is parsed. Comments and the insides of scripts are passed over. An
element ends at its end tag, or where the next of its kind begins, as lists often leave end tags out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.formats import html_text
from tasks.formats.text import Text

ATTRIBUTE = "data-evimap-at"
_OPENING = re.compile(rb"<(?:(?P<comment>!--)|(?P<other>[!?])|(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*))")
_COMMENT_END = re.compile(rb"--!?>")
_QUOTE_OR_END = re.compile(rb">|=\s*([\"'])")
_RAW = frozenset(b"script style textarea title xmp iframe noembed noframes".split())  # nothing inside them is a tag
_VOID = frozenset(b"area base br col embed hr img input link meta source track wbr".split())


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a tree, whose elements can be found in the bytes."""

    tree: LexborHTMLParser
    _data: bytes
    _tokens: list[tuple[int, int, bytes, bool]]  # start, end, name, whether it is a start tag
    _order: dict[int, int]  # of the token that starts at a byte
    _wide: bool  # the file is UTF-16, and read as UTF-8

    def spans(self, nodes: list[LexborNode]) -> list[tuple[int, int]]:
        """Offset and length of each element; none reaches into the next, and each has a place of its own."""
        starts = [self._start(node) for node in nodes]
        limits = sorted({start for start in starts if start is not None})
        following = dict(zip(limits, [*limits[1:], len(self._data)], strict=True))
        found: list[tuple[int, int]] = []
        for start in starts:
            first, last = (0, len(self._data)) if start is None else (start, self._end(start, following[start]))
            offset = self._byte(first)
            found.append((offset, self._byte(last) - offset))
        return found

    def _byte(self, at: int) -> int:
        """The place in the bytes of the file, where these are UTF-16."""
        if not self._wide:
            return at
        return 2 + len(self._data[:at].decode("utf-8", "replace").encode("utf-16-le"))

    def _start(self, node: LexborNode) -> int | None:
        inside = [node, *node.css(f"[{ATTRIBUTE}]")]
        told = next((value for one in inside if (value := one.attributes.get(ATTRIBUTE))), None)
        return int(told) if told and told.isdecimal() and int(told) in self._order else None

    def _end(self, start: int, limit: int) -> int:
        _, end, name, _ = self._tokens[self._order[start]]
        if name in _VOID:
            return end
        depth = 0
        for at in range(self._order[start], len(self._tokens)):
            begin, end, other, opens = self._tokens[at]
            if begin >= limit:
                break
            if other == name:
                depth += 1 if opens else -1
                if depth == 0:
                    return end
        return limit


def page(text: Text) -> Page:
    """A page with the places of its elements."""
    wide = text.encoding.startswith("utf-16")
    data = html_text.written(text).encode("utf-8", "replace") if wide else text.data
    tokens = list(_tokens(data))
    pieces: list[bytes] = []
    done = 0
    for start, _, name, opens in tokens:
        if opens:
            at = start + 1 + len(name)
            pieces += [data[done:at], b' %s="%d"' % (ATTRIBUTE.encode(), start)]
            done = at
    marked = b"".join([*pieces, data[done:]])
    order = {token[0]: number for number, token in enumerate(tokens) if token[3]}
    tree = html_text.page(Text(marked, "utf-8" if wide else text.encoding, [], []))
    return Page(tree, data, tokens, order, wide)


def _tokens(data: bytes) -> Iterator[tuple[int, int, bytes, bool]]:
    """The tags of a page as a browser sees them (HTML Standard, 13.2.5): start, end, name, and whether it is a start tag.

    What is not closed is no tag, and nothing after it is one.
    """
    at = 0
    while opening := _OPENING.search(data, at):
        if opening["comment"]:
            closing = _COMMENT_END.search(data, opening.start() + 2)
            at = closing.end() if closing else -1
        else:
            at = _tag_end(data, opening.end())
        if at < 0:
            return
        if opening["name"]:
            name = opening["name"].lower()
            yield opening.start(), at, name, not opening["end"]
            if name in _RAW and not opening["end"]:
                closing = re.compile(rb"</" + name + rb"[\s/>]", re.IGNORECASE).search(data, at)
                if closing is None:
                    return
                at = closing.start()


def _tag_end(data: bytes, at: int) -> int:
    """Where the tag ends whose name ends at a byte; -1 where it does not."""
    while found := _QUOTE_OR_END.search(data, at):
        if found[1] is None:
            return found.end()
        at = data.find(found[1], found.end()) + 1
        if at == 0:
            return -1
    return -1
