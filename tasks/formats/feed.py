"""Feeds: RSS 0.9x and 2.0 (https://www.rssboard.org/rss-specification), RSS 1.0 (https://web.resource.org/rss/1.0/spec) and
Atom (RFC 4287).

Feeds of websites give a title, a link, a date and an excerpt. Feeds of journals add elements of Dublin Core and PRISM: authors,
journal, volume, pages, DOI; an entry with a journal is an article, every other a web page. Feeds are written by programs that
do not check what they write: white space before the XML declaration, control characters and HTML's names of letters, which
XML does not know, are read for what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html.entities import html5
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from tasks.formats import dates, fields, html_text, markup, people, xml_records
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, clean, damaged, decode
from tasks.formats.xml_records import Found

NAME = "feed"
RECORDS = {"rss": "item", "RDF": "item", "feed": "entry"}
LONGEST = 6_000  # letters of a description; some feeds put the whole text of a page there
_VOCABULARIES = {  # what the root alone does not tell
    "RDF": (b"purl.org/rss/1.0", b"my.netscape.com/rdf/simple", b"purl.org/net/rss1.1"),
    "feed": (b"www.w3.org/2005/Atom", b"purl.org/atom/ns"),
}
_HEAD = 8_192  # bytes in which a feed names its vocabulary
_BLANK = b" \t\r\n"
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LETTER = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_DATES = ("published", "pubDate", "publicationDate", "coverDate", "issued", "date", "created", "updated", "modified")
_KEPT = frozenset({  # elements that have a field, or are read together with one
    "title", "link", "description", "summary", "encoded", "content", "author", "creator", "contributor", "category", "subject",
    "keyword", "guid", "id", "identifier", "doi", "publicationName", "volume", "number", "startingPage", "endingPage",
    "pageRange", "issn", "eIssn", "eissn", "isbn", "language", "publisher", *_DATES,
})  # fmt: skip
_HOUSEKEEPING = frozenset({  # about the feed and the talk on a page, not about what is on it
    "comments", "commentRss", "total", "thumbnail", "copyright", "image", "url", "origLink", "origEnclosureLink", "feedburner",
})  # fmt: skip
_IN_BRACKETS = re.compile(r"\S+@\S+\s*\((.+)\)")
_APPEARED = re.compile(r"\s*The post .{1,400}? (?:appeared first on|first appeared on) .{1,200}\.?$")  # WordPress adds it
_PREPARED = re.compile(r"doi:\s*|info:doi/", re.IGNORECASE)


def first(text: Text) -> int | None:
    """The first line where the document is a feed."""
    if root(text.data) is None:
        return None
    return next((number for number, line in enumerate(text.lines) if line.strip()), None)


def root(data: bytes) -> str | None:
    """The name of the first element if the document is a feed: rss, RDF or feed."""
    if b"<" not in data[:_HEAD]:
        return None
    found = xml_records.root(decode(data[:65_536].lstrip(_BLANK)))
    if found not in RECORDS:
        return None
    named = _VOCABULARIES.get(found)
    return found if named is None or any(one in data[:_HEAD] for one in named) else None


def parse(data: bytes) -> Parsed:
    """Read a feed."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the entries of a decoded feed."""
    return parse_settings(text, {})


def parse_settings(text: Text, settings: Mapping[str, object]) -> Parsed:
    """Read the entries of a feed; ``base`` among the settings is the address that its links start from."""
    base = settings.get("base")
    return _parse(text.data, base if isinstance(base, str) else "")


def _parse(data: bytes, base: str) -> Parsed:
    kind = root(data)
    if kind is None:
        whole = (Rejected(0, len(data), 1, "no feed: neither RSS nor Atom", data),) if data else ()
        return Parsed(NAME, "xml", len(whole), (), whole)
    lead = _lead(data)
    parsed = xml_records.parse(NAME, mended(data), (RECORDS[kind],), _reader(base))
    return replace(
        parsed,
        references=tuple(replace(one, offset=one.offset + lead) for one in parsed.references),
        rejected=tuple(_as_it_was(one, data, lead) for one in parsed.rejected),
    )


