"""RIS, the format in which nearly every bibliographic database exports, read with tolerance for its dialects, and written.

A record starts at each ``TY`` line. It ends at ``ER``, or, where that is missing, at the next ``TY`` or the end of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from tasks.formats import ris_fields
from tasks.formats import ris_tags as tags
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, decode, outside, protect

NAME = "ris"
_TAG = re.compile(r"([A-Za-z][A-Za-z0-9]{1,3})(  ?)-(.*)", re.DOTALL)
_START = re.compile(r"(?:TY|ty|Ty)(?:  ?- |  -|  ?-$)")
_ODD_START = re.compile(rf"([^\S\n]*)TY([^\S\n]*[-–—:])[^\S\n]*(?:{'|'.join(sorted({*tags.TYPES, *tags.OTHER_TYPES}))})\s*")
_PREAMBLE = re.compile(
    r"(?:Provider|Database|Content|DBMS)\s*:.*|Record #?\d+ of \d+\.?|<?\d+[.>]?|%+|-{3,}|={3,}|\x1a", re.IGNORECASE
)
_HEADING = re.compile(r"Provider: .*|Content: (?:text/plain|application/).*|Record #\d+ of \d+")
_INSIDE = tags.KNOWN - {"TY", "ER"}
_OWN_LINE = frozenset({"KW", "K1", "AU", "A1"})  # a line more under these is a value more (EndNote, EPPI-Reviewer)


def first(text: Text) -> int | None:
    """The 0-based line of the first ``TY``."""
    found = next((number for number, line in enumerate(text.lines) if _START.match(line)), None)
    return _odd(text.lines) if found is None else found


def _odd(lines: list[str]) -> int | None:
    """The line of the first ``TY`` with a known type that is indented, or not parted from its type as it should be."""
    likely = (number for number, line in enumerate(lines) if "TY" in line[:24] and not _START.match(line))
    return next((number for number in likely if _ODD_START.fullmatch(lines[number])), None)


def parse(data: bytes) -> Parsed:
    """Read a RIS file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the RIS records of a decoded file."""
    while (odd := _odd(text.lines)) is not None:
        text = replace(text, lines=_straightened(text.lines, odd))
    reader = _Reader(text)
    reader.read()
    return Parsed(
        format=NAME, encoding=text.encoding, starts=reader.starts, references=tuple(reader.references),
        rejected=tuple(reader.rejected), warnings=(*text.warnings, *reader.warnings()),
    )  # fmt: skip


def _straightened(lines: list[str], odd: int) -> list[str]:
    """Lines whose tags look like that of this ``TY`` (with tabs, no-break spaces, a dash, indented) as they should look."""
    shape = _ODD_START.fullmatch(lines[odd])
    assert shape is not None
    tag = re.compile(rf"{re.escape(shape[1])}([A-Z][A-Z0-9]){re.escape(shape[2])}[^\S\n]?", re.ASCII)
    return [f"{found[1]}  - {line[found.end() :]}" if (found := tag.match(line)) else line for line in lines]


class _Reader:
    """The state between two lines: the record that is open, if any, and its values so far."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.starts = 0
        self.references: list[Reference] = []
        self.rejected: list[Rejected] = []
        self._strays: list[tuple[int, str]] = []
        self._unended: list[int] = []
        self._open: int | None = None  # the line of TY
        self._last = 0  # the last line that belongs to the record
        self._spaced = True  # tags of this record are followed by two spaces, as the specification says, not by one
        self._blank = False
        self._pairs: list[tuple[str, str]] = []
        self._more: list[str] = []

    def read(self) -> None:
        """Read all lines; most of them are a tag and its value inside a record, and are dealt with here, for speed."""
        for number, line in enumerate(self.text.lines):
            if line[2:6] == "  - " and line[:2] in _INSIDE and self._open is not None:
                if self._more:
                    self._flush()
                self._last, self._blank = number, False
                self._pairs.append((line[:2], line[6:]))
            else:
                self._line(number, line)
        self._end()

    def _line(self, number: int, line: str) -> None:
        tag, value = self._tagged(line)
        if tag == "TY":
            self._end()
            self.starts += 1
            self._open, self._last, self._pairs, self._more, self._blank = number, number, [], [], False
            self._spaced = line[3:4] == " "
        elif self._open is None:
            if line and line.strip() and not _PREAMBLE.fullmatch(line.strip()):
                self._strays.append((number, line))
            return
        if tag == "ER":
            self._last = number
            self._close()
        elif tag:
            self._last = number
            self._flush()
            self._pairs.append((tag, value))
        elif line.strip():
            if self._blank and _HEADING.fullmatch(line.strip()):
                return  # the heading of the next record; this one has no ER
            self._continue(number, line)
        self._blank = not tag and not line.strip()

    def _tagged(self, line: str) -> tuple[str, str]:
        """Tag and value, or an empty tag for a line that goes on with the text before it."""
        match = _TAG.match(line)
        if match is None:
            return "", ""
        tag, spaces, value = match.groups()
        name = tag.upper()
        known = name in tags.KNOWN
        if spaces == "  ":
            good = known or (len(tag) == 2 and tag == name)
        else:  # "UK - based" may begin a line of an abstract, so a single space counts only in records that began with it
            start = self._open is None or not self._spaced or value.strip() in tags.TYPES or value.strip() in tags.OTHER_TYPES
            good = known and tag == name and value[:1] in ("", " ") and (start if name == "TY" else not self._spaced)
        if not good or (name == "ER" and value.strip()):
            return "", ""  # an ER with text after it is a line of an abstract
        return name, value

    def _continue(self, number: int, line: str) -> None:
        self._last = number
        tag = self._pairs[-1][0]
        if tag in _OWN_LINE or tag == "TY":
            self._flush()
            if tag == "TY":
                self._strays.append((number, line))
            else:
                self._pairs.append((tag, line))
        else:
            self._more.append(line)

    def _flush(self) -> None:
        if self._more:
            tag, value = self._pairs[-1]
            self._pairs[-1] = (tag, " ".join((value, *self._more)))
            self._more = []

    def _close(self) -> None:
        if self._open is None:
            return
        self._flush()
        offset, length = self.text.span(self._open, self._last)
        reference = ris_fields.reference(offset, length, self._pairs)
        if reference is not None:
            self.references.append(reference)
        else:
            data = self.text.data[offset : offset + length]
            reason = "the record has a type (TY) but no other field"
            self.rejected.append(Rejected(offset, length, self._open + 1, reason, data))
        self._open = None

    def _end(self) -> None:
        """End a record that has no ER of its own."""
        if self._open is not None:
            self._unended.append(self._open + 1)
            self._close()

    def warnings(self) -> tuple[str, ...]:
        strays = outside(self._strays, "text that belongs to no field of a record")
        if not self._unended:
            return strays
        shown = ", ".join(map(str, self._unended[:5])) + (", …" if len(self._unended) > 5 else "")
        return (*strays, f"records without an end line (ER): {len(self._unended)}, starting in line {shown}")


