"""EndNote's XML (``<xml><records><record>…``), which Zotero, Papers and Citavi write as well.

There is no published schema; element names are those of EndNote X9's own exports. Values stand in ``<style>`` runs, one for
each change of font. The number of a reference type differs between programs, its name does not. Corporate authors end in a
comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element

from tasks.formats import columns, fields, markup, tagged, xml_records
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.tagged import Values
from tasks.formats.text import Text, damaged, decode

NAME = "endnote_xml"
_LIST = re.compile(r"<xml\b[^<>]*>\s*<records\b|<records\b[^<>]*>\s*<record\b.{0,2000}?<ref-type\b", re.DOTALL)
_RECORD = re.compile(rb"<record\b[^<>]*>")
_END = b"</record>"
_ROOTS = ("xml", "records")
_HEAD, _FRAME = re.compile(rb"<records\b[^<>]*>"), re.compile(rb"(?:\s|</records>|</xml>)*")
_DECLARED = re.compile(rb"\s*<\?xml[^<>]*\?>")
_FORBIDDEN = re.compile(  # control characters, and references to them
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2\d|3[01]));", re.IGNORECASE
)
_BARE = re.compile(r"&(?!#?\w+;)")
_NUMBERS = {  # of EndNote, where a record has no name of its type
    17: "Journal Article", 43: "Electronic Article", 19: "Magazine Article", 23: "Newspaper Article", 5: "Book Section",
    60: "Electronic Book Section", 6: "Book", 28: "Edited Book", 44: "Electronic Book", 10: "Conference Proceedings",
    47: "Conference Paper", 27: "Report", 46: "Government Document", 32: "Thesis", 12: "Web Page", 56: "Blog", 59: "Dataset",
    34: "Unpublished Work", 36: "Manuscript", 25: "Patent", 13: "Generic",
}  # fmt: skip
_TYPES = {  # where the words do not tell
    "unpublished work": "report", "manuscript": "report", "standard": "report", "serial": "article", "dictionary": "chapter",
    "aggregated database": "dataset", "online database": "dataset", "classical work": "other", "music": "other",
}  # fmt: skip
_PLAIN = frozenset({
    "journal article", "book section", "book", "report", "thesis", "conference paper", "web page", "dataset", "generic",
})  # fmt: skip
_LISTS = {  # elements that hold others, with the names that these get where they occur in several
    "contributors": {}, "titles": {}, "dates": {}, "urls": {}, "keywords": {}, "periodical": {"full-title": "periodical"},
    "alt-periodical": {"full-title": "alt-periodical", "abbr-1": "alt-periodical"}, "authors": {},
    "secondary-authors": {"author": "secondary-author"}, "tertiary-authors": {"author": "tertiary-author"},
    "subsidiary-authors": {"author": "subsidiary-author"}, "translated-authors": {"author": "translated-author"},
    "pub-dates": {"date": "pub-date"}, "copyright-dates": {"date": "copyright-date"}, "related-urls": {}, "web-urls": {},
    "text-urls": {"url": "text-url"}, "pdf-urls": {"url": "pdf-url"}, "image-urls": {"url": "image-url"},
}  # fmt: skip
_SILENT = "the record has no element that says anything about a paper"
_HOUSEKEEPING = frozenset({"source-app", "foreign-keys", "ref-type"})  # say nothing about the paper
_LIBRARY = frozenset({"database", "ref-type", "rec-number"})  # say where it is kept, and as what
_PROSE = frozenset({"title", "abstract", "translated-title"})
_JOURNAL = ("periodical", "secondary-title", "alt-title", "alt-periodical", "abbr-1", "tertiary-title")
_NOTES = ("notes", "research-notes")


def first(text: Text) -> int | None:
    """The line of the first element where the document is a list of EndNote's records."""
    if xml_records.root(text) not in _ROOTS:
        return None
    found = _LIST.search("\n".join(text.lines[:500]))
    return next(number for number, line in enumerate(text.lines) if line.strip()) if found else None


def parse(data: bytes) -> Parsed:
    """Read an EndNote XML file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the records of a decoded file.

    EndNote writes control characters that XML forbids, from abstracts pasted out of PDFs: they are read as white space. Behind
    a break, which no XML parser gets over, each ``<record>`` is read by itself, mended where bytes or ampersands are wrong.
    """
    data, wide = text.data, text.encoding.startswith("utf-16")
    readable = data if wide else _FORBIDDEN.sub(lambda match: b" " * len(match[0]), data)
    references: list[Reference] = []
    rejected: list[Rejected] = []
    warnings: list[str] = []

    def take(start: int, end: int, element: Element | None, reason: str) -> None:
        reference = None if element is None else _reference(element, start, end - start)
        if reference is not None:
            references.append(reference)
        else:
            rejected.append(Rejected(start, end - start, data.count(b"\n", 0, start) + 1, reason, data[start:end]))

    def between(start: int, end: int) -> None:
        """Keeps what is left where a record may have lost its beginning."""
        start = max(start, head.end() if (head := _HEAD.search(readable)) else 0)
        if start < end and not _FRAME.fullmatch(readable, start, end):
            take(start, end, None, "text behind a break in the XML, which belongs to no record")

    try:
        for found in xml_records.elements(readable, ("record",)):
            take(found.start, found.end, found.element, _SILENT)
    except xml_records.Cut as cut:
        if wide:  # where a record begins can be told from single bytes only
            take(cut.at, len(data), None, str(cut))
        else:
            at = cut.at
            for start, end in _behind(readable, cut.at):
                between(at, start)
                take(start, end, *_mended(readable, start, end, text.encoding))
                at = end
            between(at, len(data))
            if not references and not rejected:
                take(0, len(data), None, str(cut))
            elif at == cut.at:
                warnings.append(f"{cut}; no record begins behind line {data[: cut.at].count(10) + 1}")
    if data and not (references or rejected or warnings) and xml_records.root(text) not in _ROOTS:
        take(0, len(data), None, "no list of records of EndNote")
    return Parsed(NAME, "xml", len(references) + len(rejected), tuple(references), tuple(rejected), tuple(warnings))


