"""CSL JSON (https://docs.citationstyles.org/en/stable/specification.html, appendices III and IV): Zotero, Mendeley, DOIs.

A list of items, one item, or ``{"items": […]}``. Crossref and DataCite answer with an item when a DOI is asked for as CSL JSON;
Crossref then keeps its own names of types, but has strings where its API has lists.
"""

from __future__ import annotations

import re

from tasks.formats import dates, fields, json_records, json_values, tagged
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, prose, records, text, texts
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "csl_json"
_LISTED = ("items",)
_TYPES = {
    "article": "article", "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "review": "article", "review-book": "article", "periodical": "article", "chapter": "chapter", "entry": "chapter",
    "entry-dictionary": "chapter", "entry-encyclopedia": "chapter", "book": "book", "classic": "book", "report": "report",
    "standard": "report", "manuscript": "report", "thesis": "thesis", "paper-conference": "conference", "speech": "conference",
    "event": "conference", "webpage": "webpage", "post": "webpage", "post-weblog": "webpage", "dataset": "dataset",
    **dict.fromkeys(
        ("bill", "broadcast", "collection", "document", "figure", "graphic", "hearing", "interview", "legal_case",
         "legislation", "map", "motion_picture", "musical_score", "pamphlet", "patent", "performance", "personal_communication",
         "regulation", "software", "song", "treaty"), "other"),
}  # fmt: skip
_CROSSREF = {
    "journal-article": "article", "journal-issue": "article", "book-chapter": "chapter", "book-section": "chapter",
    "book-part": "chapter", "reference-entry": "chapter", "monograph": "book", "edited-book": "book", "reference-book": "book",
    "posted-content": "report", "dissertation": "thesis", "proceedings-article": "conference", "proceedings": "conference",
}  # fmt: skip
_PLAIN = frozenset({
    "article-journal", "chapter", "book", "report", "thesis", "paper-conference", "webpage", "dataset", "document",
})  # fmt: skip
_OTHER = (  # variables that a reviewer may want to see and no field holds
    "genre", "status", "edition", "version", "number", "number-of-pages", "number-of-volumes", "collection-number", "medium",
    "event", "event-title", "event-place", "publisher-place", "original-title", "original-publisher", "title-short",
    "container-title-short", "chapter-number", "part-number", "section", "supplement-number", "archive", "archive_location",
    "call-number", "authority", "jurisdiction", "PMCID", "citation-key", "page-first",
)  # fmt: skip
_PEOPLE = ("editor", "translator", "container-author", "collection-editor", "interviewer", "reviewed-author", "director")
_DATES = ("accessed", "original-date", "event-date", "submitted")
_PMID = re.compile(r"^\s*PMID: *(\d{1,8})\s*$", re.MULTILINE)


def first(text: Text) -> int | None:
    """0 where the document is an item of CSL, or a list of such."""
    document = json_records.document(text)
    if document is None:
        return 0 if _is_item(_first_of_damaged(text)) else None
    listed = member(document, *_LISTED)
    items = document if isinstance(document, list) else listed if isinstance(listed, list) else [document]
    return 0 if any(map(_is_item, items)) and all(_is_typed(one) for one in items if isinstance(one, dict)) else None


def parse(data: bytes) -> Parsed:
    """Read a CSL JSON file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the items of a decoded file."""
    return json_values.parse(NAME, text, _path(text), _reference)


def _path(text: Text) -> tuple[str, ...]:
    document = json_records.document(text)
    if document is None:
        return _LISTED if _head(text) == "{" and b'"items"' in text.data else ()
    return _LISTED if isinstance(member(document, *_LISTED), list) else ()


def _first_of_damaged(text: Text) -> object:
    """The first item of a document that breaks off, as downloads do."""
    if _head(text) not in ("{", "["):
        return None
    try:
        return next((found.value for found in json_records.elements(json_records.decode_text(text.data)[0], _path(text))), None)
    except json_records.Cut:
        return None


def _head(text: Text) -> str:
    return next((line for line in text.lines if line.strip()), "").lstrip()[:1]


def _is_typed(item: Record) -> bool:
    kind = item.get("type")
    known = isinstance(kind, str) and (kind in _TYPES or kind in _CROSSREF)
    return known and (item.get("title") is None or isinstance(item["title"], str))


def _is_item(item: object) -> bool:
    """Whether an object is a CSL item: a type of CSL, an id or title, and a variable whose form no API shares."""
    if not (isinstance(item, dict) and _is_typed(item) and ("id" in item or "title" in item)):
        return False
    issued, people = item.get("issued"), [person for name in ("author", "editor") for person in records(item.get(name))]
    dated = isinstance(issued, dict) and not {"date-parts", "raw", "literal", "season"}.isdisjoint(issued)
    named = any("family" in person or "literal" in person for person in people)
    return dated or named or isinstance(item.get("container-title"), str)


