"""Results of search engines as tables: of the web (SerpApi and its like), and of Google Scholar by Publish or Perish.

A table of the web has columns for title, link, snippet and rank (https://serpapi.com/organic-results names the fields). The
columns of Publish or Perish are seen in files that others published; its manual (harzing.com/resources/publish-or-perish)
describes the export without them. It writes 0 for a number that it does not know, and what Google Scholar puts before a title
(PDF, HTML, CITATION) as the type. Rows are read as those of any other table; a rank is no id, so that a result is known by its
link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from tasks.formats import columns, fields, table
from tasks.formats.addresses import canonical
from tasks.formats.reference import Parsed, Reference
from tasks.formats.table import Header
from tasks.formats.text import Text, decode

NAME = "search_table"
_RANK = frozenset({"position", "rank", "resultposition", "serpposition"})
_PERISH = frozenset({"cites", "gsrank", "querydate", "citesurl"})
_LABEL = re.compile(r"^\[(PDF|HTML|DOC|BOOK|B|CITATION|C)\]\s*", re.IGNORECASE)
_NUMBER = re.compile(r"0+(?:-0+)?")
_CLUSTER = re.compile(r"[?&]cites=(\d+)")


def first(text: Text) -> int | None:
    """The 0-based line of the header, if its columns are those of a search engine."""
    found = table.header(text)
    return found.first if found is not None and (_is_web(found) or _is_perish(found)) else None


def parse(data: bytes) -> Parsed:
    """Read a CSV or tab-separated file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the rows of a decoded file."""
    head = table.header(text)
    parsed = table.parse_text(text)
    if head is None:
        return replace(parsed, format=NAME)
    read = _perish if _is_perish(head) else _web
    return replace(parsed, format=NAME, references=tuple(read(reference, head) for reference in parsed.references))


def _names(head: Header) -> set[str]:
    return {columns.name(header) for header in head.names}


def _is_web(head: Header) -> bool:
    names = _names(head)
    return {"title", "urls", "abstract"} <= head.columns.keys() and "snippet" in names and bool(_RANK & names)


def _is_perish(head: Header) -> bool:
    return _names(head) >= _PERISH and "title" in head.columns


def _web(reference: Reference, head: Header) -> Reference:
    """A result of a search of the web. What such tables call the source is the site, not a journal."""
    title, label = _labelled(reference.title)
    site = reference.journal if "source" in _names(head) else None
    return replace(
        reference,
        type=reference.type or "webpage",
        title=title,
        journal=None if site else reference.journal,
        publisher=reference.publisher or site,
        doi=reference.doi or _doi(reference),
        accession=_link(reference),
        other=(*reference.other, *label),
    )


def _perish(reference: Reference, _head: Header) -> Reference:
    """A row of Publish or Perish; the number by which Google Scholar knows a paper is in the link to what cites it."""
    title, label = _labelled(reference.title)
    told = {columns.name(name): value for name, value in reference.other}
    cluster = _CLUSTER.search(told.get("citesurl", ""))
    names = tuple(name for name in reference.authors if any(letter.isalpha() for letter in name))
    return replace(
        reference,
        type=None if reference.type == "other" else reference.type,
        title=title,
        authors=names,
        volume=_known(reference.volume),
        issue=_known(reference.issue),
        pages=_known(reference.pages),
        doi=reference.doi or _doi(reference),
        accession=cluster[1] if cluster else _link(reference),
        database=reference.database or _database(told),
        other=(*reference.other, *label, *(("Authors", one) for one in reference.authors if one not in names)),
    )


def _labelled(title: str | None) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """The title without what the engine puts before it."""
    label = _LABEL.match(title or "")
    if title is None or label is None:
        return title, ()
    return title[label.end() :] or None, (("label", label[1]),)


def _known(value: str | None) -> str | None:
    return None if value is None or _NUMBER.fullmatch(value) else value


def _doi(reference: Reference) -> str | None:
    return next((found for url in reference.urls if (found := fields.doi(url))), None)


def _link(reference: Reference) -> str | None:
    return canonical(reference.urls[0]) if reference.urls else None


def _database(told: Mapping[str, str]) -> str | None:
    """Publish or Perish searches other databases as well; links tell those of Google Scholar."""
    return "Google Scholar" if "scholar.google." in told.get("citesurl", "") else None
