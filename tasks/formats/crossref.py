"""Works of Crossref's REST API (https://www.crossref.org/documentation/retrieve-metadata/rest-api/): a list, or one work.

Abstracts are JATS. ``updated-by`` (this work was corrected or retracted by …, from publishers and from Retraction Watch),
``update-to`` (this work corrects or retracts …) and ``relation`` become notices.
"""

from __future__ import annotations

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "crossref"
_LISTED = ("message", "items")
_ONE = ("message",)
_TYPES = {
    "journal-article": "article", "journal-issue": "article", "book-chapter": "chapter", "book-section": "chapter",
    "book-part": "chapter", "book-track": "chapter", "reference-entry": "chapter", "book": "book", "monograph": "book",
    "edited-book": "book", "reference-book": "book", "book-set": "book", "book-series": "book", "report": "report",
    "report-component": "report", "report-series": "report", "posted-content": "report", "standard": "report",
    "dissertation": "thesis", "proceedings-article": "conference", "proceedings": "conference", "dataset": "dataset",
    "database": "dataset",
}  # fmt: skip
_DATES = ("issued", "published", "published-print", "published-online", "posted")
_UPDATES = {  # kinds of update by what they do to the paper; a partial retraction is for the reviewer to judge
    "retraction": "retracted", "withdrawal": "retracted", "removal": "retracted", "partial_retraction": "concern",
    "expression_of_concern": "concern", "correction": "corrected", "corrigendum": "corrected", "erratum": "corrected",
    "addendum": "corrected", "clarification": "corrected", "new_edition": "updated", "new_version": "updated",
}  # fmt: skip
_UPDATING = {"retracted": "retraction-of", "concern": "concern-about", "corrected": "correction-of", "updated": "update-of"}
_RELATIONS = {"is-preprint-of": "preprint-of", "is-translation-of": "translation-of", "is-manuscript-of": "published-as"}


def first(text: Text) -> int | None:
    """0 where the document is an answer of Crossref with works."""
    document = json_records.document(text)
    return 0 if isinstance(document, dict) and document.get("message-type") in ("work", "work-list") else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    path = place(text, _LISTED) or (_ONE if isinstance(member(json_records.document(text), *_ONE), dict) else ())
    return json_values.parse(NAME, text, path, _reference)


def _reference(work: Record, offset: int, length: int) -> Reference | str:
    doi = fields.doi(text(work.get("DOI")))
    if doi is None:
        return "no work of Crossref: it has no DOI"
    title = _title(work)
    authors = tuple(name for name in map(_name, records(work.get("author"))) if name)
    abstract = fields.abstract([prose(work.get("abstract")) or ""])[0]
    date = _date(work)
    serials = [fields.serials(value) for name in ("ISSN", "ISBN") for value in texts(work.get(name))]
    keywords = fields.unique(texts(work.get("subject")))
    links = (text(work.get("URL")), text(member(work, "resource", "primary", "URL")))
    return Reference(
        offset=offset,
        length=length,
        type=_type(work),
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        journal=next(iter(_prose(work, "container-title")), None) or next(iter(_prose(work, "event", "name")), None),
        volume=_filled(work.get("volume")),
        issue=_filled(work.get("issue")) or _filled(member(work, "journal-issue", "issue")),
        pages=fields.pages(_filled(work.get("page")) or _filled(work.get("article-number"))),
        doi=doi,
        issn=fields.unique(one for found in serials for one in found[0]),
        isbn=fields.unique(one for found in serials for one in found[1]),
        abstract=abstract,
        keywords=keywords,
        language=text(work.get("language")),
        publisher=text(work.get("publisher")),
        urls=fields.unique(link for value in links if value for link in fields.urls(value)[0]),
        accession=doi,
        database="Crossref",
        notices=fields.unique(_notices(work, doi)),
        other=tuple(_other(work)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _type(work: Record) -> str | None:
    kind = text(work.get("type"))
    return _TYPES.get(kind, "other") if kind else None


def _filled(value: object) -> str | None:
    """A value, unless the publisher sent the word "null" for none."""
    found = text(value)
    return None if found and found.lower() in ("null", "none", "undefined") else found


def _prose(work: Record, *names: str) -> list[str]:
    value = member(work, *names)
    found = (prose(one) for one in (value if isinstance(value, list) else [value]))
    return [one for one in found if one]


def _title(work: Record) -> str | None:
    """Title and subtitle, as they stand on the paper; many publishers send the subtitle in both."""
    title, subtitle = next(iter(_prose(work, "title")), None), next(iter(_prose(work, "subtitle")), None)
    if title is None or subtitle is None or subtitle.lower() in title.lower():
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in ":?!.–—" else f"{title}: {subtitle}"


def _name(person: Record) -> str | None:
    family, given = text(person.get("family")), text(person.get("given"))
    name = f"{family}, {given}" if family and given else family or given or text(person.get("name"))
    suffix = text(person.get("suffix"))
    return f"{name}, {suffix}" if name and suffix and family and given else name


def _date(work: Record) -> dates.Date:
    """The earliest publication, print or online, that Crossref knows; ``[[null]]`` stands for none."""
    for name in _DATES:
        parts = member(work, name, "date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            numbers = [text(part) for part in parts[0]]
            if numbers and year(numbers[0]):
                return dates.read("-".join(number for number in numbers if number))
    return dates.Date()


def _notices(work: Record, doi: str) -> list[str]:
    found = []
    for update in records(work.get("updated-by")):
        kind, other = _UPDATES.get(_kind(update)), fields.doi(text(update.get("DOI")))
        if kind:
            found.append(kind if other in (None, doi) else f"{kind}: {other}")
    for update in records(work.get("update-to")):
        kind, other = _UPDATES.get(_kind(update)), fields.doi(text(update.get("DOI")))
        if kind and other == doi:
            found.append(kind)  # the paper itself was replaced by its retraction or correction, under its own DOI
        elif kind and other:
            found.append(f"{_UPDATING[kind]}: {other}")
    for relation, kind in _RELATIONS.items():
        others = (fields.doi(text(one.get("id"))) for one in records(member(work, "relation", relation)))
        found += [f"{kind}: {other}" for other in others if other]
    return found


def _kind(update: Record) -> str:
    return (text(update.get("type")) or "").lower().replace("-", "_").replace(" ", "_")


def _other(work: Record) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    relation = work.get("relation")
    related = [
        (kind, value)
        for kind, ones in (relation.items() if isinstance(relation, dict) else ())
        if kind not in _RELATIONS
        for one in records(ones)
        if (value := text(one.get("id")))
    ]
    unread = [
        ("updated-by", f"{_kind(update)}: {text(update.get('DOI'))}")
        for update in records(work.get("updated-by"))
        if _kind(update) not in _UPDATES
    ]
    found = [
        *((name, text(work.get(name))) for name in ("type", "subtype", "edition-number", "publisher-location")),
        *(("original-title", value) for value in _prose(work, "original-title")),
        *(("editor", _name(person)) for person in records(work.get("editor"))),
        *(("translator", _name(person)) for person in records(work.get("translator"))),
        *(("event", value) for value in _prose(work, "event", "name")),
        *(("funder", text(one.get("name"))) for one in records(work.get("funder"))),
        *(("clinical-trial", text(one.get("clinical-trial-number"))) for one in records(work.get("clinical-trial-number"))),
        *(("institution", text(one.get("name"))) for one in records(work.get("institution"))),
        *related,
        *unread,
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]
