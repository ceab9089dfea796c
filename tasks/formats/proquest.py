"""ProQuest's text exports: documents parted by lines of underscores, each a heading and then fields as "Label: value".

The file has a report head, a table of contents and a tail about copyright, which are no records. "Document 1 of 8" starts a
record where the export numbers its documents; elsewhere a piece between two separators is one if it has ProQuest's fields.
Only ProQuest's own labels end an abstract: "Methods: We flew" goes on with it. Full text is left to the raw file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.formats import columns, fields, tagged
from tasks.formats.reference import Parsed, Reference
from tasks.formats.tagged import Record, Values
from tasks.formats.text import Text, damaged, decode

NAME = "proquest"
_SEPARATOR = re.compile(r"\s*_{40,}\s*")
_NUMBERED = re.compile(r"\s*Document (\d{1,6}) of (\d{1,6})\s*")
_FIELD = re.compile(r"\s{0,3}([A-Z][A-Za-z0-9/&().,' -]{1,48}?) ?:(?:\s+(.*)|\s*)", re.DOTALL)
_ADDRESS = re.compile(r"\s*https?://\S+\s*", re.IGNORECASE)
_NOISE = re.compile(r"\s*(?:ProQuest document link|Full text availability)\s*", re.IGNORECASE)
_FRAME = re.compile(  # what begins the pieces of a report that are no records
    r"\s*(?:Report Information from ProQuest|Table of contents|Bibliography|Search Strategy|Contact us at:.*"
    r"|Database copyright .*)\s*"
)
_TOPS = frozenset(
    {"title", "author", "abstract", "publication info", "proquest document id"}
)  # may stand where the heading would
_LABELS = frozenset({
    "abstract", "abstract (summary)", "accession number", "advisor", "alternate title", "author", "author affiliation",
    "cited by", "citation", "classification", "committee member", "company / organization", "conference", "conference date",
    "conference location", "conference title", "copyright", "correspondence author", "country of publication", "database",
    "date", "degree", "degree date", "department", "digital object identifier", "dissertation/thesis number",
    "document feature", "document status", "document type", "document url", "doi", "e-issn", "edition", "editor", "eissn",
    "electronic publication date", "end page", "first page", "full text", "funding", "identifier (keyword)",
    "identifier / keyword", "identifier/keyword", "institution", "isbn", "issn", "issn (electronic)", "issue", "keywords",
    "language", "language of publication", "language of summary", "last updated", "links", "location", "medium",
    "mesh subject", "monograph title", "notes", "number of pages", "number of references", "other identifier", "pages",
    "pagination", "people", "place of publication", "pmid", "proquest document id", "publication date",
    "publication history", "publication info", "publication subject", "publication title", "publication year", "publisher",
    "pubmed id", "reference", "references", "report number", "school code", "section", "series title", "source",
    "source attribution", "source type", "start page", "subject", "subject term", "subtitle", "summary language",
    "supplement", "supplemental data", "supplemental file", "title", "university location", "university/institution", "url",
    "volume", "volume/issue", "year",
})  # fmt: skip
_PROSE = frozenset({"abstract", "abstract (summary)", "full text"})
_SURE = frozenset({"proquest document id", "document type", "source type", "publication title", "database", "publication year"})
_SOURCE_TYPES = {  # kinds of sources whose names do not say what our names for types say
    "newspapers": "article", "magazines": "article", "trade journals": "article", "wire feeds": "article",
    "historical newspapers": "article", "historical periodicals": "article",
}  # fmt: skip
_LINKS = ("document url", "url")
_NO_LETTER = re.compile(r"[\W_]+")
_PLACED = re.compile(r"([^;]+); [A-Z][^;:]{1,40}")  # "Kite Letters; Kiteham": where it is published
_AFFILIATED = re.compile(r"\s+\d+(?:\s+(.*))?$")


def first(text: Text) -> int | None:
    """The 0-based line of the first document, of the report head before it, or of the separator above either."""
    if not (text.encoding.startswith("utf-16") or b"____" in text.data or b"Document " in text.data):
        return None  # a look at the bytes, which is quick
    if not any(_separates(line) or _numbered(line) for line in text.lines):
        return None
    for start, end in _pieces(text):
        opening = text.lines[start].strip()
        if opening == "Report Information from ProQuest" or _recorded(text, start, end):
            above = next((line for line in range(start - 1, -1, -1) if text.lines[line].strip()), None)
            return start if above is None or not _SEPARATOR.fullmatch(text.lines[above]) else above
    return None


def parse(data: bytes) -> Parsed:
    """Read a ProQuest text export."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the ProQuest documents of a decoded file."""
    records: list[Record] = []
    numbers: list[tuple[int, int]] = []
    strays: list[tuple[int, str]] = []
    for start, end in _pieces(text):
        numbered = _NUMBERED.fullmatch(text.lines[start])
        if numbered:
            numbers.append((int(numbered[1]), int(numbered[2])))
        if numbered or _recorded(text, start, end):
            records.append(_record(text, start, end))
        elif not _FRAME.fullmatch(text.lines[start]):
            strays += [(number, text.lines[number]) for number in range(start, end + 1) if text.lines[number].strip()]
    reason = "the document has a number but no field"
    return tagged.parsed(NAME, text, records, _reference, reason, strays=strays, warnings=_missing(numbers))


