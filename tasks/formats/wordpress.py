"""Posts and pages of a WordPress site as its REST interface gives them (https://developer.wordpress.org/rest-api/reference/).

A page of results is an array of posts; one post is an object. The excerpt stands for an abstract; where the site has none, the
beginning of the text does. Seen in a recording: the excerpt ends in a link "Read More", and may be nothing else.
"""

from __future__ import annotations

from tasks.formats import dates, fields, html_text, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, prose, records, text
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "wordpress"
_REPORTS = ("report", "publication", "research", "paper", "evidence", "briefing")  # in names of types of post


def first(text: Text) -> int | None:
    """0 where the document is a list of posts or one post."""
    document = json_records.document(text)
    record = document[0] if isinstance(document, list) and document else document
    return 0 if isinstance(record, dict) and _is_post(record) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, (), _reference)


def _is_post(record: Record) -> bool:
    rendered = (isinstance(member(record, name, "rendered"), str) for name in ("title", "content", "excerpt", "guid"))
    return isinstance(record.get("link"), str) and text(record.get("id")) is not None and sum(rendered) >= 2


def _reference(post: Record, offset: int, length: int) -> Reference | str:
    accession, link = text(post.get("id")), text(post.get("link"))
    if accession is None or link is None:
        return "no post of WordPress: it has no id or no link"
    title = prose(member(post, "title", "rendered"))
    authors = tuple(name for name in (text(one.get("name")) for one in records(member(post, "_embedded", "author"))) if name)
    abstract = _excerpt(post)
    date = dates.read(text(post.get("date")) or text(post.get("date_gmt")) or "")
    kind = text(post.get("type")) or "post"
    return Reference(
        offset=offset,
        length=length,
        type="report" if any(word in kind for word in _REPORTS) else "webpage",
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        abstract=abstract,
        keywords=_terms(post),
        urls=fields.urls(link)[0],
        accession=accession,
        other=tuple(_other(post, kind)),
        warnings=damaged((("title", title), ("abstract", abstract))),
    )


def _excerpt(post: Record) -> str | None:
    told = html_text.plain(member(post, "excerpt", "rendered"))
    return told or html_text.shortened(html_text.plain(member(post, "content", "rendered")))


def _terms(post: Record) -> tuple[str, ...]:
    """Names of the categories and tags, where the page has them embedded: an array for each kind of term."""
    kinds = member(post, "_embedded", "wp:term")
    found = (prose(term.get("name")) for kind in (kinds if isinstance(kinds, list) else []) for term in records(kind))
    return fields.unique(name for name in found if name)


def _other(post: Record, kind: str) -> list[tuple[str, str]]:
    found = [("type", kind), ("modified", text(post.get("modified"))), ("guid", text(member(post, "guid", "rendered")))]
    return [(name, value) for name, value in found if value]