def write(references: Iterable[Reference]) -> bytes:
    """RIS in UTF-8 with CR LF; `parse` of it gives the same fields (offsets, lengths and warnings aside)."""
    return "".join("".join(f"{tag}  - {value}\r\n" for tag, value in _lines(item)) + "\r\n" for item in references).encode()


def _lines(item: Reference) -> list[tuple[str, str]]:
    other = list(item.other)
    code = tags.WRITTEN.get(item.type or "", "GEN") if item.type else ""
    given = next((value for tag, value in other if tag == "TY"), None)
    if given is not None and tags.TYPES.get(given.upper(), "other") == item.type:
        other.remove(("TY", given))
        code = given
    ends = re.fullmatch(r"([^\s-]+)-([^\s-]+)", item.pages or "")
    start, end = (ends[1], ends[2]) if ends else (item.pages, None)
    if start and item.type in ris_fields.COUNTED and ris_fields.COUNT.fullmatch(start):
        end = end or start  # one page, which is not to read back as their number
    year = None if item.year is None else str(item.year)
    date = item.date.split("-") if item.date and item.date != year else None
    pairs: list[tuple[str, str | None]] = [
        ("TI", item.title), *(("AU", name) for name in item.authors), ("PY", year),
        ("DA", "/".join((*date, "", "")[:3]) + "/" if date else None), ("T2", item.journal), ("VL", item.volume),
        ("IS", item.issue), ("SP", start), ("EP", end), ("DO", item.doi),
        *(("SN", number) for number in item.issn + item.isbn), ("AB", item.abstract), *(("KW", word) for word in item.keywords),
        ("LA", item.language), ("PB", item.publisher), *(("UR", link) for link in item.urls), ("AN", item.accession),
        ("DB", item.database), ("U1", f"{item.pmid}[pmid]" if item.pmid else None), *(("N1", note) for note in item.notes),
        *((tags.OWN, f"{tags.NOTICE_PREFIX}|{notice}") for notice in item.notices), *_left(other),
    ]  # fmt: skip
    lines = [(tag, protect(" ".join(value.split()))) for tag, value in pairs if value]
    return [("TY", code), *lines, ("ER", "")]


def _left(other: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What no field took: under its own tag where that reads back in the same order, else under ours."""
    owned = [(tags.OWN, f"{tags.OWN_PREFIX}|{tag}|{value}") for tag, value in other]
    first = next((at for at, (tag, _) in enumerate(other) if tag in tags.FREE), len(other))
    groups = [tag for tag, _ in groupby(other[first:], key=lambda pair: pair[0])]
    plain = len(groups) == len(set(groups)) and tags.FREE.issuperset(groups)
    return [*owned[:first], *other[first:]] if plain else owned
