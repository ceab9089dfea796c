"""Records in an XML document, each with the bytes it stands in.

Expat reads the bytes themselves, so the encoding is the one that the document declares. Nothing is fetched and no entity is
expanded: a document type is accepted (PubMed has one), a declaration of an entity is not. A reference to an entity that
stands in the document type's own file stays as it is written (``&alpha;``), so that no letter is lost. A document that is cut
short still gives the records before the cut.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text

Read = Callable[[Element, int, int], Reference | str]  # the reference, given offset and length, or the reason why it is none
DEEPEST = 200
_HIDDEN = re.compile(rb"<(?:!--.*?--|!\[CDATA\[.*?\]\]|\?.*?\?)>", re.DOTALL)  # what looks like a tag in these is none


class Cut(Exception):
    """The document ends or breaks at a byte."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at


@dataclass(frozen=True, slots=True)
class Found:
    """One record element with its place in the bytes. Names of elements and attributes are without namespace."""

    start: int
    end: int
    element: Element


def root(text: Text) -> str | None:
    """The name of the document's first element without namespace, or None where the file is no XML."""
    head = next((line for line in text.lines if line.strip()), "").lstrip()
    return _root(text.data) if head[:1] == "<" else None


@lru_cache(maxsize=2)
def _root(data: bytes) -> str | None:
    names: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        if not names:
            names.append(_local(name))

    parser.StartElementHandler = start
    with contextlib.suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(data[:65_536], False)
    return names[0] if names else None


def parse(name: str, data: bytes, records: Collection[str], read: Read) -> Parsed:
    """Reads each element whose name is in ``records``; what ``read`` refuses and what follows a break are rejected."""
    references: list[Reference] = []
    rejected: list[Rejected] = []

    def refuse(start: int, end: int, reason: str) -> None:
        piece = data[start:end]
        rejected.append(Rejected(start, len(piece), data.count(b"\n", 0, start) + 1, reason, piece))

    try:
        for found in elements(data, records):
            read_as = read(found.element, found.start, found.end - found.start)
            if isinstance(read_as, Reference):
                references.append(read_as)
            else:
                refuse(found.start, found.end, read_as)
    except Cut as cut:
        refuse(cut.at, len(data), str(cut))
    return Parsed(name, "xml", len(references) + len(rejected), tuple(references), tuple(rejected))


def elements(data: bytes, records: Collection[str]) -> Iterator[Found]:
    """The outermost elements with one of the names, in order. Raises `Cut` at the first record that is not whole."""
    names = frozenset(records)
    at_once = _built_at_once(data, names)
    yield from _Reader(data, names).found() if at_once is None else at_once


def _built_at_once(data: bytes, records: frozenset[str]) -> list[Found] | None:
    """The records of a whole and plain document; None where it has to be read bit by bit."""
    if b"<!ENTITY" in data:
        return None
    try:
        tree = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if b"xmlns" in data or b"xml:" in data:
        _without_namespaces(tree)
    found = list(_outermost(tree, records))
    places = _places(data, records)
    if len(places) != len(found) or any(map(_tags(records).search, _HIDDEN.findall(data))):
        return None
    return [Found(start, end, element) for (start, end), element in zip(places, found, strict=True)]


def _without_namespaces(tree: Element) -> None:
    for one in tree.iter():
        one.tag = one.tag.rpartition("}")[2]
        if one.attrib:
            one.attrib = {key.rpartition("}")[2]: value for key, value in one.attrib.items()}


def _outermost(tree: Element, records: frozenset[str]) -> Iterator[Element]:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if one.tag in records:
            yield one
        else:
            waiting += reversed(one)


def _places(data: bytes, records: frozenset[str]) -> list[tuple[int, int]]:
    """Start and end of each outermost record in the bytes, as far as its tags can be told from the bytes alone."""
    places: list[tuple[int, int]] = []
    open_since: list[int] = []
    for tag in _tags(records).finditer(data):
        if tag["close"]:
            start = open_since.pop() if open_since else tag.start()
        elif tag["empty"]:
            start = tag.start()
        else:
            open_since.append(tag.start())
            continue
        if not open_since:
            places.append((start, tag.end()))
    return places


@lru_cache(maxsize=16)
def _tags(records: frozenset[str]) -> re.Pattern[bytes]:
    """Tags of records; a value of an attribute may hold anything but the mark that ends it."""
    names = "|".join(re.escape(name) for name in sorted(records))
    attributes = r"""(?:\s(?:[^<>"'/]|"[^"<]*"|'[^'<]*')*+)?"""
    return re.compile(rf"<(?P<close>/)?(?:[^\s<>/:]+:)?(?:{names}){attributes}(?P<empty>/)?>".encode())


class _Reader:
    def __init__(self, data: bytes, records: frozenset[str]) -> None:
        self._data, self._records = data, records
        self._done: list[Found] = []
        self._builder: TreeBuilder | None = None
        self._depth = self._inside = 0
        self._start = self._last = 0
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped

    def found(self) -> Iterator[Found]:
        reason: str | None = None
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            reason = f"XML breaks off: {error}"
        except (ValueError, LookupError) as error:
            reason = f"XML cannot be read: {error}"
        yield from self._done
        if reason:
            raise Cut(self._start if self._inside else min(self._last, len(self._data)), reason)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"elements are nested more than {DEEPEST} deep")
        local = _local(name)
        if self._builder is None and local in self._records:
            self._builder, self._inside, self._start = TreeBuilder(), self._depth, self._parser.CurrentByteIndex
        if self._builder is not None:
            self._builder.start(local, {_local(key): value for key, value in attributes.items()})

    def _finish(self, name: str) -> None:
        if self._builder is not None:
            self._builder.end(_local(name))
            if self._depth == self._inside:
                element = self._builder.close()
                end = self._end(element)
                self._done.append(Found(self._start, end, element))
                self._builder, self._inside, self._last = None, 0, end
        self._depth -= 1

    def _end(self, element: Element) -> int:
        """Where the record that was just read ends: Expat stands behind an empty tag, and before an end tag."""
        at = self._parser.CurrentByteIndex
        if not len(element) and not element.text and self._data[self._start : at].endswith((b"/>", b"/\0>", b"/\0>\0")):
            return at
        close = self._data.find(b">", at)
        last = 2 if self._data.startswith(b"\xff\xfe") else 1  # bytes of ">", of which the first was found
        return len(self._data) if close < 0 else close + last

    def _text(self, data: str) -> None:
        if self._builder is not None:
            self._builder.data(data)

    def _skipped(self, name: str, parameter: bool) -> None:
        if not parameter:
            self._text(f"&{name};")

    def _entity(self, name: str, *_rest: object) -> None:
        raise ValueError(f"it declares an entity ({name}), which no source needs")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def text(element: Element | None) -> str:
    """All text inside an element, markup dropped, white space single; "" for None."""
    if element is None:
        return ""
    return " ".join(("".join(element.itertext()) if len(element) else element.text or "").split())
