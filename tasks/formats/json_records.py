"""Records in a JSON document, each with the bytes it stands in, so that any doubt can be settled against the raw page.

The standard library's parser does the work value by value (`raw_decode`), which tells where each record begins and ends; a
document that is cut short or damaged in the middle still gives the records before the damage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, decode

Record = dict[str, object]
Read = Callable[[Record, int, int], Reference | str]  # the reference, given offset and length, or the reason why it is none

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class Cut(Exception):
    """The document ends or breaks at a character."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at


@dataclass(frozen=True, slots=True)
class Found:
    """One element of an array: where it begins and ends in the text, and its value."""

    start: int
    end: int
    value: object


@lru_cache(maxsize=2)
def _loaded(data: bytes) -> object:
    try:
        return json.loads(decode_text(data)[0])
    except (ValueError, RecursionError):
        return None


def document(text: Text) -> object:
    """The whole document, or None where the file is no JSON: what formats recognise themselves by."""
    head = next((line for line in text.lines if line.strip()), "").lstrip()
    return _loaded(text.data) if head[:1] in ("{", "[") else None


def has_list(data: bytes, path: tuple[str, ...]) -> bool | None:
    """Whether an array begins at ``path``, told without reading beyond; None where the document breaks before."""
    text, _ = decode_text(data)
    try:
        at = _skip(text, 0)
        for name in path:
            at = _member(text, at, name)
            if at < 0:
                return False
    except Cut:
        return None
    return text[at : at + 1] == "["


def decode_text(data: bytes) -> tuple[str, str]:
    """The document as text, and its encoding; bytes are read as in any export file."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace"), "utf-8"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = decode(data).encoding
        return data.decode(encoding, "replace").lstrip("\ufeff"), encoding


def parse(name: str, data: bytes, path: tuple[str, ...], read: Read) -> Parsed:
    """Reads each object of the array at ``path`` (() for a document that is itself the array, or the one record).

    A record that ``read`` refuses, an element that is no object, and whatever follows a break are rejected with their bytes.
    """
    text, encoding = decode_text(data)
    place = _Place(data, text, encoding)
    references: list[Reference] = []
    rejected: list[Rejected] = []

    def refuse(start: int, end: int, reason: str) -> None:
        offset, length = place.span(start, end)
        rejected.append(Rejected(offset, length, text.count("\n", 0, start) + 1, reason, data[offset : offset + length]))

    try:
        for found in elements(text, path):
            if not isinstance(found.value, dict):
                refuse(found.start, found.end, f"a record is to be an object, not {type(found.value).__name__}")
                continue
            offset, length = place.span(found.start, found.end)
            read_as = read(found.value, offset, length)
            if isinstance(read_as, Reference):
                references.append(read_as)
            else:
                refuse(found.start, found.end, read_as)
    except Cut as cut:
        refuse(cut.at, len(text), str(cut))
    return Parsed(name, encoding, len(references) + len(rejected), tuple(references), tuple(rejected))


def elements(text: str, path: tuple[str, ...]) -> Iterator[Found]:
    """The elements of the array at ``path``; none where the path leads nowhere. Raises `Cut` where the document breaks."""
    at = _skip(text, 0)
    for name in path:
        at = _member(text, at, name)
        if at < 0:
            return
    if text[at : at + 1] != "[":
        start, (value, end) = at, _value(text, at)
        if value is not None and (path == () or isinstance(value, dict)):
            yield Found(start, end, value)  # a document that is one record
            if path == ():
                _end(text, end)
        return
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        start, (value, end) = at, _value(text, at)
        yield Found(start, end, value)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            raise Cut(at, "the list of records breaks off here")
    if path == ():
        _end(text, at + 1)


def _end(text: str, at: int) -> None:
    at = _skip(text, at)
    if at < len(text):
        raise Cut(at, "the document ends here, and more follows")


def _member(text: str, at: int, name: str) -> int:
    """Where the value of a member begins, or -1 where the object has none of that name."""
    if text[at : at + 1] != "{":
        return -1
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        key, end = _value(text, at)
        at = _skip(text, end)
        if text[at : at + 1] != ":":
            raise Cut(at, "the document breaks off here")
        at = _skip(text, at + 1)
        if key == name:
            return at
        _, end = _value(text, at)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "}":
            raise Cut(at, "the document breaks off here")
    return -1


def _value(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        raise Cut(at, "nested too deeply to be read") from None
    except ValueError as error:
        raise Cut(at, f"no whole JSON value: {error}") from None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


class _Place:
    """Characters to bytes, going forward through the text."""

    def __init__(self, data: bytes, text: str, encoding: str) -> None:
        self._text, self._encoding = text, encoding
        mark = 3 if data.startswith(b"\xef\xbb\xbf") else 2 if encoding.startswith("utf-16") else 0
        self._plain = len(text) + mark == len(data)
        self._mark, self._size = mark, len(data)
        self._char, self._byte = 0, mark

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offset and length in bytes of ``text[start:end]``."""
        if self._plain:
            return start + self._mark, end - start
        if start < self._char:
            self._char, self._byte = 0, self._mark
        offset = self._byte + self._bytes(self._char, start)
        length = self._bytes(start, end)
        self._char, self._byte = end, offset + length
        return min(offset, self._size), min(length, max(0, self._size - offset))

    def _bytes(self, start: int, end: int) -> int:
        return len(self._text[start:end].encode(self._encoding, "replace"))
