"""BibTeX as databases and reference managers write it, with tolerance for entries that TeX itself would not read.

Syntax: O. Patashnik, "BibTeXing" (1988), and the biblatex manual. An entry ends where its braces close; the beginning of
another one at the beginning of a line says that they do not, so that a broken entry takes no other with it. Two entries with
the same key are two records: EBSCO and Scopus do not keep keys apart. Names and letters of LaTeX are read in `bibtex_fields`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

from tasks.formats import bibtex_fields
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, decode, outside

NAME = "bibtex"
Pairs = list[tuple[str, str]]

_COMMANDS = ("string", "preamble", "comment")
_TYPES = "|".join(sorted((*bibtex_fields.TYPES, *_COMMANDS), key=len, reverse=True))
_WORD, _FIELD, _GAP = r"[A-Za-z][\w+-]*", r"[A-Za-z][\w.:+/-]*", r"[ \t]*\n?[ \t]*"
_HEAD = re.compile(rf"@[ \t]*(?:({_WORD}){_GAP}\{{|({_TYPES}){_GAP}\()", re.IGNORECASE)
_CERTAIN = re.compile(  # beyond doubt: of a usual type, or with a key and a field
    rf"@[ \t]*(?:(?:{_TYPES}){_GAP}\{{|(?:string|preamble){_GAP}\(|(?:{_WORD}{_GAP}\{{|(?:{_TYPES}){_GAP}\()"
    rf"[^{{}}=\",\n]*,\s*{_FIELD}\s*=)",
    re.IGNORECASE,
)
_ENTRY = re.compile(rf"^[ \t]*(?!@[ \t]*(?:{'|'.join(_COMMANDS)})\b){_CERTAIN.pattern}", re.IGNORECASE | re.MULTILINE)
_MARKS = (re.compile(r"\\.|[{}]", re.DOTALL), re.compile(r"[{}]"))  # a brace behind a backslash is none, or is one
_QUOTES = (re.compile(r"\\.|[{}\")]", re.DOTALL), re.compile(r"[{}\")]"))
_PAIR = re.compile(  # Scopus has names of two words: "funding_text 1", often with a no-break space
    r"[\s,]*([^\s=,{}\"#]+(?:[^\S\n]+[^\s=,{}\"#]+){0,3})\s*=\s*"
)
_BARE = re.compile(r"[^\s,#\"{}=][^,#\"{}=\n]*")
_MORE = re.compile(r"\s*#\s*")
_ONE_LINE = re.compile(rf"[ \t]*({_FIELD}(?:[^\S\n]\d+)?)[ \t]*=[ \t]*(?:\{{(.*)\}}|\"(.*)\"|(\w+))[ \t]*,?[ \t]*")
_LATE = re.compile(rf"^[ \t,]*{_FIELD}\s*=\s*[{{\"\w]", re.MULTILINE)  # a field where no entry is open
_REMARK = re.compile(r"[ \t]*%")
_IDLE = re.compile(r"[\s,;{}()]*|\s*%[^@]*")  # between entries, this is nothing


def first(text: Text) -> int | None:
    """The 0-based line of the first entry: one of a usual type, or of any type with a key and a field."""
    if not any(line.lstrip().startswith("@") for line in text.lines):
        return None
    whole = "\n".join(text.lines)
    found = _ENTRY.search(whole)
    return whole.count("\n", 0, found.start()) if found else None


def parse(data: bytes) -> Parsed:
    """Read a BibTeX file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the BibTeX entries of a decoded file."""
    file = _File(text)
    entries, strays = file.read()
    entries = _with_parents(entries)
    read = [file.made(one, following) for one, following in pairwise([*entries, None]) if one is not None]
    references = tuple(one for one in read if isinstance(one, Reference))
    rejected = tuple(one for one in read if isinstance(one, Rejected))
    warnings = (*text.warnings, *outside(strays, "text that belongs to no entry"))
    if not read and not strays:
        warnings += ("no entry begins in the file",)
    return Parsed(NAME, text.encoding, len(read), references, rejected, warnings)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry with its place in the text; ``fields`` is the reason where they cannot be told."""

    start: int
    end: int
    type: str
    key: str | None
    fields: Pairs | str
    warnings: tuple[str, ...] = ()


def _with_parents(entries: Sequence[_Entry]) -> list[_Entry]:
    """The entries with what they take from the one that their ``crossref`` names, as BibTeX and biblatex do.

    Without it a paper out of DBLP, whose proceedings are an entry of their own, has neither book nor year.
    """
    keyed = {one.key.lower(): one.fields for one in entries if one.key and not isinstance(one.fields, str)}
    found: list[_Entry] = []
    for one in entries:
        if not isinstance(one.fields, str) and (names := [value for name, value in one.fields if name.lower() == "crossref"]):
            parent = keyed.get(" ".join(names[0].split()).lower(), [])
            one = replace(one, fields=[*one.fields, *bibtex_fields.inherited(one.fields, parent)])
        found.append(one)
    return found


