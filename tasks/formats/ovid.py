"""Ovid's text exports: records numbered ``<1. >``, tagged (.cgi, .ovd: "VN  - Ovid Technologies") or with labels in full.

Each Ovid database has tags of its own (Ovid's field guides), so the same tag stands for other things than in MEDLINE as
PubMed writes it: IS is an ISSN, ID are key concepts. Some exports have one space before the hyphen or are indented as a whole.
In the labelled form a label has a line of its own and its values stand under it, indented, one to a line.
"""

from __future__ import annotations

import re

from tasks.formats import ovid_fields, tagged
from tasks.formats.reference import Parsed
from tasks.formats.tagged import Record
from tasks.formats.text import Text, decode

NAME = "ovid"
_NUMBER = re.compile(r"\s{0,3}<\s*\d{1,7}\s*\.?\s*>\s*")
_VENDOR = re.compile(r"\s{0,3}VN {1,2}- ?Ovid Technologies\b.*")
_HINT = re.compile(rb"<\s*\d{1,7}\s*\.?\s*>|Ovid Technologies")
_TAG = re.compile(r"([A-Z][A-Z0-9])( {1,2})-(?: (.*)|\s*)", re.DOTALL)
_LABEL = re.compile(r"[A-Z][^\s.;,].{0,58}[^\s.;,]")
_PREAMBLE = re.compile(r"\x1a|%+|-{3,}|={3,}")
_PROSE = frozenset({"AB", "TI", "TT", "SO"})  # values that may be broken over lines; of all others each line is a value


def first(text: Text) -> int | None:
    """The 0-based line of the first record: its number, or Ovid's name where it has none."""
    if not (text.encoding.startswith("utf-16") or _HINT.search(text.data)):
        return None  # a look at the bytes, which is quick
    for number in _starts(text):
        if _VENDOR.fullmatch(text.lines[number]):
            return number
        below = next((line for line in text.lines[number + 1 : number + 12] if line.strip()), "")
        match = _TAG.fullmatch(below.strip())
        if _VENDOR.fullmatch(below) or (match and match[1] in ovid_fields.TAGS) or _normal(below) in ovid_fields.LABELS:
            return number
    return None


def parse(data: bytes) -> Parsed:
    """Read an Ovid text export."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the Ovid records of a decoded file."""
    starts = _starts(text)
    head = starts[0] if starts else len(text.lines)
    strays = [(number, line) for number, line in enumerate(text.lines[:head]) if line.strip()]
    ends = [*starts[1:], len(text.lines)]
    records = [_record(text, start, end, strays) for start, end in zip(starts, ends, strict=False)]
    strays = [(number, line) for number, line in strays if not _PREAMBLE.fullmatch(line.strip())]
    reason = "the record has a number but no field"
    return tagged.parsed(NAME, text, records, ovid_fields.reference, reason, strays=strays)


def _starts(text: Text) -> list[int]:
    """The lines at which records start: a number with a tag, a label, a number or nothing under it, or Ovid's own name."""
    starts: list[int] = []
    numbered = False  # nothing but blank lines since a number
    for number, line in enumerate(text.lines):
        if "<" in line and _NUMBER.fullmatch(line):
            below = next((after for after in range(number + 1, len(text.lines)) if text.lines[after].strip()), None)
            if below is None or _opens(text, below):
                starts.append(number)
                numbered = True
        elif "VN" in line and _VENDOR.fullmatch(line):
            if not numbered:
                starts.append(number)
            numbered = False
        elif numbered and line.strip():
            numbered = False
    return starts


def _opens(text: Text, number: int) -> bool:
    """Whether a line can be the first one of a record's content."""
    line = text.lines[number]
    bare = line.strip()
    return bool(_TAG.fullmatch(bare) or _NUMBER.fullmatch(line) or _labels(text, number, bare))


def _labels(text: Text, number: int, bare: str) -> bool:
    """Whether a line is a label: a known one, or a short one with indented text right under it."""
    if _normal(bare) in ovid_fields.LABELS:
        return True
    under = text.lines[number + 1] if number + 1 < len(text.lines) else ""
    return bool(_LABEL.fullmatch(bare)) and under[:1].isspace() and bool(under.strip())


def _normal(label: str) -> str:
    return " ".join(label.lower().strip(" .:").split())


def _record(text: Text, start: int, end: int, strays: list[tuple[int, str]]) -> Record:
    """The values of the record in these lines; text that cannot be part of it becomes a stray."""
    record = Record(start, start)
    opening = text.lines[start]
    indent = len(opening) - len(opening.lstrip())
    space: str | None = None  # what stands between tag and hyphen in this record; "" in one with labels
    label = ""  # the label under which the next values stand
    blank = False
    for number in range(start if _VENDOR.fullmatch(opening) else start + 1, end):
        raw = text.lines[number]
        if not raw.strip():
            blank = True
            continue
        line = raw[indent:] if not raw[:indent].strip() else raw
        match = _TAG.fullmatch(line) if space != "" else None
        if space is None:
            space = match[2] if match else ""
        if match and match[2] == space and (len(space) == 2 or match[1] in ovid_fields.TAGS):
            label = ""
            record.add(number, match[1], match[3] or "")
        elif space == "" and not line[0].isspace() and _labels(text, number, line.strip()):
            label = ovid_fields.LABELS.get(_normal(line), line.strip(" .:"))
            record.last = number
        elif label and (record.values[-1][0] if record.values else "") != label:
            record.add(number, label, line)
        elif not record.values or (blank and not line[0].isspace() and record.values[-1][0] != "AB"):
            strays.append((number, raw))
            continue
        elif record.values[-1][0] in _PROSE or not (space == "" or blank):
            record.extend(number, line)
        else:
            record.add(number, record.values[-1][0], line)
        blank = False
    return record
