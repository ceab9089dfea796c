"""Web of Science plain text (.ciw, .isi, "Plain Text File"): two-letter tags, values that go on in lines indented by three.

A file has a head (FN, VR), records from PT to ER, and an end (EF): "Web of Science Core Collection Field Tags", Clarivate help.
PT starts a record, also where the ER before it is missing. Addresses, cited references and people are one to a line.
"""

from __future__ import annotations

import re

from tasks.formats import columns, fields, tagged
from tasks.formats.reference import Parsed, Reference
from tasks.formats.tagged import Record, Values
from tasks.formats.text import Text, damaged, decode

NAME = "wos"
_TAG = re.compile(r"([A-Z][A-Z0-9])(?:[ \t](.*)|[ \t]*)", re.DOTALL)
_START = re.compile(r"PT(?:[ \t]+(?:[A-Z]{1,2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?))?[ \t]*")
_BEGINS = frozenset({"AU", "AF", "BA", "BE", "CA", "GP", "TI", "SO", "UT", "DT"})  # a record of which PT was lost
_PREAMBLE = re.compile(r"\x1a|%+|-{3,}|={3,}")
_OWN_LINE = frozenset({"AU", "AF", "BA", "BF", "BE", "C1", "CR"})
_COUNTS = ("TC", "Z1", "Z2", "Z3", "Z4", "Z5", "Z6", "Z7", "Z8", "Z9", "ZA", "ZB", "ZR", "ZS", "U1", "U2", "HC", "HP", "DA")
_SOON = 3  # non-blank lines within which the next tag of a head or a record has to come


def first(text: Text) -> int | None:
    """The 0-based line of FN with VR under it, or of PT with another tag of a record under it."""
    for number, line in enumerate(text.lines):
        tag = line[:2]
        if tag == "FN" and line[2:3] == " " and _soon(text, number, "VR"):
            return number
        if tag == "PT" and _START.fullmatch(line) and _soon(text, number, *_BEGINS, "BF", "PN", "ER"):
            return number
    return None


def _soon(text: Text, number: int, *names: str) -> bool:
    """Whether one of the tags stands in the next lines, with nothing but tagged values before it."""
    for line in [line for line in text.lines[number + 1 : number + 12] if line.strip()][:_SOON]:
        match = _TAG.fullmatch(line)
        if match and match[1] in names:
            return True
        if match is None and not line[0].isspace():
            return False
    return False


def parse(data: bytes) -> Parsed:
    """Read a Web of Science tagged file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the Web of Science records of a decoded file."""
    reader = _Reader(text)
    reader.read()
    return tagged.parsed(
        NAME, text, reader.records, reference, "the record has a type (PT) but no other field",
        strays=reader.strays, warnings=tagged.unended(reader.unended, "ER"),
    )  # fmt: skip


