"""Results of GOV.UK's search (https://docs.publishing.service.gov.uk/repos/search-api/using-the-search-api.html).

A result is a page of the site. Its description stands for an abstract, the organisations that publish it for the publisher, and
the day of its last public change for its date. Links are made absolute.
"""

from __future__ import annotations

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import place, prose, records, text
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "govuk"
HOME = "https://www.gov.uk"
_LISTED = ("results",)
_ITS_OWN = frozenset({"_id", "es_score", "index", "elasticsearch_type", "public_timestamp", "content_store_document_type"})
_REPORTS = (  # kinds of page that are documents in their own right, by words in their names
    "report", "research", "paper", "statistics", "publication", "assessment", "evaluation", "review", "guidance", "inquiry",
    "consultation", "statement", "decision", "case_study", "independent",
)  # fmt: skip
_KINDS = ("content_store_document_type", "display_type", "format")


def first(text: Text) -> int | None:
    """0 where the document is a page of results of GOV.UK."""
    document = json_records.document(text)
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(results, list):
        return None
    if not results:
        return 0 if {"total", "start", "suggested_queries"} <= document.keys() else None
    return 0 if isinstance(results[0], dict) and _is_result(results[0]) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_result(record: Record) -> bool:
    return isinstance(record.get("link"), str) and "title" in record and len(_ITS_OWN & record.keys()) >= 2


def _reference(result: Record, offset: int, length: int) -> Reference | str:
    link = text(result.get("link")) or text(result.get("_id"))
    if link is None:
        return "no page of GOV.UK: it has no link"
    title = prose(result.get("title"))
    description = prose(result.get("description"))
    date = dates.read(text(result.get("public_timestamp")) or "")
    publishers = [name for name in (text(one.get("title")) for one in records(result.get("organisations"))) if name]
    kinds = fields.unique(kind for name in _KINDS if (kind := text(result.get(name))))
    return Reference(
        offset=offset,
        length=length,
        type=_type(kinds),
        title=title,
        year=date.year,
        date=date.iso,
        abstract=description,
        publisher="; ".join(fields.unique(publishers)) or None,
        urls=(absolute(link),),
        accession=link,
        database="GOV.UK",
        other=tuple(_other(result, kinds)),
        warnings=damaged((("title", title), ("abstract", description))),
    )


def absolute(link: str) -> str:
    """The address of a page; some results lead to other sites."""
    if link.startswith(("http://", "https://")):
        return link
    return f"{HOME}/{link.lstrip('/')}"


def _type(kinds: tuple[str, ...]) -> str:
    """What a page is; "dataset" for statistical data, "webpage" for all that is written for the site itself."""
    words = " ".join(kinds).lower().replace(" ", "_")
    if "data_set" in words:
        return "dataset"
    return "report" if any(word in words for word in _REPORTS) else "webpage"


def _other(result: Record, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    lists = ("topics", "policy_areas", "document_collections", "world_locations", "topical_events")
    found = [
        *(("type", kind) for kind in kinds),
        ("content_id", text(result.get("content_id"))),
        *(("acronym", text(one.get("acronym"))) for one in records(result.get("organisations"))),
        *((name, text(one.get("title"))) for name in lists for one in records(result.get(name))),
    ]
    return [(name, value) for name, value in dict.fromkeys(found) if value]
