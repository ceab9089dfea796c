"""Articles of the Directory of Open Access Journals as its API v4 gives them (https://doaj.org/api/v4/docs): a page, or one.

Seen in recorded pages: a DOI may stand as a link, the month as a name, as a number with or without a leading zero, or as 0;
names have the given name first and are kept so, because nothing parts the two.
"""

from __future__ import annotations

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "doaj"
_LISTED = ("results",)
_ENVELOPE = ("total", "page", "pageSize", "query")


def first(text: Text) -> int | None:
    """0 where the document is a page of articles or one article of DOAJ."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    if _is_article(document):
        return 0
    results = document.get("results")
    if not isinstance(results, list) or not all(name in document for name in _ENVELOPE):
        return None
    return 0 if not results or (isinstance(results[0], dict) and _is_article(results[0])) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_article(record: Record) -> bool:
    """Journals have a ``bibjson`` too, but no journal inside it."""
    return isinstance(record.get("id"), str) and isinstance(member(record, "bibjson", "journal"), dict)


def _reference(article: Record, offset: int, length: int) -> Reference | str:
    if not isinstance(article.get("bibjson"), dict):
        return "no article of DOAJ: it has no bibjson"
    bibjson = next(iter(records(article.get("bibjson"))))
    journal = next(iter(records(bibjson.get("journal"))), {})
    title = prose(bibjson.get("title"))
    authors = tuple(name for name in (text(author.get("name")) for author in records(bibjson.get("author"))) if name)
    abstract = fields.abstract([prose(bibjson.get("abstract")) or ""])[0]
    published = year(bibjson.get("year"))
    ids = [
        (text(one.get("type")) or "", value)
        for one in records(bibjson.get("identifier"))
        if (value := text(one.get("id"))) is not None
    ]
    languages = texts(journal.get("language"))
    serials = [*(value for kind, value in ids if kind in ("pissn", "eissn", "issn")), *texts(journal.get("issns"))]
    return Reference(
        offset=offset,
        length=length,
        type="article",
        title=title,
        authors=authors,
        year=published,
        date=_date(published, text(bibjson.get("month"))),
        journal=prose(journal.get("title")),
        volume=text(journal.get("volume")),
        issue=text(journal.get("number")),
        pages=fields.pages(text(bibjson.get("start_page")), text(bibjson.get("end_page"))),
        doi=next((found for kind, value in ids if kind == "doi" and (found := fields.doi(value))), None),
        issn=fields.unique(one for value in serials for one in fields.serials(value)[0]),
        abstract=abstract,
        keywords=fields.unique(texts(bibjson.get("keywords"))),
        language=languages[0] if len(languages) == 1 else None,
        publisher=text(journal.get("publisher")),
        urls=fields.unique(
            link for one in records(bibjson.get("link")) if (value := text(one.get("url"))) for link in fields.urls(value)[0]
        ),
        accession=text(article.get("id")),
        database="DOAJ",
        other=tuple(_other(bibjson, journal, ids, languages)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _date(published: int | None, month: str | None) -> str | None:
    if published is None:
        return None
    if month and month.isdecimal():
        return dates.read(f"{published}-{int(month):02}").iso
    return dates.read(month or str(published), published).iso or str(published)


def _other(bibjson: Record, journal: Record, ids: list[tuple[str, str]], languages: list[str]) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds. A DOI that cannot be read as one is kept as it stands."""
    found = [
        *(("doi", value) for kind, value in ids if kind == "doi" and fields.doi(value) is None),
        *((kind, value) for kind, value in ids if kind not in ("doi", "pissn", "eissn", "issn")),
        *(("subject", text(one.get("term"))) for one in records(bibjson.get("subject"))),
        *(("affiliation", text(one.get("affiliation"))) for one in records(bibjson.get("author"))),
        *(("journal language", value) for value in languages if len(languages) > 1),
        ("journal country", text(journal.get("country"))),
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]
