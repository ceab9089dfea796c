"""EndNote's tagged import format (.enw), which is Refer/BibIX with more tags: a percent sign, one character, and the value.

"Creating a Tagged EndNote Import File", EndNote user guide: %0 names the type and comes first, references are parted by blank
lines. Abstracts of several paragraphs have blank lines too, and Refer files of old have no %0; `_records` tells these apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from tasks.formats import columns, fields, tagged
from tasks.formats.reference import Parsed, Reference
from tasks.formats.tagged import Record, Values
from tasks.formats.text import Text, damaged, decode

NAME = "refer"
_TAG = re.compile(r"%([0-9A-Z!-$&-/:-@\[-^~])(?:[ \t]+(.*)|[ \t]*)", re.DOTALL)
_TYPED = re.compile(r"%0[ \t]+[A-Z][A-Za-z]+(?:[ /][A-Za-z]+){0,4}[ \t]*")
_OWN_LINE = frozenset({"%A", "%E", "%H", "%K", "%U", "%>", "%+"})  # a line more under these is a value more
_PARAGRAPHS = frozenset({"%X", "%Z", "%<", "%O", "%K"})  # text of these goes on after a blank line
_PREAMBLE = re.compile(r"\x1a|%+|-{3,}|={3,}")
_PLAIN = {  # types of which nothing is lost in our name for them
    "article": "Journal Article", "chapter": "Book Section", "book": "Book", "report": "Report", "thesis": "Thesis",
    "conference": "Conference Paper", "webpage": "Web Page", "dataset": "Dataset", "other": "Generic",
}  # fmt: skip
_TYPES = {  # as in RIS, where the words do not tell
    "unpublished work": "report", "standard": "report", "aggregated database": "dataset", "online database": "dataset",
    "dictionary": "chapter", "classical work": "other", "music": "other",
}  # fmt: skip


def first(text: Text) -> int | None:
    """The 0-based line of the first %0 with a type, or of a block of %-tags with a title and an author, date or source."""
    start: int | None = None
    seen: set[str] = set()
    for number, line in enumerate(text.lines):
        if line[:1] != "%":
            if start is not None and not line.strip():
                start, seen = None, set()
            continue
        if _TYPED.fullmatch(line):
            return number if start is None else start
        match = _TAG.fullmatch(line)
        if match and match[2]:
            start = number if start is None else start
            seen.add(match[1])
            if "T" in seen and seen & {"A", "D", "J", "B", "I"}:
                return start
    return None


def parse(data: bytes) -> Parsed:
    """Read an EndNote or Refer tagged file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the Refer records of a decoded file."""
    strays: list[tuple[int, str]] = []
    records, merged = _records(list(_chunks(text, strays)))
    warnings = tuple(f"line {line + 1}: tags after a blank line, taken as the same record's" for line in merged)
    reason = "the record has a type (%0) but no other field"
    return tagged.parsed(NAME, text, records, _reference, reason, strays=strays, warnings=warnings)


def _chunks(text: Text, strays: list[tuple[int, str]]) -> Iterator[Record]:
    """Runs of tagged lines: each begins at a %0, or at a tag after a blank line."""
    chunk: Record | None = None
    blank = True
    for number, line in enumerate(text.lines):
        if not line.strip():
            blank = True
            continue
        match = _TAG.fullmatch(line)
        if match:
            tag = "%" + match[1]
            if chunk is None or blank or (tag == "%0" and _begins(text, number, chunk)):
                if chunk is not None:
                    yield chunk
                chunk = Record(number, number)
            chunk.add(number, tag, match[2] or "")
        elif chunk is None or (blank and chunk.values[-1][0] not in _PARAGRAPHS):
            if not _PREAMBLE.fullmatch(line.strip()):
                strays.append((number, line))
            continue
        elif chunk.values[-1][0] in _OWN_LINE:
            chunk.add(number, chunk.values[-1][0], line)
        else:
            chunk.extend(number, line)
        blank = False
    if chunk is not None:
        yield chunk


def _begins(text: Text, number: int, chunk: Record) -> bool:
    """Whether a %0 right below other tags begins a record; Digital Commons writes it below the title of the same one."""
    tags = {tag for tag, _ in chunk.values}
    if "%0" in tags or "%T" not in tags:
        return True
    below = (text.lines[line] for line in range(number + 1, len(text.lines)))
    return any(line.startswith("%T") for line in takewhile(lambda line: line.strip() and not line.startswith("%0"), below))


def _records(chunks: list[Record]) -> tuple[list[Record], list[int]]:
    """The chunks that are records, and the lines at which tags after a blank line were taken as the same record's.

    Where no record has a %0, blank lines part the records. Where some have one, a chunk without is a record of its own only
    if it names an author or a title again: so a blank line inside a record makes no second one, and none is swallowed.
    """
    typed = any("%0" in {tag for tag, _ in chunk.values} for chunk in chunks)
    records: list[Record] = []
    merged: list[int] = []
    for chunk in chunks:
        before = {tag for tag, _ in records[-1].values} if records else set()
        named = {tag for tag, _ in chunk.values} & {"%A", "%T"}
        if not records or not typed or "%0" in {tag for tag, _ in chunk.values} or named & before:
            records.append(chunk)
            continue
        merged.append(chunk.first)
        records[-1].values += chunk.values
        records[-1].last = chunk.last
    return records, merged


def _reference(offset: int, length: int, pairs: list[tuple[str, str]]) -> Reference | None:
    values = Values(pairs)
    kind = _type(values)
    year, date, warnings = tagged.when(values, ("%D", "%8"))
    title = values.first("%T", "%Q", "%!")
    authors = tagged.people(values, "%A")
    journal = values.first("%J", "%B", "%S")
    volume, issue = values.first("%V"), values.first("%N")
    pages = fields.pages(values.first("%P"))
    if pages and kind in ("book", "thesis") and not re.search(r"\d-\w*\d", pages):
        values.leave("%P", pages)  # of these %P is the number of pages
        pages = None
    doi = tagged.doi(values, ("%R",)) or tagged.linked_doi(values, ("%U",))
    issn, isbn = tagged.serials(values, ("%@",))
    abstract = tagged.abstract(values, ("%X",))
    keywords = tagged.keywords(values, ("%K",))
    language, publisher = values.first("%G"), values.first("%I")
    database = values.first("%~", "%W")
    accession = values.first("%M")
    links = tagged.urls(values, ("%U",))
    notes = (*values.take("%Z"), *values.take("%<"))
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=tagged.pmid(accession, database), issn=issn, isbn=isbn,
        abstract=abstract, keywords=keywords, language=language, publisher=publisher, urls=links, accession=accession,
        database=database, notes=notes, other=values.rest(),
        warnings=warnings + damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )  # fmt: skip
    bare = tuple((tag, value) for tag, value in found.other if tag == "%0")
    return None if found == Reference(offset, length, type=kind, other=bare) else found


def _type(values: Values) -> str | None:
    """The type; a name of which ours says less is left, so that a newspaper article stays one."""
    name = values.first("%0")
    if name is None:
        return None
    kind = _TYPES.get(name.lower()) or columns.kind(name) or "other"
    if _PLAIN[kind].lower() != name.lower():
        values.leave("%0", name)
    return kind
