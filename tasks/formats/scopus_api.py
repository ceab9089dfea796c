"""Documents of the Scopus Search API (https://dev.elsevier.com/sc_search_views.html): a page of results as JSON.

The view STANDARD has the first author only and no abstract; COMPLETE has all authors, abstract and author keywords. A search
that finds nothing comes back as one entry with ``error``, which is no record.
"""

from __future__ import annotations

from tasks.formats import columns, dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, prose, records, text
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "scopus_api"
_RESULTS = "search-results"
_LISTED = (_RESULTS, "entry")
_EMPTY = "result set was empty"
_TYPES = {
    "ar": "article", "re": "article", "le": "article", "no": "article", "ed": "article", "er": "article", "sh": "article",
    "ip": "article", "tb": "article", "dp": "dataset", "cp": "conference", "cr": "conference", "bk": "book", "ch": "chapter",
    "rp": "report", "pp": "report",
}  # fmt: skip
_WITHDRAWN = "tb"  # the document type "Retracted"


def first(text: Text) -> int | None:
    """0 where the document is a page of Scopus."""
    document = json_records.document(text)
    results = member(document, _RESULTS)
    if not isinstance(results, dict) or "opensearch:totalResults" not in results:
        return None
    entries = records(results.get("entry"))
    return 0 if not entries or _is_empty(entries) or "eid" in entries[0] or "dc:identifier" in entries[0] else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    document = json_records.document(text)
    if _is_empty(records(member(document, *_LISTED))):
        return Parsed(NAME, text.encoding, 0)
    return json_values.parse(NAME, text, _LISTED, _reference)


def _is_empty(entries: list[Record]) -> bool:
    return len(entries) == 1 and (text(entries[0].get("error")) or "").lower().startswith(_EMPTY)


def _reference(entry: Record, offset: int, length: int) -> Reference | str:
    identifier = text(entry.get("dc:identifier"))
    accession = text(entry.get("eid")) or identifier
    if accession is None:
        return f"no document of Scopus: {text(entry.get('error')) or 'it has no eid'}"
    title = prose(entry.get("dc:title"))
    authors = tuple(name for name in map(_author, records(entry.get("author"))) if name)
    first_author = text(entry.get("dc:creator"))
    if not authors and first_author:
        authors = (first_author,)
    abstract = fields.abstract([prose(entry.get("dc:description")) or ""])[0]
    date = dates.read(text(entry.get("prism:coverDate")) or text(entry.get("prism:coverDisplayDate")) or "")
    keywords = fields.unique(word for word in map(text, (text(entry.get("authkeywords")) or "").split("|")) if word)
    kind = (text(entry.get("subtype")) or "").lower()
    return Reference(
        offset=offset,
        length=length,
        type=_TYPES.get(kind) or columns.kind(text(entry.get("subtypeDescription"))),
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        journal=prose(entry.get("prism:publicationName")),
        volume=text(entry.get("prism:volume")),
        issue=text(entry.get("prism:issueIdentifier")),
        pages=fields.pages(text(entry.get("prism:pageRange"))) or text(entry.get("article-number")),
        doi=fields.doi(text(entry.get("prism:doi"))),
        pmid=fields.pmid(text(entry.get("pubmed-id"))),
        issn=_serials(entry, "prism:issn", "prism:eIssn")[0],
        isbn=_serials(entry, "prism:isbn", "prism:eIsbn")[1],
        abstract=abstract,
        keywords=keywords,
        urls=fields.unique(
            link
            for one in records(entry.get("link"))
            if one.get("@ref") == "scopus" and (value := text(one.get("@href")))
            for link in fields.urls(value)[0]
        ),
        accession=accession,
        database="Scopus",
        notices=("retracted",) if kind == _WITHDRAWN else (),
        other=tuple(_other(entry)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _author(person: Record) -> str | None:
    family, given = text(person.get("surname")), text(person.get("given-name")) or text(person.get("initials"))
    return f"{family}, {given}" if family and given else family or text(person.get("authname"))


def _serials(entry: Record, *names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISSNs and ISBNs; Scopus writes a number, or objects with the number under ``$``, or several in brackets."""
    found = []
    for name in names:
        value = entry.get(name)
        ones = value if isinstance(value, list) else [value]
        found += [text(one.get("$")) if isinstance(one, dict) else text(one) for one in ones]
    read = [fields.serials(value.replace("[", ",").replace("]", ",")) for value in found if value]
    return fields.unique(one for pair in read for one in pair[0]), fields.unique(one for pair in read for one in pair[1])


def _other(entry: Record) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    found = [
        ("type", text(entry.get("subtypeDescription"))),
        ("source type", text(entry.get("prism:aggregationType"))),
        ("article-number", text(entry.get("article-number"))),
        ("pii", text(entry.get("pii"))),
        ("funder", text(entry.get("fund-sponsor"))),
        *(("affiliation", _affiliation(one)) for one in records(entry.get("affiliation"))),
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]


def _affiliation(place: Record) -> str | None:
    parts = (text(place.get(name)) for name in ("affilname", "affiliation-city", "affiliation-country"))
    return ", ".join(part for part in parts if part) or None
