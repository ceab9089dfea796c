"""Spreadsheet exports as text: CSV with commas or semicolons, and tables with tabs.

A record is a row under the header. A row is taken whole or rejected: cells are never moved to where they might belong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tasks.formats import cited, columns, dates, fields, people, tagged
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.rows import Row, rows, whole_rows
from tasks.formats.text import Text, clean, damaged, decode, outside

NAME = "table"
_DELIMITERS = ",;\t|"
_HEADER_WITHIN = 10  # lines in which the header is looked for: some programs write a title or "sep=;" above it
_READ: dict[str, Callable[[str], object]] = {  # columns read into another form; what cannot be read is left under its column
    "doi": fields.doi,
    "pmid": fields.pmid,
    "issn": lambda value: any(fields.serials(value)),
    "isbn": lambda value: any(fields.serials(value)),
    "year": lambda value: dates.read(value).year,
    "date": lambda value: dates.read(value).year,
}


_NUMBERS = ("year", "month", "day", "volume", "issue", "start", "end", "pmid")
_INTEGER = re.compile(r"\d+\.0")  # what statistics programs make of whole numbers in a column with gaps
_PLAIN = frozenset({  # types of which nothing is lost in our name for them
    "article", "journal article", "chapter", "book chapter", "book", "report", "thesis", "conference paper", "web page",
    "webpage", "dataset",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: where it ends, what parts its cells, and which column is which field."""

    first: int
    last: int
    delimiter: str
    names: tuple[str, ...]
    columns: dict[str, int]


def first(text: Text) -> int | None:
    """The 0-based line of the header, if the file has one."""
    found = header(text)
    return None if found is None else found.first


def parse(data: bytes) -> Parsed:
    """Read a CSV or tab-separated file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the rows of a decoded file."""
    head = header(text)
    if head is None:
        reason = "no header row: a table needs a column for the title or the DOI, and at least one more that is known"
        none = (Rejected(0, len(text.data), 1, reason, text.data),) if text.data else ()
        return Parsed(NAME, text.encoding, len(none), (), none, text.warnings)
    references: list[Reference] = []
    rejected: list[Rejected] = []
    for row in whole_rows(text, head.last + 1, head.delimiter, len(head.names)):
        offset, length = text.span(row.first, row.last)
        result = _reference(offset, length, head, row)
        if isinstance(result, Reference):
            references.append(result)
        else:
            piece = text.data[offset : offset + length]
            rejected.append(Rejected(offset, length, row.first + 1, result, piece, _own_id(head, row)))
    above = [(number, line) for number, line in enumerate(text.lines[: head.first]) if line.strip() and line[:4] != "sep="]
    return Parsed(
        format=NAME, encoding=text.encoding, starts=len(references) + len(rejected), references=tuple(references),
        rejected=tuple(rejected), warnings=(*text.warnings, *outside(above, "text above the header")),
    )  # fmt: skip


def header(text: Text) -> Header | None:
    """The first row with a title or DOI column and another known one; below the first line of text it needs three."""
    needed = 2
    for number, line in enumerate(text.lines[:_HEADER_WITHIN]):
        if not line.strip() or line.startswith("sep="):
            continue
        candidates: list[Header] = []
        for delimiter in _DELIMITERS if any(delimiter in line for delimiter in _DELIMITERS) else "":
            row = next(rows(text, number, delimiter), None)
            if row is None or row.first != number or row.last - number > _HEADER_WITHIN:
                continue
            found = columns.meaning(row.cells)
            known = len(set(found.values())) + columns.suggestion(row.cells)
            if ("title" in found or "doi" in found) and known >= needed:
                candidates.append(Header(number, row.last, delimiter, tuple(cell.strip() for cell in row.cells), found))
        if candidates:
            return max(candidates, key=lambda head: len(head.columns))
        needed = 3
    return None