class _File:
    """A file as one text, with the places in it where entries begin."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._whole = "\n".join(text.lines)
        self._lines = [0, *accumulate(len(line) + 1 for line in text.lines)]
        self._heads = [match.start() for match in _HEAD.finditer(self._whole) if self._begins(match.start())]
        certain = (at for at in self._heads if _CERTAIN.match(self._whole, at))
        self._certain = [at for at in certain if self._leads(at)]
        self._macros: dict[str, str] = {}

    def read(self) -> tuple[list[_Entry], list[tuple[int, str]]]:
        """The entries in order, and the lines between them that say something (0-based line, text)."""
        entries: list[_Entry] = []
        strays: list[tuple[int, str]] = []
        at = 0
        while True:
            start = _after(self._heads, at, len(self._whole))
            strays += self._outside(at, start)
            if start == len(self._whole):
                return entries, strays
            at = self._block(start, entries)

    def _begins(self, at: int) -> bool:
        """Whether an entry can begin here: at the beginning of a line or behind another one; elsewhere one beyond doubt."""
        line, before = self._lines[self._line(at)], self._back(at, " \t,;")
        if before == line or self._whole[before - 1] in "{}()":
            return True
        return not _REMARK.match(self._whole, line) and _CERTAIN.match(self._whole, at) is not None

    def _block(self, start: int, entries: list[_Entry]) -> int:
        """Reads the block that begins here, and adds it if it is an entry; where it ends."""
        whole = self._whole
        head = _HEAD.match(whole, start)
        assert head is not None
        name, opening = (head[1] or head[2]).lower(), head.end() - 1
        limit = _after(self._certain if _CERTAIN.match(whole, start) else self._heads, start + 1, len(whole))
        marks = 0 if _block_end(whole, opening, limit, 0) else 1
        end = _block_end(whole, opening, limit, marks)
        if name in _COMMANDS:
            found = self._fields(whole[opening + 1 : end - 1], marks) if name == "string" and end else []
            if not isinstance(found, str):
                self._macros.update((macro.lower(), value) for macro, value in found)
            return end or min(self._line_end(start), limit)
        if not end:
            end = _after(self._heads, opening, len(whole))
            before = "the next entry" if end < len(whole) else "the end of the file"
            entries.append(self._by_line(start, end, name, f"the braces of the entry do not close before {before}"))
            return end
        if late := self._late(end):
            entries.append(self._by_line(start, late, name, "the braces of the entry close before its last field"))
            return late
        key, rest = _keyed(whole[opening + 1 : end - 1])
        entries.append(_Entry(start, end, name, key, self._fields(rest, marks)))
        return end

    def _late(self, end: int) -> int:
        """Where an entry ends in fact, whose braces closed at ``end`` but whose fields and closing brace go on; else 0."""
        following = _after(self._heads, end, len(self._whole))
        rest = self._whole[end:following].rstrip()
        within_line = bool(rest.split("\n", 1)[0].strip(" \t,;)}"))
        next_field = rest.count("}") > rest.count("{") and _LATE.match(rest.lstrip(" \t\n,")) is not None
        return following if (within_line or next_field) and rest.endswith(("}", ")")) and _LATE.search(rest) else 0

    def _fields(self, body: str, marks: int) -> Pairs | str:
        """The fields with their values, macros read, or the reason why they cannot be told."""
        pairs: Pairs = []
        at = 0
        while match := _PAIR.match(body, at):
            value, at = self._value(body, match.end(), marks)
            pairs.append((" ".join(match[1].split()), value))
        left = body[at:].strip(", \t\n")
        return f"no field with a value begins at {' '.join(left.split())[:40]!r}" if left else pairs

    def _value(self, body: str, at: int, marks: int) -> tuple[str, int]:
        """A value, which is made of pieces with # between them, and where it ends."""
        value = ""
        while True:
            if body[at : at + 1] == "{":
                end = _closing(body, at, len(body), marks) or len(body)
                value += body[at + 1 : end - 1]
            elif body[at : at + 1] == '"':
                end = _quoted(body, at)
                value += body[at + 1 : end - 1]
            elif bare := _BARE.match(body, at):
                end, word = bare.end(), bare[0].strip()
                value += self._macros.get(word.lower(), word)
            else:
                return value, at
            more = _MORE.match(body, end)
            if more is None:
                return value, end
            at = more.end()

    def _by_line(self, start: int, end: int, name: str, reason: str) -> _Entry:
        """A broken entry, which can be read all the same if each of its lines is one field, whatever the braces inside it."""
        head, *lines = self._whole[start:end].rstrip().split("\n")
        key = _keyed(head[head.find("{") + 1 :])[0]
        closed = bool(lines) and lines.pop().strip() in ("}", ")")
        found = [_ONE_LINE.fullmatch(line) for line in lines if line.strip()]
        if not (closed and found and all(found)):
            return _Entry(start, end, name, key, reason)
        pairs = [(" ".join(match[1].split()), match[2] or match[3] or match[4] or "") for match in found if match]
        return _Entry(start, end, name, key, pairs, (f"{reason}; it was read line by line",))

    def made(self, entry: _Entry, following: _Entry | None) -> Reference | Rejected:
        """The reference that an entry is, or the entry with its bytes and the reason why it is none."""
        offset, length = self._place(entry, following)
        reason = entry.fields
        if not isinstance(reason, str):
            found = bibtex_fields.reference(offset, length, entry.type, entry.key, reason, entry.warnings)
            if found is not None:
                return found
            reason = "the entry has a type but no field with a value"
        data = self._text.data[offset : offset + length]
        return Rejected(offset, length, self._line(entry.start) + 1, reason, data, entry.key)

    def _outside(self, start: int, end: int) -> list[tuple[int, str]]:
        pieces = enumerate(self._whole[start:end].split("\n"), self._line(start))
        return [(number, piece) for number, piece in pieces if not _IDLE.fullmatch(piece)]

    def _place(self, entry: _Entry, following: _Entry | None) -> tuple[int, int]:
        """Offset and length in bytes: whole lines, of which an entry leaves to the next one what begins there."""
        last = self._line(entry.start + len(self._whole[entry.start : entry.end].rstrip()) - 1)
        until = self._text.offsets[last + 1]
        if following is not None and self._line(following.start) == last:
            until = self._byte(following.start)
        offset = self._byte(entry.start)
        return offset, until - offset

    def _byte(self, at: int) -> int:
        """The byte at which an entry begins: the beginning of its line, or its @ if something else is before it."""
        return self._text.offsets[self._line(at)] if self._leads(at) else self._signs[at]

    @cached_property
    def _signs(self) -> dict[int, int]:
        """Where each @ stands in the bytes, for lines in which an entry begins after something else.

        A line has as many of them in its bytes as in its text, whatever else in it could not be decoded.
        """
        sign, found = "@".encode(self._text.encoding), {}
        for line in {self._line(at) for at in self._heads if not self._leads(at)}:
            start, end = self._text.offsets[line], self._text.offsets[line + 1]
            places = [match.start() for match in re.finditer(sign, self._text.data[start:end])]
            whole = (match.start() for match in re.finditer("@", self._text.lines[line]))
            aligned = (place for place in places if place % len(sign) == 0)
            found.update({self._lines[line] + char: start + byte for char, byte in zip(whole, aligned, strict=False)})
        return found

    def _leads(self, at: int) -> bool:
        """Whether nothing but white space is before it in its line."""
        return self._back(at, " \t") == self._lines[self._line(at)]

    def _back(self, at: int, over: str) -> int:
        """Back over characters of this kind, within the line."""
        line = self._lines[self._line(at)]
        while at > line and self._whole[at - 1] in over:
            at -= 1
        return at

    def _line(self, at: int) -> int:
        return bisect_right(self._lines, at) - 1

    def _line_end(self, at: int) -> int:
        return min(self._lines[self._line(at) + 1] - 1, len(self._whole))