def _missing(numbers: list[tuple[int, int]]) -> tuple[str, ...]:
    """Warnings about exports that say "of 8" and have another number of documents; several may be joined in one file."""
    runs: list[list[tuple[int, int]]] = []
    for number, total in numbers:
        if runs and runs[-1][-1][0] < number and runs[-1][-1][1] == total:
            runs[-1].append((number, total))
        else:
            runs.append([(number, total)])
    return tuple(
        f"the export says that it has {run[0][1]} documents, {len(run)} of them are in the file"
        for run in runs
        if len(run) != run[0][1]
    )


def _pieces(text: Text) -> Iterator[tuple[int, int]]:
    """First and last line with text of each piece: between separators, and from one "Document 2 of 8" to the next."""
    start: int | None = None
    last = 0
    apart = True  # under a separator or a blank line
    for number, line in enumerate(text.lines):
        separator = _separates(line)
        if start is not None and (separator or (apart and _numbered(line))):
            yield start, last
            start = None
        apart = separator or not line.strip()
        if not apart:
            start = number if start is None else start
            last = number
    if start is not None:
        yield start, last


def _separates(line: str) -> bool:
    return "____" in line and _SEPARATOR.fullmatch(line) is not None


def _numbered(line: str) -> bool:
    return "Document" in line and _NUMBERED.fullmatch(line) is not None


def _recorded(text: Text, start: int, end: int) -> bool:
    """Whether a piece has the fields of a document: two that only ProQuest's documents have."""
    found = {label for line in text.lines[start : end + 1] if (label := _label(line))}
    return "proquest document id" in found or len(found & _SURE) >= 2


def _label(line: str) -> str | None:
    """The known label with which a line begins, in lower case."""
    match = _FIELD.fullmatch(line) if ":" in line[:56] else None
    name = match[1].strip().lower() if match else ""
    return name if name in _LABELS else None


def _record(text: Text, start: int, end: int) -> Record:
    """The values of a document; what stands above its first field is its heading."""
    record = Record(start, end)
    current = ""
    blank = True
    top = True  # above the heading
    for number in range(start, end + 1):
        line = text.lines[number]
        if not line.strip():
            blank = True
            continue
        label = _label(line)
        match = _FIELD.fullmatch(line) if label or (blank and current and current not in _PROSE) else None
        if number == start and _numbered(line):
            continue
        if top and label not in _TOPS:
            record.add(number, "heading", line)
        elif match:
            current = label or match[1].strip()
            record.add(number, current, match[2] or "")
        elif _ADDRESS.fullmatch(line) and current not in (*_PROSE, "links", *_LINKS):
            record.add(number, "url", line)
        elif _NOISE.fullmatch(line) and current not in _PROSE:
            pass
        elif not current:
            record.add(number, "heading", line)
        elif current == "links":
            record.add(number, current, line)
        else:
            _extend(record, number, current, line)
        blank = top = False
    record.last = end
    return record