def _behind(data: bytes, at: int) -> list[tuple[int, int]]:
    """Where the records behind a break begin and end."""
    starts = [match.start() for match in _RECORD.finditer(data, at)]
    ends = ((limit, data.find(_END, start, limit)) for start, limit in pairwise([*starts, len(data)]))
    return [(start, limit if close < 0 else close + len(_END)) for start, (limit, close) in zip(starts, ends, strict=True)]


def _mended(data: bytes, start: int, end: int, encoding: str) -> tuple[Element | None, str]:
    """A record by itself, else with bytes and ampersands mended that XML does not allow; the reason where that fails, too."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    piece = data[start:end]
    mended = _BARE.sub("&amp;", piece.decode(encoding, "replace")).encode("utf-8", "replace")
    reason = "no whole record"
    for whole in ((declared[0] if declared else b"") + piece, b'<?xml version="1.0" encoding="utf-8"?>' + mended):
        try:
            return next((found.element for found in xml_records.elements(whole, ("record",))), None), _SILENT
        except xml_records.Cut as cut:
            reason = str(cut).partition(": line ")[0]  # a line of the record, not of the file
    return None, reason


def _reference(record: Element, offset: int, length: int) -> Reference | None:
    values = Values(_pairs(record))
    kind = _type(record, values)
    authors = tuple(name for value in values.take("author") for name in _names(value, values))
    year, date, warnings = _when(values)
    title = values.first("title", "translated-title", "short-title")
    journal = values.first(*_JOURNAL)
    volume, issue = values.first("volume"), values.first("number", "issue")
    pages = fields.pages(values.first("pages"))
    if pages and kind in ("book", "thesis") and not re.search(r"\d-\w*\d", pages):
        values.leave("pages", pages)  # of these, it is how many there are
        pages = None
    doi = tagged.doi(values, ("electronic-resource-num",)) or tagged.linked_doi(values, ("url",))
    issn, isbn = tagged.serials(values, ("isbn", "issn"))
    abstract = tagged.abstract(values, ("abstract",))
    keywords = tagged.keywords(values, ("keyword",))
    database, number = values.first("remote-database-name"), values.first("accession-num")
    internal = values.first("rec-number")
    if number is not None:
        values.leave("rec-number", internal)
    notices = tagged.notices(part for value in values.seen("work-type") for part in value.split(";"))
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=tagged.pmid(number, database), issn=issn, isbn=isbn,
        abstract=abstract, keywords=keywords, language=values.first("language"), publisher=values.first("publisher"),
        urls=tagged.urls(values, ("url",)), accession=number or internal, database=database,
        notes=tuple(note for name in _NOTES for note in values.take(name)), notices=notices, other=values.rest(),
        warnings=warnings + damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )  # fmt: skip
    bare = Reference(offset, length, type=kind, accession=found.accession)
    silent = replace(found, other=()) == bare and _LIBRARY.issuperset(name for name, _ in found.other)
    return None if silent else found


def _pairs(element: Element) -> Iterator[tuple[str, str]]:
    """The values with the names of their elements; keywords that EndNote parts with line ends one by one."""
    names = _LISTS.get(element.tag, {})
    for child in element:
        if child.tag in _HOUSEKEEPING:
            continue
        if child.tag in _LISTS:
            yield from _pairs(child)
        elif child.tag == "keyword":
            yield from (("keyword", word) for word in "".join(child.itertext()).split("\r"))
        else:
            value = xml_records.text(child)
            yield names.get(child.tag, child.tag), markup.plain(value) or "" if child.tag in _PROSE else value


def _type(record: Element, values: Values) -> str | None:
    """The type; a name of which ours says less is left, so that a newspaper article stays one."""
    element = record.find("ref-type")
    if element is None:
        return None
    number = xml_records.text(element)
    name = element.get("name") or (_NUMBERS.get(int(number)) if number.isdecimal() and len(number) < 4 else None) or number
    kind = _TYPES.get(name.lower()) or columns.kind(name or None)
    if name.lower() not in _PLAIN:
        values.leave("ref-type", " ".join(name.split()))
    return kind


def _names(value: str, values: Values) -> tuple[str, ...]:
    found, others = fields.names(value)
    values.leave("author", others)
    return found


def _when(values: Values) -> tuple[int | None, str | None, tuple[str, ...]]:
    said = [(tag, value) for tag in ("year", "pub-date") for value in values.seen(tag)]
    found = tagged.when(values, ("year", "pub-date"))
    if found[0] is None:
        for tag, value in said:  # "in press"
            if (tag, value) not in values.other:
                values.leave(tag, value)
    return found
