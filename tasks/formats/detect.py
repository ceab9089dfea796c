"""Which format a file is in, told from its content; suffixes lie (PubMed saves MEDLINE as .txt, EBSCO saves RIS as .txt)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tasks.formats import medline, ris, table
from tasks.formats.reference import Parsed, Rejected
from tasks.formats.text import Text, decode


@dataclass(frozen=True, slots=True)
class Format:
    """A format: ``first`` finds the 0-based line at which it can be told, if the text has one; ``parse`` reads the text."""

    name: str
    first: Callable[[Text], int | None]
    parse: Callable[[Text], Parsed]


FORMATS = (
    Format(ris.NAME, ris.first, ris.parse_text),
    Format(medline.NAME, medline.first, medline.parse_text),
    Format(table.NAME, table.first, table.parse_text),
)

_SEEN = (  # formats that are recognised only to tell people what they have sent
    (re.compile(rb"PK\x03\x04"), "a ZIP or Excel file; save the sheet as CSV"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Office file; save the sheet as CSV"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\x1f\x8b|\x28\xb5\x2f\xfd"), "a compressed file; unpack it first"),
    (re.compile(rb"(?i)\s*<(?:!doctype html|html)"), "a web page; use the export of the database instead"),
    (re.compile(rb"\s*<\?xml|\s*<[A-Za-z]+[ >]"), "XML; export as RIS instead"),
    (re.compile(rb"\s*[\[{]\s*[\"{\]}]"), "JSON; export as RIS instead"),
    (re.compile(rb"(?is)(?:[^@\n]*\n)*\s*@[a-z]+\s*\{"), "BibTeX; export as RIS instead"),
    (re.compile(rb"(?:FN |\s*PT [A-Z]\b)"), "Web of Science plain text; export as RIS instead"),
    (re.compile(rb"\s*%[0A] "), "EndNote Refer; export as RIS instead"),
    (re.compile(rb"\s*<\d+\.? ?>\s"), "Ovid's labelled text; export as RIS instead"),
    (re.compile(rb"(?m)(?:.*\n){0,50}?ER  ?-"), "RIS without a TY line, so that no record has a beginning"),
)


def read(data: bytes) -> Parsed:
    """Recognise the format of a file and read it.

    Where several formats could be meant (an abstract in a spreadsheet quotes RIS), the one that shows itself in the earliest
    line is taken, and in the same line the one that stands first in `FORMATS`.
    """
    text = decode(data)
    if not any(line.strip() for line in text.lines):
        return Parsed("empty", text.encoding, 0, warnings=("the file is empty",))
    found: Format | None = None
    window = text
    for known in FORMATS:
        line = known.first(window)
        if line is not None:
            found = known
            window = replace(text, lines=text.lines[:line], offsets=text.offsets[: line + 1])  # only earlier lines can beat it
    if found is None:
        reason = f"not a format that is known: {_guess(text)}"
        return Parsed("unknown", text.encoding, 1, (), (Rejected(0, len(data), 1, reason, data),), text.warnings)
    return found.parse(text)


def _guess(text: Text) -> str:
    head = text.data.removeprefix(b"\xef\xbb\xbf")[:65_536]
    seen = next((what for pattern, what in _SEEN if pattern.match(head)), None)
    if seen:
        return f"it looks like {seen}"
    names = ", ".join(known.name for known in FORMATS)
    line = next(line for line in text.lines if line.strip())
    return f"no record of {names} starts anywhere in it; it begins with {' '.join(line.split())[:60]!r}"