class _Reader:
    """The state between two lines: the record that is open, if any."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.records: list[Record] = []
        self.strays: list[tuple[int, str]] = []
        self.unended: list[int] = []
        self._open: Record | None = None
        self._typed = False  # the open record has its PT

    def read(self) -> None:
        blank = False
        for number, line in enumerate(self.text.lines):
            if not line.strip():
                blank = True
                continue
            match = None if line[0].isspace() else _TAG.fullmatch(line)
            if match:
                self._tag(number, match[1], match[2] or "", blank=blank)
            else:
                self._more(number, line, blank=blank)
            blank = False
        self._end()

    def _tag(self, number: int, tag: str, value: str, *, blank: bool) -> None:
        empty = not value.strip()
        if (tag == "FN" and _soon(self.text, number, "VR")) or (tag == "EF" and empty):
            self._end()
        elif tag == "ER" and empty:
            if self._open is not None:
                self._open.last = number
            self._open = None
        elif tag == "PT" and _START.fullmatch(self.text.lines[number]):
            if self._open is None or self._typed or blank:
                self._end()
                self._start(number)
            self._typed = True
            self._add(number, tag, value)
        elif self._open is not None:
            self._add(number, tag, value)
        elif tag in _BEGINS:
            self._start(number)
            self._add(number, tag, value)
        elif tag != "VR":
            self.strays.append((number, self.text.lines[number]))

    def _start(self, number: int) -> None:
        self._open, self._typed = Record(number, number), False
        self.records.append(self._open)

    def _add(self, number: int, tag: str, value: str) -> None:
        if self._open is not None:
            self._open.add(number, tag, value)

    def _more(self, number: int, line: str, *, blank: bool) -> None:
        """A line without a tag goes on with the value before it, unless it stands apart."""
        if self._open is None or (blank and not line[0].isspace()):
            if not _PREAMBLE.fullmatch(line.strip()):
                self.strays.append((number, line))
        elif self._open.values[-1][0] in _OWN_LINE:
            self._open.add(number, self._open.values[-1][0], line)
        else:
            self._open.extend(number, line)

    def _end(self) -> None:
        """End a record that has no ER of its own."""
        if self._open is not None:
            self.unended.append(self._open.first + 1)
        self._open = None


def reference(offset: int, length: int, pairs: list[tuple[str, str]]) -> Reference | None:
    """The reference of a record's (tag, value) pairs; ``None`` if the record says nothing but its type."""
    values = Values(pairs)
    for tag in _COUNTS:  # they change from day to day and say nothing of the paper
        values.take(tag)
    letter = values.first("PT")
    types = [part.strip() for value in values.seen("DT") for part in value.split(";")]
    kind = _type(letter, types)
    if letter not in (None, "J", "B"):
        values.leave("PT", letter)
    year, date, warnings = tagged.when(values, ("PY", "PD") if values.seen("PY") else ("PD", "EY", "EA"))
    doi = tagged.doi(values, ("DI", "D2") if kind == "book" else ("DI",))
    issn, isbn = tagged.serials(values, ("SN", "EI", "BN"))
    title, journal = values.first("TI"), values.first("SO")
    if kind == "book" and journal and title and journal.casefold() == title.casefold():
        journal = values.first("SE")  # a whole book is its own source; what it may be part of is its series
    authors = _authors(values)
    volume, issue = values.first("VL"), values.first("IS")
    pages = fields.pages(values.first("BP"), values.first("EP")) or fields.pages(values.first("PS")) or values.first("AR")
    accession = values.first("UT")
    pmid = fields.pmid(values.first("PM")) or tagged.pmid(accession, None)
    abstract = tagged.abstract(values, ("AB",))
    keywords = tagged.keywords(values, ("DE", "ID"))
    language, publisher = values.first("LA"), values.first("PU")
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract,
        keywords=keywords, language=language, publisher=publisher, accession=accession, database=_database(accession),
        notices=tagged.notices(types), other=values.rest(),
        warnings=warnings + damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )  # fmt: skip
    bare = tuple((tag, value) for tag, value in found.other if tag == "PT")
    return None if found == Reference(offset, length, type=kind, other=bare) else found


def _type(letter: str | None, types: list[str]) -> str | None:
    """The type of publication (PT), made more precise by the document types (DT).

    An article in a book (B) or a book series (S) is a chapter; a proceedings paper in a journal (J) is an article.
    """
    words = {value.lower() for value in types}
    kinds = {columns.kind(value) for value in types}
    if "chapter" in kinds or "thesis" in kinds:
        return "chapter" if "chapter" in kinds else "thesis"
    if words & {"data set", "data study"}:
        return "dataset"
    if letter == "J":
        return "article"
    if "conference" in kinds:
        return "conference"
    if letter in ("B", "S"):
        return "book" if "book" in words or (letter == "B" and not words) else "chapter"
    if letter == "C":
        return "conference"
    return "other" if letter == "P" else columns.kind("; ".join(types) or letter)


def _authors(values: Values) -> tuple[str, ...]:
    """Full names (AF) where they are given for all, else the short ones (AU), else those of the book; and groups (CA)."""
    found: tuple[str, ...] = ()
    for full, short in (("AF", "AU"), ("BF", "BA")):
        if found:
            break
        long, brief = tagged.people(values, full), tagged.people(values, short)
        found = long if len(long) >= len(brief) else brief
        for name in long if found is brief else ():
            values.leave(full, name)
    groups = [group.strip() for tag in ("CA", "GP") for value in values.take(tag) for group in value.split(";")]
    return found + tuple(group for group in fields.unique(groups) if group and group not in found)


def _database(accession: str | None) -> str | None:
    """The database that the accession number names: ``WOS:`` (once ``ISI:``), or another of the platform's, as BIOSIS."""
    prefix, colon, _ = (accession or "").partition(":")
    if not colon or not prefix.isalpha():
        return None
    return "Web of Science" if prefix in ("WOS", "ISI") else prefix
