"""What a web page says of itself in JSON-LD, by the vocabulary of schema.org (https://schema.org/CreativeWork).

Of several things on a page, that which is most surely a publication is the one that the page is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from tasks.formats.json_records import Record
from tasks.formats.json_values import member, prose, records, text, texts

_KINDS = {  # types of things, the surest first, and what they are as references
    "ScholarlyArticle": "article", "MedicalScholarlyArticle": "article", "Thesis": "thesis", "Report": "report",
    "Book": "book", "Chapter": "chapter", "Dataset": "dataset", "PublicationIssue": None, "TechArticle": "report",
    "NewsArticle": "webpage", "BlogPosting": "webpage", "Article": "webpage", "CreativeWork": None, "WebPage": None,
    "ItemPage": None, "AboutPage": None,
}  # fmt: skip
_DEEPEST = 6  # things inside things


@dataclass(frozen=True, slots=True)
class Thing:
    """The values of a thing that have a field in a reference."""

    type: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    abstract: str | None = None
    publisher: str | None = None
    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    language: str | None = None
    keywords: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()


def described(tree: LexborHTMLParser) -> Thing:
    """The thing that a page is about; an empty one where it says nothing."""
    order = list(_KINDS)
    found = [(order.index(kind), thing) for thing in _things(tree) for kind in texts(thing.get("@type")) if kind in _KINDS]
    return _thing(*min(found, key=lambda one: one[0])) if found else Thing()


def _things(tree: LexborHTMLParser) -> Iterator[Record]:
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            yield from _within(json.loads(node.text()), 0)
        except (ValueError, RecursionError):
            continue


def _within(value: object, depth: int) -> Iterator[Record]:
    """Things in lists, in graphs, and the one that a page is the page of."""
    if isinstance(value, list):
        for one in value:
            yield from _within(one, depth)
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield value
        yield from _within(value.get("@graph"), depth + 1)
        yield from _within(value.get("mainEntity"), depth + 1)


def _thing(rank: int, thing: Record) -> Thing:
    kind = list(_KINDS.values())[rank]
    parts = list(_parts(thing.get("isPartOf")))
    named = kind in ("article", "chapter")
    return Thing(
        type=kind,
        title=prose(thing.get("headline")) or prose(thing.get("name")),
        authors=tuple(name for one in _people(thing.get("author") or thing.get("creator")) if (name := _name(one))),
        date=text(thing.get("datePublished")),
        abstract=prose(thing.get("abstract")) or prose(thing.get("description")),
        publisher=next((name for one in _people(thing.get("publisher")) if (name := _name(one))), None),
        journal=next((name for one in reversed(parts) if (name := prose(one.get("name")))), None) if named else None,
        volume=_of(parts, "volumeNumber"),
        issue=_of(parts, "issueNumber"),
        pages=text(thing.get("pagination")) or _pages(thing),
        language=next(iter(texts(member(thing, "inLanguage", "name") or thing.get("inLanguage"))), None),
        keywords=tuple(texts(thing.get("keywords"))),
        identifiers=tuple(_identifiers(thing)),
        serials=tuple(one for part in (thing, *parts) for name in ("issn", "isbn") for one in texts(part.get(name))),
    )


def _people(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(value: object) -> str | None:
    """A name, as "Family, Given" where the two are told apart; some sites write the name itself in place of a person."""
    if not isinstance(value, dict):
        name = text(value)
        return name if name and "://" not in name else None
    family, given = text(value.get("familyName")), text(value.get("givenName"))
    return f"{family}, {given}" if family and given else text(value.get("name")) or family


def _parts(value: object, depth: int = 0) -> Iterator[Record]:
    """The issue, volume and journal that a paper is in, from the inside."""
    for one in records(value) if depth < _DEEPEST else []:
        if set(texts(one.get("@type"))) & {"Periodical", "PublicationVolume", "PublicationIssue", "Book"}:
            yield one
        yield from _parts(one.get("isPartOf"), depth + 1)


def _of(parts: list[Record], name: str) -> str | None:
    return next((value for part in parts if (value := text(part.get(name)))), None)


def _pages(thing: Record) -> str | None:
    first, last = text(thing.get("pageStart")), text(thing.get("pageEnd"))
    return f"{first}-{last}" if first and last else first


def _identifiers(thing: Record) -> Iterator[str]:
    """Values that may be a DOI: marked as one, or links to doi.org."""
    for name in ("identifier", "sameAs", "@id"):
        value = thing.get(name)
        for one in value if isinstance(value, list) else [value]:
            told = text(member(one, "value")) or text(member(one, "@id")) if isinstance(one, dict) else text(one)
            if told and (name == "identifier" or "doi.org/" in told):
                yield told.removeprefix("doi:").removeprefix("DOI:").strip()
