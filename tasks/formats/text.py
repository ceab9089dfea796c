"""Bytes of an export file to lines of text, without losing where each line stands in the file.

Exports come as UTF-8 with and without a byte order mark, as UTF-16 from spreadsheet programs, and as Windows-1252 or Mac OS
Roman from older reference managers. Nothing is repaired by guessing: a byte that cannot be read stands as U+FFFD, and is
reported.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html.entities import html5
from itertools import accumulate

_MARK = "\ufeff".encode()
REPLACEMENT = "\ufffd"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff]")
_MAC = re.compile(rb"[a-z][\x87-\x8b\x8d-\x90\x98\x9b\x9d\x9f]+(?=[a-z])")  # there áàâäã, çéèê, ò, õ, ù and ü
_WINDOWS = re.compile(rb"[A-Za-z][\xc0-\xd4\xd6-\xff](?=[A-Za-z])")
_NO_LETTER = re.compile(r"[\W_]+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


@dataclass(frozen=True, slots=True)
class Text:
    """A file as lines without their line ends; line ``i`` (0-based) is ``data[offsets[i]:offsets[i + 1]]``."""

    data: bytes
    encoding: str
    lines: list[str]
    offsets: list[int]
    warnings: tuple[str, ...] = ()

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offset and length in bytes of the lines ``first`` to ``last``, both included."""
        return self.offsets[first], self.offsets[last + 1] - self.offsets[first]


def decode(data: bytes) -> Text:
    r"""Read the bytes as text and cut them into lines at CR LF, LF or CR.

    CR CR LF, which a file gets that is written twice by a Windows program, is one line end.
    """
    if (wide := _wide(data)) is not None:
        return _utf16(data, wide)
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    encoding, warnings = _ascii_superset(data, marked=bool(start))
    body = data[start:].replace(b"\r\r\n", b" \r\n")  # same length, so offsets hold
    offsets = [*accumulate(map(len, body.splitlines(keepends=True)), initial=start)]
    lines = body.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()  # behind the last line end, or of an empty file
    return Text(data, encoding, _unmarked(lines) if _MARK in data[start:] else lines, offsets, warnings)


def _ascii_superset(data: bytes, *, marked: bool) -> tuple[str, tuple[str, ...]]:
    """UTF-8 or Windows-1252, or Mac OS Roman where most of its letters would be signs inside words in Windows-1252.

    A file of thousands of records with one character cut in half (EBSCO cuts abstracts by bytes) is UTF-8 with damage: to read
    it as Windows-1252 would turn every other accented letter into two wrong ones. So UTF-8 needs more good than bad sequences.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        known = data.count(REPLACEMENT.encode())
        text = data.decode("utf-8", "replace")
        bad = text.count(REPLACEMENT) - known
        good = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", text)) + known
        if marked or good > bad:
            return "utf-8", (f"{_count(bad, 'sequence')} of bytes not valid as UTF-8, read as U+FFFD",)
        mac, windows = len(_MAC.findall(data)), len(_WINDOWS.findall(data))
        if mac > windows:
            return "mac-roman", ("read as Mac OS Roman, in which the accented letters are inside words",)
        unknown = sum(data.count(byte) for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))
        return "cp1252", (f"{_count(unknown, 'byte')} unknown to Windows-1252, read as U+FFFD",) if unknown else ()
    return "utf-8", ()


def _wide(data: bytes) -> str | None:
    """Which UTF-16 it is, by the mark or, where that is missing, by the zeros before or behind most letters."""
    for encoding, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        if data.startswith(mark):
            return encoding
    head = data[:400]
    zeros = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 8 or sum(zeros) < len(head) / 4 or min(zeros) > max(zeros) / 8:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _utf16(data: bytes, encoding: str) -> Text:
    start = 2 if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
    text = data[start:].decode(encoding, "replace").replace("\r\r\n", " \r\n")
    pieces = _LINE.findall(text)
    ends = accumulate(2 * len(piece) + 2 * sum(char > "\uffff" for char in piece) for piece in pieces)
    offsets = [start, *(min(start + end, len(data)) for end in ends)]
    if pieces:
        offsets[-1] = len(data)  # an odd last byte belongs to the last line
    return Text(data, encoding, _unmarked([piece.rstrip("\r\n") for piece in pieces]), offsets)


def _unmarked(lines: list[str]) -> list[str]:
    """Lines without byte order marks at their beginning: files joined by ``cat`` have them in the middle."""
    return [line.lstrip("\ufeff") if line.startswith("\ufeff") else line for line in lines]


def clean(value: str) -> str | None:
    """The value with HTML entities read, control characters dropped and white space single; ``None`` when nothing is left.

    Only entities that end in a semicolon are read: ``&copy=1`` in a link is no copyright sign.
    """
    value = value.strip(" ")
    if "&" not in value and "  " not in value and value.isprintable():
        return value or None  # nothing to clean, as with most values: white space but the plain one is not printable
    if "&" in value:
        value = _ENTITY.sub(_unescape, value)
    value = " ".join(value.split())
    if not value.isprintable() and _CONTROL.search(value):
        value = " ".join(_CONTROL.sub("", value).split())
    return value or None


def protect(value: str) -> str:
    """The inverse of `clean` for entities: what ``clean`` would read as an entity is written so that it stays as it is."""
    return _ENTITY.sub(lambda match: "&amp;" + match[0][1:], value)


def _unescape(match: re.Match[str]) -> str:
    entity = match[0]
    return html.unescape(entity) if entity[1] == "#" else html5.get(entity[1:], entity)


def outside(strays: Iterable[tuple[int, str]], what: str) -> tuple[str, ...]:
    """Warnings about text (0-based line, text) that belongs to no record; neighbouring lines share one warning."""
    runs: list[tuple[int, int, str]] = []
    for line, text in strays:
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line, runs[-1][2])
        else:
            runs.append((line, line, text))
    return tuple(f"{_where(first, last)}: {what}: {_shortened(text)!r}" for first, last, text in runs)


def damaged(fields: Iterable[tuple[str, str | tuple[str, ...] | None]]) -> tuple[str, ...]:
    """A warning for each named field with U+FFFD in it: letters that were lost before the file reached us."""
    return tuple(
        f"U+FFFD in {name}"
        for name, value in fields
        if value and REPLACEMENT in (value if isinstance(value, str) else "".join(value))
    )


def _where(first: int, last: int) -> str:
    return f"line {first + 1}" if first == last else f"lines {first + 1} to {last + 1}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def title_key(title: str | None) -> str:
    """Letters and digits of a title in lower case without accents: what stays the same when it is typed again."""
    plain = (title or "").lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", title or "").casefold()  # accents stand apart then, and are no letters
    return _NO_LETTER.sub("", plain)
