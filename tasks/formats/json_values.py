"""Values out of JSON records whose members may be absent, null, or of another type than the source documents.

Nothing here raises: a member of an unexpected type is as if it were absent.
"""

from __future__ import annotations

import re

from tasks.formats import json_records
from tasks.formats.json_records import Record
from tasks.formats.markup import plain
from tasks.formats.reference import Parsed, Rejected
from tasks.formats.text import REPLACEMENT, Text, clean

_SURROGATE = re.compile("[\ud800-\udfff]")


def text(value: object) -> str | None:
    """A string or number as clean text. Half of a surrogate pair, which JSON can write and UTF-8 cannot, becomes U+FFFD."""
    if isinstance(value, str):
        return clean(whole(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def prose(value: object) -> str | None:
    """A title or abstract as plain text without markup."""
    return plain(whole(value)) if isinstance(value, str) else None


def whole(value: str) -> str:
    """The string without halves of surrogate pairs, so that it can be written as UTF-8."""
    return value if value.isascii() else _SURROGATE.sub(REPLACEMENT, value)


def member(value: object, *names: str) -> object:
    """The value at a path of member names, or None where it leads nowhere."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def records(value: object) -> list[Record]:
    """The objects of an array; an object that stands where an array is expected is one of its kind."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """The clean strings of an array, or the one string that stands in its place."""
    found = [text(one) for one in value] if isinstance(value, list) else [text(value)]
    return [one for one in found if one]


def year(value: object) -> int | None:
    """A year as a number or a string of four digits."""
    found = text(value)
    return int(found) if found and re.fullmatch(r"1[4-9]\d\d|20\d\d|2100", found) else None


def place(text: Text, listed: tuple[str, ...]) -> tuple[str, ...]:
    """Where a document has its records: at ``listed`` if an array is there, else the document is itself the record, at ().

    A document that breaks off has no members to look at, so the name of the array has to do.
    """
    found = json_records.has_list(text.data, listed)
    if found is None:
        return listed if f'"{listed[-1]}"'.encode() in text.data else ()
    return listed if found else ()


def parse(name: str, text: Text, path: tuple[str, ...], read: json_records.Read) -> Parsed:
    """Reads the records at ``path``; a file that has no list there and no record is rejected as a whole."""
    parsed = json_records.parse(name, text.data, path, read)
    if parsed.starts or json_records.has_list(text.data, path):
        return parsed
    whole = Rejected(0, len(text.data), 1, f"no JSON document with {'.'.join(path) or 'records'}", text.data)
    return Parsed(name, parsed.encoding, 1, (), (whole,))
