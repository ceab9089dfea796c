"""A page of search results of a website, fetched or saved by hand, read by CSS selectors.

What a page means depends on the site, so that it is read only by the selectors of the protocol. They fail in silence when a
site changes its look: a page that has text and in which they find nothing is therefore rejected as a whole, unless it shows
what the protocol says that a page without results shows. A selector may find the same result twice (seen in a recording: a
picture and a heading that lead to the same page); results are told apart by their links.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from tasks.formats import dates, fields, html_places, html_text, people
from tasks.formats.addresses import absolute, canonical
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, clean, damaged, decode

NAME = "result_page"
_SAVED = re.compile(rb"saved from url=\(\d+\)\s*(https?://[^\s>]+)|(?m:^\s*url:\s*(https?://\S+))")  # browsers; SingleFile
_SAVED_WITHIN = 2_048
_BY = re.compile(r"^(?:by|authors?|von|par)\b:?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A result: the element, where it leads, and its title."""

    node: LexborNode
    link: str | None
    title: str | None


def parse(data: bytes) -> Parsed:
    """Read the bytes of a page; without selectors it is rejected."""
    return parse_settings(decode(data), {})


def parse_settings(text: Text, settings: Mapping[str, object]) -> Parsed:
    """Read a page by the ``selectors`` among the settings; links start from ``base``."""
    told = settings.get("selectors")
    selectors = {name: value for name, value in told.items() if isinstance(value, str)} if isinstance(told, Mapping) else {}
    if "hit" not in selectors:
        return _refused(text, "the source has no selectors (site.selectors), by which a page of results can be read")
    base = settings.get("base")
    page = html_places.page(text)
    address = based(page.tree, text.data, base if isinstance(base, str) else "")
    try:
        hits, twice = found(page.tree, selectors, address)
        if not hits:
            why = nothing(page.tree, selectors)
            return _refused(text, why) if why else Parsed(NAME, text.encoding, 0, (), (), text.warnings)
        read = [
            _reference(hit, offset, length, selectors)
            for hit, (offset, length) in zip(hits, page.spans([hit.node for hit in hits]), strict=True)
        ]
    except SelectolaxError as error:
        return _refused(text, f"site.selectors cannot be read: {error}")
    said = (f"{twice} elements lead where a result leads, and were taken for parts of it",) if twice else ()
    rejected = [_rejected(text, piece) for piece in read if isinstance(piece, tuple)]
    references = [piece for piece in read if isinstance(piece, Reference)]
    return Parsed(NAME, text.encoding, len(read), tuple(references), tuple(rejected), (*text.warnings, *said))


def found(tree: LexborHTMLParser, selectors: Mapping[str, str], base: str) -> tuple[list[Hit], int]:
    """The results of a page in its order, and how many elements were left out that lead where a result leads.

    Elements with the same link are one result, unless their titles differ: a link that all results share (the section that they
    stand in) takes none away. A title that stands under several links is a label, such as "Read more". Raises SelectolaxError
    for a wrong selector.
    """
    all_hits = [_hit(node, selectors, base) for node in tree.css(selectors["hit"])]
    under: dict[str | None, set[str | None]] = {}
    for hit in all_hits:
        under.setdefault(hit.title, set()).add(hit.link)
    titled = {hit.link for hit in all_hits if hit.title and len(under[hit.title]) == 1}
    kept: dict[tuple[str, str | None] | int, Hit] = {}
    for number, hit in enumerate(all_hits):
        if hit.link is None:
            kept[number] = hit
        elif hit.link not in titled:
            kept.setdefault((hit.link, None), hit)
        elif hit.title and len(under[hit.title]) == 1:
            kept.setdefault((hit.link, hit.title), hit)
    return list(kept.values()), len(all_hits) - len(kept)


def _hit(node: LexborNode, selectors: Mapping[str, str], base: str) -> Hit:
    anchor = node.css_first(selectors.get("link", "a"))  # the result itself, if it fits
    href = (anchor.attributes.get("href") or "").replace("\0", "").strip() if anchor is not None else ""
    link = absolute(base, href) if href else None
    title = html_text.words(node.css_first(selectors.get("title", "a")))
    return Hit(node, canonical(link) if link else None, title)


def nothing(tree: LexborHTMLParser, selectors: Mapping[str, str]) -> str | None:
    """Why a page in which no result is found is no page without results; None if it is one."""
    empty = selectors.get("empty")
    if empty and tree.css_first(empty) is not None:
        return None
    for node in tree.css(html_text.NO_TEXT):
        node.decompose()
    if not html_text.words(tree.body):
        return "the page has no text; a script may draw it, which only a browser runs"
    shown = (
        f" and {empty!r} (site.selectors.empty)"
        if empty
        else "; if it has no results, say in site.selectors.empty what it shows"
    )
    return f"nothing on the page fits {selectors['hit']!r} (site.selectors.hit){shown}"


def based(tree: LexborHTMLParser, data: bytes, base: str) -> str:
    """The address that links start from: that of ``<base>``, else where the page was saved from, else ``base``."""
    saved = _SAVED.search(data[:_SAVED_WITHIN])
    base = (saved[1] or saved[2]).decode("utf-8", "replace") if saved else base
    node = tree.css_first("base[href]")
    return (absolute(base, node.attributes.get("href") or "") if node is not None else None) or base


def _reference(hit: Hit, offset: int, length: int, selectors: Mapping[str, str]) -> Reference | tuple[int, int, str]:
    title = hit.title
    if title is None and hit.link is None:
        return offset, length, "the result has neither a title nor a link; see site.selectors.title and link"
    abstract = clean(" ".join(words for one in _all(hit.node, selectors, "abstract") if (words := html_text.words(one))))
    date, undated = _date(_all(hit.node, selectors, "date"))
    names: list[str] = []
    nobody: list[str] = []
    for one in _all(hit.node, selectors, "authors"):
        some, others = people.names(_BY.sub("", html_text.words(one) or ""))
        names += some
        nobody += [others] if others else []
    return Reference(
        offset=offset,
        length=length,
        type="webpage",
        title=title,
        authors=fields.unique(names),
        year=date.year,
        date=date.iso,
        doi=fields.doi(hit.link),
        abstract=abstract,
        urls=fields.urls(hit.link)[0] if hit.link else (),
        accession=hit.link,
        other=(*(("authors", one) for one in nobody), *(("date", one) for one in [undated] if one)),
        warnings=damaged((("title", title), ("abstract", abstract))),
    )


def _all(hit: LexborNode, selectors: Mapping[str, str], name: str) -> list[LexborNode]:
    return hit.css(selectors[name]) if name in selectors else []


def _date(nodes: list[LexborNode]) -> tuple[dates.Date, str | None]:
    """The date, and its words where they cannot be read as one."""
    for node in nodes:
        words = html_text.words(node) or ""
        told = [dates.read(value) for value in (node.attributes.get("datetime") or "", words) if value]
        best = next((date for date in told if date.year is not None), None)
        if told:
            return best or dates.Date(), None if best else words or None
    return dates.Date(), None


def _rejected(text: Text, piece: tuple[int, int, str]) -> Rejected:
    offset, length, reason = piece
    return Rejected(offset, length, text.data.count(b"\n", 0, offset) + 1, reason, text.data[offset : offset + length])


def _refused(text: Text, reason: str) -> Parsed:
    return Parsed(NAME, text.encoding, 1, (), (Rejected(0, len(text.data), 1, reason, text.data),), text.warnings)
