"""Records of DataCite: pages of its REST API (JSON:API, https://support.datacite.org/docs/api), or one record by itself.

A record by itself comes in the same shape as ``attributes`` of the API (DataCite JSON, by content negotiation or from Zotero's
examples). Older records have the publisher and the affiliations as plain strings, newer ones as objects.
"""

from __future__ import annotations

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "datacite"
_LISTED = ("data",)
_TYPES = {  # resourceTypeGeneral
    "journalarticle": "article", "datapaper": "article", "journal": "article", "preprint": "report", "report": "report",
    "standard": "report", "outputmanagementplan": "report", "studyregistration": "report", "project": "report",
    "dissertation": "thesis", "book": "book", "bookchapter": "chapter", "conferencepaper": "conference",
    "conferenceproceeding": "conference", "presentation": "conference", "poster": "conference", "dataset": "dataset",
}  # fmt: skip
_TEXTS = (  # what the free resourceType says, where resourceTypeGeneral says no more than "Text"
    ("thesis", ("thesis", "dissertation")), ("chapter", ("chapter", "section")), ("conference", ("conference", "proceeding")),
    ("article", ("article",)), ("report", ("report", "paper", "preprint", "deliverable")), ("book", ("book", "monograph")),
)  # fmt: skip
_RELATIONS = {
    "IsPreprintOf": "preprint-of", "IsTranslationOf": "translation-of", "Obsoletes": "update-of", "IsObsoletedBy": "updated",
}  # fmt: skip
_SERIALS = frozenset({"ISSN", "EISSN", "LISSN", "ISBN"})
_HOSTS = ("IsPublishedIn", "IsPartOf")
_DATES = ("Issued", "Available", "Created", "Submitted")
_KEPT = (
    "IsVersionOf", "IsNewVersionOf", "IsPreviousVersionOf", "IsVariantFormOf", "IsIdenticalTo", "HasTranslation", *_HOSTS,
)  # fmt: skip


def first(text: Text) -> int | None:
    """0 where the document is a page of DataCite's API or one of its records."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    data = document.get("data")
    if isinstance(data, list):
        if data:
            return 0 if isinstance(data[0], dict) and _attributes(data[0]) else None
        link = member(document, "links", "self")
        return 0 if isinstance(link, str) and "/dois?" in link and isinstance(member(document, "meta", "total"), int) else None
    return 0 if _attributes(data if isinstance(data, dict) else document) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    path = place(text, _LISTED) or (_LISTED if isinstance(member(json_records.document(text), *_LISTED), dict) else ())
    return json_values.parse(NAME, text, path, _reference)


def _attributes(record: Record) -> Record | None:
    """The description of a work, in the API's envelope or without it; None where there is none."""
    if record.get("type") in ("dois", "doi") and isinstance(record.get("attributes"), dict):
        inner = record["attributes"]
        return inner if isinstance(inner, dict) else None
    schema = record.get("schemaVersion")
    named = isinstance(schema, str) and "datacite.org/schema/kernel" in schema
    return record if named and "doi" in record and "titles" in record else None


def _reference(record: Record, offset: int, length: int) -> Reference | str:
    work = _attributes(record)
    if work is None:
        return "no record of DataCite: it has neither attributes of a DOI nor the schema of one"
    doi = fields.doi(text(work.get("doi")) or text(record.get("id")))
    if doi is None:
        return "no record of DataCite: it has no DOI"
    title = _title(work)
    authors = tuple(name for name in map(_name, records(work.get("creators"))) if name)
    abstract = fields.abstract(found for found in _described(work, "Abstract"))[0]
    keywords = fields.unique(value for one in records(work.get("subjects")) if (value := text(one.get("subject"))))
    home = _home(work)
    serials = [fields.serials(value) for value in _identifiers(work)]
    date = _date(work)
    return Reference(
        offset=offset,
        length=length,
        type=_type(work),
        title=title,
        authors=authors,
        year=year(work.get("publicationYear")) or date.year,
        date=date.iso,
        journal=home["title"],
        volume=home["volume"],
        issue=home["issue"],
        pages=fields.pages(home["firstPage"], home["lastPage"]),
        doi=doi,
        issn=fields.unique(one for found in serials for one in found[0]),
        isbn=fields.unique(one for found in serials for one in found[1]),
        abstract=abstract,
        keywords=keywords,
        language=text(work.get("language")),
        publisher=text(work.get("publisher")) or text(member(work, "publisher", "name")),
        urls=fields.urls(text(work.get("url")) or "")[0],
        accession=doi,
        database="DataCite",
        notices=fields.unique(_notices(work)),
        other=tuple(_other(work)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract), ("keywords", keywords))),
    )


