"""Documents of the Web of Science Starter API (https://developer.clarivate.com/apis/wos-starter): a page, or one document.

The Starter API has no abstracts. Its documentation gives each member of a document; no recorded page was at hand.
"""

from __future__ import annotations

from tasks.formats import columns, dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "wos_starter"
_LISTED = ("hits",)
_EDITORS = ("bookEditors", "editors")
_OTHERS = ("corp", "bookCorp", "investigators", "issuingOrganizations", "sponsors", "additionalAuthors", "anonymous")


def first(text: Text) -> int | None:
    """0 where the document is a page of documents or one document of Web of Science."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    if _is_document(document):
        return 0
    hits, metadata = document.get("hits"), document.get("metadata")
    if not isinstance(hits, list) or not isinstance(metadata, dict) or "total" not in metadata:
        return None
    return 0 if not hits or (isinstance(hits[0], dict) and _is_document(hits[0])) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page; one without hits may have no list of them."""
    document = json_records.document(text)
    if member(document, "metadata", "total") == 0 and member(document, *_LISTED) is None:
        return Parsed(NAME, text.encoding, 0)
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_document(record: Record) -> bool:
    return isinstance(record.get("uid"), str) and ("title" in record or isinstance(record.get("source"), dict))


def _reference(document: Record, offset: int, length: int) -> Reference | str:
    accession = text(document.get("uid"))
    if accession is None:
        return "no document of Web of Science: it has no uid"
    source = next(iter(records(document.get("source"))), {})
    title = prose(document.get("title"))
    authors = _names(document, "authors")
    published = year(source.get("publishYear"))
    month = text(source.get("publishMonth"))
    date = dates.read(month, published) if month and published else dates.Date()
    keywords = fields.unique(texts(member(document, "keywords", "authorKeywords")))
    types = fields.unique([*texts(document.get("types")), *texts(document.get("sourceTypes"))])
    return Reference(
        offset=offset,
        length=length,
        type=columns.kind("; ".join(types)) if types else None,
        title=title,
        authors=authors,
        year=published,
        date=(date.iso if date.year == published else None) or (str(published) if published else None),
        journal=prose(source.get("sourceTitle")),
        volume=text(source.get("volume")),
        issue=text(source.get("issue")),
        pages=_pages(source),
        doi=fields.doi(text(member(document, "identifiers", "doi"))),
        pmid=fields.pmid(text(member(document, "identifiers", "pmid"))),
        issn=_serials(document, "issn", "eissn")[0],
        isbn=_serials(document, "isbn", "eisbn")[1],
        keywords=keywords,
        urls=fields.unique(link for value in texts(member(document, "links", "record")) for link in fields.urls(value)[0]),
        accession=accession,
        database="Web of Science",
        notices=("retracted",) if any(one.lower() == "retracted publication" for one in types) else (),
        other=tuple(_other(document, source, types)),
        warnings=damaged((("title", title), ("authors", authors))),
    )


def _names(document: Record, kind: str) -> tuple[str, ...]:
    people = records(member(document, "names", kind))
    found = (text(person.get("displayName")) or text(person.get("wosStandard")) for person in people)
    return tuple(name for name in found if name)


def _pages(source: Record) -> str | None:
    pages = source.get("pages")
    ranged = text(member(pages, "range")) or text(pages)
    first, last = text(member(pages, "begin")), text(member(pages, "end"))
    return fields.pages(first, last) or fields.pages(ranged) or text(source.get("articleNumber"))


def _serials(document: Record, *names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    values = (text(member(document, "identifiers", name)) for name in names)
    read = [fields.serials(value) for value in values if value]
    return fields.unique(one for pair in read for one in pair[0]), fields.unique(one for pair in read for one in pair[1])


def _other(document: Record, source: Record, types: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    found = [
        *(("type", kind) for kind in types),
        *(("editor", name) for kind in _EDITORS for name in _names(document, kind)),
        *((kind, name) for kind in _OTHERS for name in _names(document, kind)),
        *((name, text(source.get(name))) for name in ("publishMonth", "supplement", "specialIssue", "articleNumber")),
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]