def _after(places: Sequence[int], at: int, otherwise: int) -> int:
    found = bisect_left(places, at)
    return places[found] if found < len(places) else otherwise


def _block_end(text: str, opening: int, limit: int, marks: int) -> int:
    """Behind the end of the block that opens here, in braces or parentheses; 0 if it does not close before the limit."""
    if text[opening] == "{":
        return _closing(text, opening, limit, marks)
    depth, quoted = 0, False
    for match in _QUOTES[marks].finditer(text, opening + 1, limit):
        sign = match[0]
        if sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == ")" and depth == 0 and not quoted:
            return match.end()
        depth += (sign == "{") - (sign == "}")
    return 0


def _closing(text: str, opening: int, limit: int, marks: int) -> int:
    """Behind the brace that closes the one that opens here; 0 if there is none before the limit."""
    depth = 0
    for match in _MARKS[marks].finditer(text, opening, limit):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0:
            return match.end()
    return 0


def _quoted(text: str, opening: int) -> int:
    """Behind the quotation mark that closes the one that opens here; one in braces is part of the text."""
    depth = 0
    for match in re.compile(r"[{}\"]").finditer(text, opening + 1):
        depth += (match[0] == "{") - (match[0] == "}")
        if match[0] == '"' and depth <= 0:
            return match.end()
    return len(text)


def _keyed(body: str) -> tuple[str | None, str]:
    """The key, if there is one, and the rest: EBSCO's keys have spaces or are left out, with or without the comma."""
    comma, equals = body.find(","), body.find("=")
    if equals >= 0 and not 0 <= comma < equals:
        return None, body
    key, rest = (body[:comma], body[comma + 1 :]) if comma >= 0 else (body, "")
    return " ".join(key.strip("{} \t\n").split()) or None, rest
