"""Works of CORE's API v3 (https://api.core.ac.uk/docs/v3): a page of a search, or one work.

A work is made of the copies that repositories hold of one paper. Names of authors stand as the repositories sent them. There
are neither volumes nor pages. The full text, where a page has it, is left in the page.
"""

from __future__ import annotations

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "core"
_LISTED = ("results",)
_ENVELOPE = ("totalHits", "limit")
_ITS_OWN = frozenset({"oaiIds", "dataProviders", "yearPublished", "sourceFulltextUrls", "depositedDate"})
_TYPES = {"research": "article", "thesis": "thesis", "presentation": "conference", "dataset": "dataset"}
_NAMED = {"pubmed_id": "pmid", "arxiv_id": "arxiv", "mag_id": "mag"}  # ids among ``identifiers``, by CORE's names


def first(text: Text) -> int | None:
    """0 where the document is a page of works or one work of CORE."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    if _is_work(document):
        return 0
    results = document.get("results")
    if not isinstance(results, list) or not all(name in document for name in _ENVELOPE):
        return None
    return 0 if not results or (isinstance(results[0], dict) and _is_work(results[0])) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_work(record: Record) -> bool:
    return text(record.get("id")) is not None and "title" in record and len(_ITS_OWN & record.keys()) >= 2


def _reference(work: Record, offset: int, length: int) -> Reference | str:
    accession = text(work.get("id"))
    if accession is None:
        return "no work of CORE: it has no id"
    title = prose(work.get("title"))
    authors = tuple(name for name in (text(author.get("name")) for author in records(work.get("authors"))) if name)
    abstract = fields.abstract([prose(work.get("abstract")) or ""])[0]
    date = dates.read(text(work.get("publishedDate")) or "")
    published = year(work.get("yearPublished")) or date.year
    journals = records(work.get("journals"))
    ids = _identifiers(work)
    return Reference(
        offset=offset,
        length=length,
        type=_TYPES.get((text(work.get("documentType")) or "").lower()),
        title=title,
        authors=authors,
        year=published,
        date=date.iso if date.year == published else None,
        journal=next((name for name in (prose(journal.get("title")) for journal in journals) if name), None),
        doi=fields.doi(text(work.get("doi"))),
        pmid=fields.pmid(text(work.get("pubmedId")) or ids.get("pmid")),
        issn=fields.unique(
            one for journal in journals for value in texts(journal.get("identifiers")) for one in fields.serials(value)[0]
        ),
        abstract=abstract,
        keywords=fields.unique([*texts(work.get("tags")), *texts(work.get("fieldOfStudy"))]),
        language=text(member(work, "language", "code")) or text(work.get("language")),
        publisher=text(work.get("publisher")),
        urls=_links(work),
        accession=accession,
        database="CORE",
        other=tuple(_other(work, ids)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _identifiers(work: Record) -> dict[str, str]:
    found = {}
    for one in records(work.get("identifiers")):
        kind, value = (text(one.get("type")) or "").lower(), text(one.get("identifier"))
        if kind in _NAMED and value:
            found[_NAMED[kind]] = value
    return found


def _links(work: Record) -> tuple[str, ...]:
    """Where the paper can be seen; links of the API itself and thumbnails are none."""
    shown = (one.get("url") for one in records(work.get("links")) if one.get("type") in ("display", "download", "reader"))
    found = [text(value) for value in (work.get("downloadUrl"), *shown)] + list(texts(work.get("sourceFulltextUrls")))
    return fields.unique(link for value in found if value for link in fields.urls(value)[0])


def _other(work: Record, ids: dict[str, str]) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    found = [
        ("type", text(work.get("documentType"))),
        ("arxiv", text(work.get("arxivId")) or ids.get("arxiv")),
        *(("contributor", name) for name in texts(work.get("contributors"))),
        *(("repository", text(one.get("name"))) for one in records(work.get("dataProviders"))),
        *(("oai", value) for value in texts(work.get("oaiIds"))),
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]