def _title(work: Record) -> str | None:
    """The title without a type; a translated or alternative one has a type, and a subtitle follows the title."""
    titles = [(one.get("titleType"), prose(one.get("title"))) for one in records(work.get("titles"))]
    main = next((value for kind, value in titles if value and not kind), None)
    main = main or next((value for _, value in titles if value), None)
    subtitle = next((value for kind, value in titles if value and kind == "Subtitle"), None)
    if main is None or subtitle is None or subtitle.lower() in main.lower():
        return main
    return f"{main}: {subtitle}"


def _name(person: Record) -> str | None:
    family, given = text(person.get("familyName")), text(person.get("givenName"))
    return f"{family}, {given}" if family and given else text(person.get("name")) or family or given


def _type(work: Record) -> str | None:
    general = text(member(work, "types", "resourceTypeGeneral"))
    special = (text(member(work, "types", "resourceType")) or "").lower()
    if general is None and not special:
        return None
    known = _TYPES.get((general or "").replace(" ", "").lower())
    if known or (general or "Text") not in ("Text", "Other"):
        return known or "other"
    return next((kind for kind, words in _TEXTS if any(word in special for word in words)), "other")


def _described(work: Record, kind: str) -> list[str]:
    found = (prose(one.get("description")) for one in records(work.get("descriptions")) if one.get("descriptionType") == kind)
    return [one for one in found if one]


def _date(work: Record) -> dates.Date:
    """The date of publication, as far as it lies in the year of publication that is given."""
    stated = year(work.get("publicationYear"))
    given = [(one.get("dateType"), text(one.get("date"))) for one in records(work.get("dates"))]
    found = [dates.read(value) for kind in _DATES for name, value in given if value and name == kind]
    fitting = [date for date in found if date.year and stated in (None, date.year)]
    return next(iter(fitting), dates.Date(stated, str(stated)) if stated else dates.Date())


def _home(work: Record) -> dict[str, str | None]:
    """Where the work appeared: the related item in which it is published, else its container."""
    found = next(iter([*_items(work), *records(work.get("container"))]), {})
    titles = (prose(one.get("title")) for one in [*records(found.get("titles")), found])
    names = ("volume", "issue", "firstPage", "lastPage")
    return {"title": next((title for title in titles if title), None), **{name: text(found.get(name)) for name in names}}


def _identifiers(work: Record) -> list[str]:
    """The ISSNs and ISBNs of the work and of what it appeared in."""
    homes = [member(one, "relatedItemIdentifier") for one in _items(work)]
    hosts = [one for one in records(work.get("relatedIdentifiers")) if one.get("relationType") in _HOSTS]
    places = [
        *((member(one, "identifierType"), member(one, "identifier")) for one in records(work.get("container"))),
        *((member(one, "relatedItemIdentifierType"), member(one, "relatedItemIdentifier")) for one in homes),
        *((member(one, "relatedIdentifierType"), member(one, "relatedIdentifier")) for one in hosts),
        *((member(one, "identifierType"), member(one, "identifier")) for one in records(work.get("identifiers"))),
    ]
    return [value for kind, one in places if kind in _SERIALS and (value := text(one))]


def _items(work: Record) -> list[Record]:
    """The related items in which the work is published."""
    return [one for one in records(work.get("relatedItems")) if one.get("relationType") == "IsPublishedIn"]


def _notices(work: Record) -> list[str]:
    found = []
    for one in records(work.get("relatedIdentifiers")):
        kind = _RELATIONS.get(text(one.get("relationType")) or "")
        other = fields.doi(text(one.get("relatedIdentifier")))
        if kind and other:
            found.append(f"{kind}: {other}")
    withdrawn = any(one.get("dateType") == "Withdrawn" for one in records(work.get("dates")))
    return [*(["retracted"] if withdrawn else []), *found]


def _other(work: Record) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    types = member(work, "types")
    titles = [(text(one.get("titleType")), prose(one.get("title"))) for one in records(work.get("titles"))]
    contributors = [
        (text(one.get("contributorType")) or "contributor", _name(one)) for one in records(work.get("contributors"))
    ]
    descriptions = [
        (text(one.get("descriptionType")) or "description", prose(one.get("description")))
        for one in records(work.get("descriptions"))
        if one.get("descriptionType") != "Abstract"
    ]
    related = [
        (text(one.get("relationType")) or "related", text(one.get("relatedIdentifier")))
        for one in records(work.get("relatedIdentifiers"))
        if one.get("relationType") in _KEPT
    ]
    affiliations = [
        value
        for one in records(work.get("creators"))
        for value in [*texts(one.get("affiliation")), *(text(place.get("name")) for place in records(one.get("affiliation")))]
    ]
    found = [
        ("type", text(member(types, "resourceTypeGeneral"))),
        ("resource-type", text(member(types, "resourceType"))),
        *((f"title ({kind})", value) for kind, value in titles if kind and kind != "Subtitle"),
        *contributors,
        *descriptions,
        *related,
        *(("affiliation", value) for value in affiliations),
        *(("funder", text(one.get("funderName"))) for one in records(work.get("fundingReferences"))),
        ("version", text(work.get("version"))),
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]