def _as_it_was(piece: Rejected, data: bytes, lead: int) -> Rejected:
    start = piece.offset + lead
    line = data.count(b"\n", 0, start) + 1
    return replace(piece, offset=start, line=line, data=data[start : start + piece.length])


def _lead(data: bytes) -> int:
    return len(data) - len(data.lstrip(_BLANK))


def mended(data: bytes) -> bytes:
    """The document from its first character that is no white space, with what XML forbids put into what it allows.

    Every replacement is as long as what it replaces, so that places in the bytes hold.
    """
    data = data.lstrip(_BLANK)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data
    data = _FORBIDDEN.sub(b" ", data)
    return _LETTER.sub(_numbered, data) if b"&" in data and b"<!ENTITY" not in data[:_HEAD] else data


def _numbered(match: re.Match[bytes]) -> bytes:
    """A letter that HTML names, by its number: ``&eacute;`` as ``&#x00e9;``."""
    letter = html5.get(match[1].decode() + ";", "")
    room = len(match[0]) - len("&#x;")
    if len(letter) != 1 or len(f"{ord(letter):x}") > room:
        return match[0]
    return f"&#x{ord(letter):0{room}x};".encode()


def entries(data: bytes) -> Iterator[Found]:
    """The entries of a feed. Raises `xml_records.Cut` where it breaks off."""
    return xml_records.elements(mended(data), (RECORDS[root(data) or "rss"],))


@dataclass(frozen=True, slots=True)
class About:
    """What a feed says of itself: addresses by relation, whether it is all there is (RFC 5005, 2), and who wrote it."""

    links: Mapping[str, str]
    complete: bool
    wordpress: bool


def about(data: bytes) -> About:
    """What a feed says of itself; links of its entries are theirs. Raises `xml_records.Cut` where it breaks off."""
    wanted = ("link", "complete", "generator", RECORDS[root(data) or "rss"])
    found = [one.element for one in xml_records.elements(mended(data), wanted)]
    links = {one.get("rel", ""): one.get("href", "") for one in reversed(found) if one.tag == "link"}
    made = [xml_records.text(one) + one.get("uri", "") for one in found if one.tag == "generator"]
    return About(links, any(one.tag == "complete" for one in found), any("wordpress" in one.lower() for one in made))


def identity(entry: Element) -> str | None:
    """The id that the feed gives an entry, else its link."""
    own = _first(entry, "guid", "id") or clean(entry.get("about", "")) or _first(entry, "identifier")
    return own or next(iter(_links(entry)), None)


def _reader(base: str) -> Callable[[Element, int, int], Reference | str]:
    def read(entry: Element, offset: int, length: int) -> Reference | str:
        return _reference(entry, offset, length, base)

    return read