def _reference(item: Record, offset: int, length: int) -> Reference | str:
    kind = text(item.get("type"))
    title = _title(item)
    authors = _people(item, "author")
    abstract, tails = fields.abstract([prose(item.get("abstract")) or ""])
    date, rest = _date(item.get("issued"))
    containers = _texts(item, "container-title", "collection-title")
    serials = [fields.serials(value) for value in _texts(item, "ISSN", "ISBN")]
    links = [link for value in texts(item.get("URL")) for link in fields.urls(value)[0]]
    doi = fields.doi(text(item.get("DOI"))) or next((fields.doi(link) for link in links if fields.is_doi(link)), None)
    pmid = fields.pmid(text(item.get("PMID")) or _noted(item))
    notes = fields.unique(_texts(item, "note", "annote"))
    if not (title or authors or date.year or containers or doi or pmid or abstract or links or notes):
        return "the item has no title, author, date, container, identifier, abstract, link or note"
    left = [("issued", rest), *(("abstract", tail) for tail in tails), *(("container-title", one) for one in containers[1:])]
    return Reference(
        offset=offset, length=length, type=_TYPES.get(kind) or _CROSSREF.get(kind, "other") if kind else None, title=title,
        authors=authors, year=date.year, date=date.iso, journal=next(iter(containers), None), volume=text(item.get("volume")),
        issue=text(item.get("issue")), pages=fields.pages(text(item.get("page"))), doi=doi, pmid=pmid,
        issn=fields.unique(one for pair in serials for one in pair[0]),
        isbn=fields.unique(one for pair in serials for one in pair[1]), abstract=abstract, keywords=_keywords(item),
        language=text(item.get("language")), publisher=text(item.get("publisher")), urls=fields.unique(links),
        accession=text(item.get("id")), database=text(item.get("source")), notes=notes,
        notices=tagged.notices(texts(item.get("genre"))),
        other=tuple((name, value) for name, value in (*left, *_other(item, kind)) if value),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )  # fmt: skip


def _title(item: Record) -> str | None:
    """Title and, from Crossref, subtitle."""
    title, subtitle = (next(iter(_texts(item, name)), None) for name in ("title", "subtitle"))
    if title is None or subtitle is None or subtitle.lower() in title.lower():
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in ":?!." else f"{title}: {subtitle}"


def _other(item: Record, kind: str | None) -> list[tuple[str, str | None]]:
    dated = [(name, *_date(item.get(name))) for name in _DATES]
    return [
        ("type", None if kind in _PLAIN else kind),
        *((name, value) for name in _OTHER for value in _texts(item, name)),
        *((name, person) for name in _PEOPLE for person in _people(item, name)),
        *((name, rest or date.iso) for name, date, rest in dated),
    ]


def _texts(item: Record, *names: str) -> list[str]:
    """The texts of these variables without markup; some programs write a list where CSL has one text."""
    values = (value for name in names for value in _several(item.get(name)))
    return [found for value in values if (found := prose(value) if isinstance(value, str) else text(value))]


def _noted(item: Record) -> str | None:
    """The PubMed number in the note, where Zotero keeps it."""
    note = item.get("note")
    found = _PMID.search(note) if isinstance(note, str) else None
    return found[1] if found else None


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _people(item: Record, name: str) -> tuple[str, ...]:
    return tuple(found for person in records(item.get(name)) if (found := _person(person)))


def _person(person: Record) -> str | None:
    """ "van der Berg, Jan, Jr.", or an organisation as it is called."""
    parts = [text(person.get(part)) for part in ("dropping-particle", "non-dropping-particle", "family")]
    family = " ".join(part for part in parts if part)
    names = [family, text(person.get("given")), text(person.get("suffix")) if family else None]
    return ", ".join(part for part in names if part) or text(person.get("literal")) or text(person.get("name"))


def _date(value: object) -> tuple[dates.Date, str | None]:
    """A date, and what it says more: the end of a span, a season, or text."""
    parts = [part for part in _several(member(value, "date-parts")) if isinstance(part, list)]
    spans = ["-".join(number for part in span[:3] if (number := text(part))) for span in parts]
    words = [said for name in ("raw", "literal") if (said := text(member(value, name)))]
    given = [span for span in spans if span] or words or texts(value)
    season = text(member(value, "season"))
    if not given:
        return dates.Date(), season
    date = dates.read(given[0])
    more = len(given) > 1 or date.rest or date.year is None or season
    return date, "/".join(given) + (f" (season {season})" if season else "") if more else None


def _keywords(item: Record) -> tuple[str, ...]:
    values = [value for name in ("keyword", "keywords", "categories") for value in texts(item.get(name))]
    words = (word.strip() for value in values for word in value.split(";" if ";" in value else ","))
    return fields.unique(word for word in words if word)