def _extend(record: Record, number: int, current: str, line: str) -> None:
    """A line more of the current field, which an address may have parted from its first one."""
    if record.values[-1][0] == current:
        record.extend(number, line)
    else:
        record.add(number, current, line)


def _reference(offset: int, length: int, pairs: list[tuple[str, str]]) -> Reference | None:
    values = Values(pairs)
    values.take("full text")
    heading = " ".join(values.take("heading")) or None
    title = _title(values, heading)
    kind = _type(values)
    year, date, warnings = tagged.when(values, ("publication date", "publication year", "date", "year", "degree date"))
    issn, isbn = tagged.serials(values, ("issn", "e-issn", "eissn", "issn (electronic)", "isbn"))
    authors = _authors(values)
    journal = values.first("publication title", "monograph title", "series title")
    if journal and (placed := _PLACED.fullmatch(journal)):
        values.leave("publication title", journal)
        journal = placed[1]
    volume, issue = values.first("volume"), values.first("issue")
    pages = fields.pages(values.first("pages", "pagination"))
    pages = pages or fields.pages(values.first("first page", "start page"), values.first("end page"))
    doi = tagged.doi(values, ("doi", "digital object identifier")) or tagged.linked_doi(values, _LINKS)
    database = values.first("database")
    accession = values.first("proquest document id")
    pmid = fields.pmid(values.first("pmid", "pubmed id")) or tagged.pmid(accession, None)
    abstract = tagged.abstract(values, ("abstract", "abstract (summary)"))
    keywords = _keywords(values)
    language = values.first("language", "language of publication")
    publisher = values.first("publisher") or (values.first("university/institution") if kind == "thesis" else None)
    urls = tagged.urls(values, _LINKS)
    notes = tuple(values.take("notes"))
    types = values.seen("document type")
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract,
        keywords=keywords, language=language, publisher=publisher, urls=urls, accession=accession, database=database,
        notes=notes, notices=tagged.notices(types), other=tuple(dict.fromkeys(values.rest())),
        warnings=warnings + damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )  # fmt: skip
    return None if found == Reference(offset, length) else found


def _title(values: Values, heading: str | None) -> str | None:
    """The title: of several the one that the heading gives too, as a full text may have lines that look like fields."""
    titles = values.take("title")
    if heading is None or not titles:
        chosen = heading or next(iter(titles), None)
    else:
        chosen = next((title for title in titles if _letters(title) == _letters(heading)), titles[0])
        values.leave("heading", heading if _letters(heading) != _letters(chosen) else None)
    for title in titles:
        values.leave("title", title if title != chosen else None)
    return chosen


def _letters(value: str) -> str:
    return _NO_LETTER.sub("", value.casefold())


def _type(values: Values) -> str | None:
    """The type from the kind of document, else from the kind of source; both are left, they say more."""
    found: str | None = None
    for tag in ("document type", "source type"):
        for value in values.seen(tag):
            kind = _SOURCE_TYPES.get(value.lower()) or columns.kind(value)
            if found in (None, "other"):
                found = kind
    return found


def _authors(values: Values) -> tuple[str, ...]:
    """The names; newer exports put numbers behind them, and the institutions to those numbers behind the last."""
    found: list[str] = []
    for value in values.take("author"):
        for part in value.split(";"):
            number = _AFFILIATED.search(part)
            names, others = fields.names((part[: number.start()] if number else part).strip())
            found += names
            values.leave("author", others)
            values.leave("author", number[1] if number else None)
    return tuple(found)


def _keywords(values: Values) -> tuple[str, ...]:
    """Subjects, parted at semicolons, and identifiers, parted at commas where they have no semicolon."""
    found = list(tagged.keywords(values, ("subject", "subject term", "mesh subject", "keywords")))
    for tag in ("identifier / keyword", "identifier/keyword", "identifier (keyword)"):
        for value in values.take(tag):
            found += [word.strip() for word in value.split(";" if ";" in value else ", ")]
    return fields.unique(word for word in found if word)