def _reference(offset: int, length: int, head: Header, row: Row) -> Reference | str:
    """The reference of a row, or the reason why it is none."""
    if not row.closed:
        return "a quotation mark in this row is missing: it is opened and not closed before the next row"
    if len(row.cells) != len(head.names):
        return f"the row has {len(row.cells)} cells, the header {len(head.names)}"
    cells = [clean(cell) for cell in row.cells]
    value = {field: found for field, at in head.columns.items() if (found := cells[at]) is not None}
    value |= {field: value[field][:-2] for field in _NUMBERS if field in value and _INTEGER.fullmatch(value[field])}
    links, no_links = fields.urls(value.get("urls", ""))
    doi = fields.doi(value.get("doi")) or next((fields.doi(link) for link in links if fields.is_doi(link)), None)
    if "title" not in value and doi is None:
        return "the row has neither a title nor a DOI"
    unread = _completed(value)
    year, date = _date(value)
    authors, others = people.names(value.get("authors", ""))
    serials = [fields.serials(value.get(field, "")) for field in ("issn", "isbn")]
    abstract, tails = fields.abstract([value["abstract"]] if "abstract" in value else [])
    unread += [(field, value[field]) for field, read in _READ.items() if field in value and not read(value[field])]
    unread += [("authors", others or ""), ("urls", no_links or ""), *(("abstract", tail) for tail in tails)]
    kind, types = columns.kind(value.get("type")), value.get("type", "")
    unread += [("type", types if types.lower() not in _PLAIN else "")]
    return Reference(
        offset=offset, length=length, type=kind, title=value.get("title"), authors=authors,
        year=year, date=date, journal=value.get("journal"), volume=value.get("volume"), issue=value.get("issue"),
        pages=_pages(value), doi=doi, pmid=fields.pmid(value.get("pmid")),
        issn=fields.unique(serials[0][0] + serials[1][0]), isbn=fields.unique(serials[0][1] + serials[1][1]),
        abstract=abstract, keywords=_keywords(value), language=value.get("language"), publisher=value.get("publisher"),
        urls=links, accession=value.get("accession"), database=value.get("database"),
        notes=(value["notes"],) if "notes" in value else (), notices=tagged.notices(types.split(";")),
        other=_other(head, cells, unread),
        warnings=damaged((("title", value.get("title")), ("authors", authors), ("journal", value.get("journal")),
                          ("abstract", abstract))),
    )  # fmt: skip


def _completed(value: dict[str, str]) -> list[tuple[str, str]]:
    """Adds what a reference in one line says and no column; such lines, which are left as they are (field, value)."""
    field = "citation" if "citation" in value else "journal"
    line = value.get(field)
    found = cited.read(line)
    if found is None or line is None:
        return [("citation", line)] if line and field == "citation" else []
    if field == "journal":
        value["journal"] = found.journal
    said = {"journal": found.journal, "date": found.date.iso, "volume": found.volume, "issue": found.issue}
    if "start" not in value and "pages" not in value:
        said["pages"] = found.pages
    for name, part in said.items():
        if part:
            value.setdefault(name, part)
    return [(field, line)]


def _own_id(head: Header, row: Row) -> str | None:
    """The id of a row that is no reference: its cell is known as long as the cells are those of the header."""
    at = head.columns.get("accession")
    return clean(row.cells[at]) if at is not None and len(row.cells) == len(head.names) else None


def _other(head: Header, cells: list[str | None], unread: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What no field took, under the names of the columns."""
    known = frozenset(head.columns.values())
    left = [(head.columns[field], value) for field, value in unread if value]
    left += [(at, value) for at, value in enumerate(cells) if value and at not in known]
    return tuple((head.names[at] or f"column {at + 1}", value) for at, value in left)


def _date(value: dict[str, str]) -> tuple[int | None, str | None]:
    """The year with the month and day columns beside it (Rayyan, Covidence), or the date column where that says more."""
    year = dates.read(value.get("year", ""))
    month = value.get("month", "")
    if year.year is not None and month:
        written = f"{year.year}/{month}/{value.get('day', '')}" if month.isdecimal() else f"{value.get('day', '')} {month}"
        year = dates.read(written, year.year) if dates.read(written, year.year).year == year.year else year
    best = dates.best([year, dates.read(value.get("date", ""), year.year)])
    return best.year, best.iso


def _pages(value: dict[str, str]) -> str | None:
    pages = fields.pages(value.get("pages")) or fields.pages(value.get("start"), value.get("end"))
    return pages or fields.pages(value.get("article"))


def _keywords(value: dict[str, str]) -> tuple[str, ...]:
    """Keywords of authors and indexers, parted by semicolons, or by commas where a cell has no semicolon."""
    found: list[str] = []
    for field in ("keywords", "index"):
        words = value.get(field, "")
        found += [word.strip() for word in words.split(";" if ";" in words else ",") if word.strip()]
    return fields.unique(found)