def _reference(entry: Element, offset: int, length: int, base: str) -> Reference | str:
    links = [urljoin(urljoin(base, entry.get("base", "")), link) for link in _links(entry)]
    title, abstract = _prose(entry, "title"), _abstract(entry)
    if not links and title is None and abstract is None:
        return "the entry has neither a title, a description nor a link"
    identifiers = [_PREPARED.sub("", one) for one in _all(entry, "doi", "identifier", "guid", "id")]
    date = dates.best([dates.read(value) for name in _DATES for value in _all(entry, name)])
    authors, nobody = _authors(entry)
    journal = _prose(entry, "publicationName")
    serials = [fields.serials(value) for value in _all(entry, "issn", "eIssn", "eissn", "isbn")]
    return Reference(
        offset=offset,
        length=length,
        type="article" if journal else "webpage",
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        journal=journal,
        volume=_first(entry, "volume"),
        issue=_first(entry, "number"),
        pages=fields.pages(_first(entry, "pageRange") or _first(entry, "startingPage"), _first(entry, "endingPage")),
        doi=next((found for value in (*identifiers, *links) if (found := fields.doi(value))), None),
        issn=fields.unique(number for issn, _ in serials for number in issn),
        isbn=fields.unique(number for _, isbn in serials for number in isbn),
        abstract=abstract,
        keywords=_keywords(entry),
        language=_first(entry, "language"),
        publisher=_prose(entry, "publisher"),
        urls=fields.unique(url for link in links for url in fields.urls(link)[0]),
        accession=identity(entry),
        other=tuple(_other(entry, nobody)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _links(entry: Element) -> list[str]:
    """Addresses of what an entry is about: RSS has them as text, Atom in ``href``; a guid that is no link says so."""
    found: list[str] = []
    for link in entry.findall("link"):
        told = clean("".join(link.itertext())) or (link.get("rel", "alternate") == "alternate" and clean(link.get("href", "")))
        if told:
            found.append(told)
    guid = entry.find("guid")
    if not found and guid is not None and guid.get("isPermaLink", "true") == "true":
        found += [told for told in [clean(guid.text or "")] if told and told.startswith(("http://", "https://"))]
    if not found and entry.get("about", "").startswith(("http://", "https://")):
        found.append(entry.get("about", ""))
    return list(fields.unique(found))


def _abstract(entry: Element) -> str | None:
    """The description; where there is none, the beginning of the text."""
    told = next((one for name in ("description", "summary") for one in _html(entry, name)), None)
    text = told or html_text.shortened(next((one for name in ("encoded", "content") for one in _html(entry, name)), None))
    return html_text.shortened(_APPEARED.sub("", text), LONGEST) or None if text else None


def _html(entry: Element, name: str) -> Iterator[str]:
    for element in entry.findall(name):
        found = html_text.plain("".join(element.itertext()))
        if found:
            yield found


def _authors(entry: Element) -> tuple[tuple[str, ...], list[str]]:
    """Names, and what stands in their place and is none: an e-mail address alone, "et al."."""
    told = [clean(xml_records.text(one.find("name"))) for one in entry.findall("author") if one.find("name") is not None]
    told += [_named(value) for value in _all(entry, "creator")]
    if not any(told):
        told += [_named(xml_records.text(one)) for one in entry.findall("author") if one.find("name") is None]
    found: list[str] = []
    nobody: list[str] = []
    for name in told:
        if not name or "@" in name:
            nobody += [name] if name else []
            continue
        names, others = people.names(name)
        found += names
        nobody += [others] if others else []
    return fields.unique(found), nobody


def _named(value: str) -> str | None:
    """The name in ``mail@example.org (Name)``, as RSS writes authors."""
    brackets = _IN_BRACKETS.fullmatch(value.strip())
    return markup.plain(brackets[1] if brackets else value)


def _keywords(entry: Element) -> tuple[str, ...]:
    found = [markup.plain(one) for one in _all(entry, "category", "subject", "keyword")]
    found += [clean(one.get("label") or one.get("term") or "") for one in entry.findall("category")]
    return fields.unique(word for word in found if word)


def _other(entry: Element, nobody: list[str]) -> Iterator[tuple[str, str]]:
    """What has no field: enclosed files, rights, sections."""
    yield from (("author", one) for one in nobody)
    for element in entry:
        name = element.tag
        if name in ("enclosure", "link"):
            address = element.get("url") or element.get("href")
            if address and element.get("rel", "alternate") not in ("alternate", "self", "edit", "replies"):
                yield element.get("rel", "link"), address
            elif name == "enclosure" and address:
                yield "enclosure", address
        elif name == "contributor":
            told = xml_records.text(element.find("name")) or xml_records.text(element)
            yield from [(name, told)] if told else []
        elif name not in _KEPT and name not in _HOUSEKEEPING:
            value = clean(xml_records.text(element))
            if value:
                yield name, value


def _all(entry: Element, *names: str) -> list[str]:
    """The texts of the elements with these names, those of the first name first."""
    found = (clean("".join(one.itertext())) for name in names for one in entry.findall(name))
    return [value for value in found if value]


def _first(entry: Element, *names: str) -> str | None:
    return next(iter(_all(entry, *names)), None)


def _prose(entry: Element, name: str) -> str | None:
    return next((found for one in entry.findall(name) if (found := markup.plain("".join(one.itertext())))), None)
