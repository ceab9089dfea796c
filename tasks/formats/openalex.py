"""Works of OpenAlex as its API gives them (https://developers.openalex.org/api-reference/works): a list, or one work.

Abstracts come as an inverted index, each word with its positions, and are put together again. Names are those in the paper
(``raw_author_name``) where the page has them: the name of the author's profile can be in another script than the paper.
"""

from __future__ import annotations

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, whole, year
from tasks.formats.markup import plain
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "openalex"
_HOME = "https://openalex.org/"
_TYPES = {
    "article": "article", "review": "article", "letter": "article", "editorial": "article", "erratum": "article",
    "retraction": "article", "preprint": "report", "book": "book", "book-chapter": "chapter", "book-section": "chapter",
    "reference-entry": "chapter", "report": "report", "dissertation": "thesis", "dataset": "dataset", "database": "dataset",
    "conference-paper": "conference", "conference-abstract": "conference",
}  # fmt: skip
_REPOSITORIES = frozenset({"repository", "metadata"})  # kinds of source that hold a paper but are no journal or book
_LISTED = ("results",)


def first(text: Text) -> int | None:
    """0 where the document is a list of works or one work of OpenAlex."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    if _is_work(document):
        return 0
    results = document.get("results")
    if not isinstance(results, list) or not isinstance(document.get("meta"), dict):
        return None
    if not results:
        return 0 if "db_response_time_ms" in document["meta"] else None
    return 0 if isinstance(results[0], dict) and _is_work(results[0]) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_work(record: Record) -> bool:
    identifier = record.get("id")
    return isinstance(identifier, str) and identifier.startswith(f"{_HOME}W")


def _reference(work: Record, offset: int, length: int) -> Reference | str:
    if not _is_work(work):
        return f"no work of OpenAlex: its id does not begin with {_HOME}W"
    title = prose(work.get("title")) or prose(work.get("display_name"))
    authors = tuple(name for name in map(_author, records(work.get("authorships"))) if name)
    abstract = _abstract(work.get("abstract_inverted_index"))
    date = dates.read(text(work.get("publication_date")) or "")
    container = _container(work)
    keywords = fields.unique(
        [*_named(work, "keywords", "display_name", "keyword"), *_named(work, "mesh", "descriptor_name")],
    )
    return Reference(
        offset=offset,
        length=length,
        type=_type(work, container),
        title=title,
        authors=authors,
        year=year(work.get("publication_year")) or date.year,
        date=date.iso,
        journal=prose(container.get("display_name")),
        volume=text(member(work, "biblio", "volume")),
        issue=text(member(work, "biblio", "issue")),
        pages=fields.pages(text(member(work, "biblio", "first_page")), text(member(work, "biblio", "last_page"))),
        doi=fields.doi(text(work.get("doi")) or text(member(work, "ids", "doi"))),
        pmid=fields.pmid((text(member(work, "ids", "pmid")) or "").rstrip("/").rpartition("/")[2]),
        issn=fields.unique(one for value in texts(container.get("issn")) for one in fields.serials(value)[0]),
        abstract=abstract,
        keywords=keywords,
        language=text(work.get("language")),
        publisher=text(container.get("host_organization_name")),
        urls=_links(work),
        accession=(text(work.get("id")) or "").removeprefix(_HOME),
        database="OpenAlex",
        notices=("retracted",) if work.get("is_retracted") is True else (),
        other=tuple(_other(work)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract), ("keywords", keywords))),
    )


def _type(work: Record, container: Record) -> str | None:
    raw = text(work.get("type_crossref")) or ""
    if raw.startswith("proceedings") or container.get("type") == "conference":
        return "conference"
    kind = text(work.get("type"))
    return _TYPES.get(kind, "other") if kind else None


def _author(authorship: Record) -> str | None:
    return text(authorship.get("raw_author_name")) or text(member(authorship, "author", "display_name"))


def _abstract(index: object) -> str | None:
    if not isinstance(index, dict):
        return None
    words = [
        (position, word)
        for word, positions in index.items()
        if isinstance(positions, list)
        for position in positions
        if isinstance(position, int)
    ]
    return fields.abstract([plain(whole(" ".join(word for _, word in sorted(words)))) or ""])[0]


def _container(work: Record) -> Record:
    """The journal or book that the work is in: its first place that is no repository."""
    places = [*records(work.get("primary_location")), *records(work.get("locations"))]
    sources = [source for place in places for source in records(place.get("source"))]
    return next((source for source in sources if source.get("type") not in _REPOSITORIES), {})


def _named(work: Record, name: str, *keys: str) -> list[str]:
    found = (next((value for key in keys if (value := text(one.get(key)))), None) for one in records(work.get(name)))
    return [value for value in found if value]


def _links(work: Record) -> tuple[str, ...]:
    places = [*records(work.get("primary_location")), *records(work.get("best_oa_location"))]
    found = (text(place.get(name)) for place in places for name in ("landing_page_url", "pdf_url"))
    return fields.unique(link for value in found if value for link in fields.urls(value)[0])


def _other(work: Record) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    institutions = (
        text(one.get("display_name"))
        for authorship in records(work.get("authorships"))
        for one in records(authorship.get("institutions"))
    )
    funders = (
        text(one.get("funder_display_name")) or text(one.get("display_name"))
        for name in ("grants", "awards", "funders")
        for one in records(work.get(name))
    )
    repositories = (
        text(member(place, "source", "display_name"))
        for place in records(work.get("primary_location"))
        if member(place, "source", "type") in _REPOSITORIES
    )
    found = [
        ("type", text(work.get("type"))),
        ("pmcid", (text(member(work, "ids", "pmcid")) or "").rstrip("/").rpartition("/")[2] or None),
        *(("repository", name) for name in repositories),
        ("primary_topic", text(member(work, "primary_topic", "display_name"))),
        *(("institution", name) for name in fields.unique(name for name in institutions if name)),
        *(("funder", name) for name in fields.unique(name for name in funders if name)),
        ("paratext", "true" if work.get("is_paratext") is True else None),
    ]
    return [(name, value) for name, value in found if value]
