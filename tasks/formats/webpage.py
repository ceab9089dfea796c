"""A web page as one reference, out of what it says of itself.

In the order in which they are believed: the tags by which Google Scholar reads papers (``citation_title`` and its like, also
those of Eprints and bepress), Dublin Core and PRISM, JSON-LD of schema.org, Open Graph, and what people see: the heading and
the first paragraphs of the main text. A page with nothing but a title is a reference still; a file that is no page is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from tasks.formats import columns, dates, fields, html_text, people
from tasks.formats.addresses import absolute, canonical
from tasks.formats.linked_data import Thing, described
from tasks.formats.markup import plain
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, damaged, decode

NAME = "webpage"
_PARAGRAPH = 40  # letters; shorter ones are captions, dates and buttons
_MAIN = ("main", "[role=main]", "article", "#content", "body")
_AROUND = "nav, header, footer, aside, form, button, figure, table, script, style, noscript, template, iframe, [hidden]"
_TYPES = (  # a page has one of these tags where it is about such a publication
    ("thesis", ("citation_dissertation_institution", "citation_dissertation_name")),
    ("report", ("citation_technical_report_institution", "citation_technical_report_number")),
    ("chapter", ("citation_inbook_title",)),
    ("conference", ("citation_conference_title", "citation_conference")),
    ("article", ("citation_journal_title", "prism.publicationname", "bepress_citation_journal_title")),
    ("book", ("citation_isbn", "citation_book_title")),
)
_TITLE = ("citation_title", "bepress_citation_title", "eprints.title", "dc.title", "dcterms.title")
_AUTHOR = ("citation_author", "bepress_citation_author", "eprints.creators_name", "citation_authors", "dc.creator",
           "dcterms.creator", "dc.contributor.author")  # fmt: skip
_DATE = ("citation_publication_date", "citation_date", "bepress_citation_date", "citation_online_date", "eprints.date",
         "prism.publicationdate", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "citation_year")  # fmt: skip
_JOURNAL = ("citation_journal_title", "bepress_citation_journal_title", "prism.publicationname", "eprints.publication",
            "citation_conference_title", "citation_conference", "citation_inbook_title")  # fmt: skip
_ABSTRACT = ("citation_abstract", "eprints.abstract", "dcterms.abstract", "dc.description.abstract", "dc.description",
             "dcterms.description")  # fmt: skip
_DOI = ("citation_doi", "bepress_citation_doi", "prism.doi", "dc.identifier.doi", "dc.identifier", "dcterms.identifier")
_PUBLISHER = ("citation_publisher", "citation_technical_report_institution", "citation_dissertation_institution",
              "dc.publisher", "dcterms.publisher", "eprints.publisher")  # fmt: skip
_KEPT = re.compile(r"(?:citation_|dc\.|dcterms\.|prism\.|eprints\.|bepress_|article:(?:modified_time|section)$|og:type$)")
_LEFT = re.compile(  # full texts under other addresses, and lists of what a paper cites
    r"citation_(?:reference|fulltext|pdf|abstract_html|full_html|public|xml|springer|author_|cover|mjid|id$|fieldofstudy|"
    r"db_id|collection_id|article_type_)|dc\.(?:format|relation)|dcterms\.(?:format|hasversion)|prism\.url"
)
_READ = frozenset({
    *_TITLE, *_AUTHOR, *_DATE, *_JOURNAL, *_ABSTRACT, *_DOI, *_PUBLISHER, "citation_volume", "citation_issue",
    "citation_firstpage", "citation_lastpage", "citation_issn", "citation_isbn", "citation_pmid", "citation_keywords",
    "citation_keyword", "citation_language", "dc.subject", "dc.language", "dcterms.language", "dcterms.subject",
})  # fmt: skip
_SPLIT = re.compile(r"\s*[;,|]\s*")


class Said:
    """What the ``<meta>`` tags of a page say, by their names in lower case."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.values: dict[str, list[str]] = {}
        for node in tree.css("meta[content]"):
            attributes = node.attributes
            name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
            value = plain((attributes.get("content") or "").replace("\0", ""))
            if name and value:
                self.values.setdefault(name.strip().lower(), []).append(value)

    def first(self, *names: str) -> str | None:
        """The first value of the first of these names that is there."""
        return next((self.values[name][0] for name in names if name in self.values), None)

    def all(self, *names: str) -> list[str]:
        """All values of the first of these names that is there."""
        return next((self.values[name] for name in names if name in self.values), [])


def parse(data: bytes) -> Parsed:
    """Read the bytes of a page."""
    return parse_settings(decode(data), {})


def parse_settings(text: Text, settings: Mapping[str, object]) -> Parsed:
    """Read a page; ``base`` among the settings is its address."""
    base = settings.get("base")
    reference = _reference(text, base if isinstance(base, str) else "")
    if isinstance(reference, Reference):
        return Parsed(NAME, text.encoding, 1, (reference,), (), text.warnings)
    return Parsed(NAME, text.encoding, 1, (), (Rejected(0, len(text.data), 1, reference, text.data),), text.warnings)


def _reference(text: Text, base: str) -> Reference | str:
    if text.data[:1_024].lstrip().startswith(b"%PDF"):
        return f"a PDF, whose text is not read: {base or 'enter it by hand'}"
    if b"<" not in text.data and not text.encoding.startswith("utf-16"):
        return "no web page: there is no element in it"
    tree = html_text.page(text)
    said = Said(tree)
    thing = described(tree)
    site = said.first("og:site_name")
    title = _title(tree, said, thing, site)
    date = _date(tree, said, thing)
    abstract = _abstract(tree, said, thing)  # takes away what stands around the text, so it comes last
    if title is None and abstract is None:
        return "the page has neither a title nor a text; a script may draw it, which only a browser runs"
    authors, others = _authors(said, thing)
    journal = said.first(*_JOURNAL) or thing.journal
    serials = [
        fields.serials(value)
        for value in (*said.all("citation_issn", "prism.issn"), *said.all("citation_isbn"), *thing.serials)
    ]
    address, links = _addresses(tree, said, base)
    return Reference(
        offset=0,
        length=len(text.data),
        type=_type(said, thing),
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        journal=journal,
        volume=said.first("citation_volume", "prism.volume", "bepress_citation_volume") or thing.volume,
        issue=said.first("citation_issue", "prism.number", "prism.issue", "bepress_citation_issue") or thing.issue,
        pages=fields.pages(
            said.first("citation_firstpage", "prism.startingpage", "bepress_citation_firstpage") or thing.pages,
            said.first("citation_lastpage", "prism.endingpage", "bepress_citation_lastpage"),
        ),
        doi=next((found for value in (*_identifiers(said), *thing.identifiers) if (found := fields.doi(value))), None),
        pmid=fields.pmid(said.first("citation_pmid")),
        issn=fields.unique(number for issn, _ in serials for number in issn),
        isbn=fields.unique(number for _, isbn in serials for number in isbn),
        abstract=abstract,
        keywords=_keywords(said, thing),
        language=_language(tree, said, thing),
        publisher=said.first(*_PUBLISHER) or thing.publisher or site,
        urls=links,
        accession=address,
        other=(*(("author", one) for one in others), *_other(said)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _title(tree: LexborHTMLParser, said: Said, thing: Thing, site: str | None) -> str | None:
    """The title, without the name of the site that is put at its end for search engines."""
    headings = [words for node in tree.css("h1") if (words := html_text.words(node))]
    told = said.first(*_TITLE) or thing.title or _bare(said.first("og:title", "twitter:title"), site)
    return told or (headings[0] if len(headings) == 1 else None) or _bare(html_text.words(tree.css_first("title")), site) or (
        headings[0] if headings else None
    )  # fmt: skip


def _bare(title: str | None, site: str | None) -> str | None:
    if title is None or not site:
        return title
    shorter = re.sub(rf"\s*[|–—·:»«-]\s*{re.escape(site)}\s*$", "", title, flags=re.IGNORECASE)
    return shorter or title


def _abstract(tree: LexborHTMLParser, said: Said, thing: Thing) -> str | None:
    told = (
        " ".join(said.all(*_ABSTRACT)) or thing.abstract or said.first("description", "og:description", "twitter:description")
    )
    return told or _beginning(tree)


def _beginning(tree: LexborHTMLParser) -> str | None:
    """The first paragraphs of the main text."""
    for selector in _MAIN:
        node = tree.css_first(selector)
        if node is None:
            continue
        for around in node.css(_AROUND):
            around.decompose()
        told = [words for one in node.css("p") if (words := html_text.words(one)) and len(words) >= _PARAGRAPH]
        if told:
            return html_text.shortened(" ".join(dict.fromkeys(told)))
    return None


def _authors(said: Said, thing: Thing) -> tuple[tuple[str, ...], list[str]]:
    """Names, and what stands in their place and is no name."""
    told = said.all(*_AUTHOR)
    found: list[str] = []
    nobody: list[str] = []
    for value in told or ([] if thing.authors else [*said.all("author"), *said.all("article:author")]):
        if "://" in value or "@" in value:
            nobody.append(value)
            continue
        names, others = people.names(value)
        found += names
        nobody += [others] if others else []
    return fields.unique(found or thing.authors), nobody


def _date(tree: LexborHTMLParser, said: Said, thing: Thing) -> dates.Date:
    """The day of publication. A day of change is none."""
    told = [value for name in _DATE for value in said.values.get(name, [])]
    told += [
        value for value in (thing.date, said.first("article:published_time", "og:article:published_time", "date")) if value
    ]
    if not told:
        node = (
            tree.css_first("time[pubdate]") or tree.css_first("article time[datetime]") or tree.css_first("main time[datetime]")
        )
        told = [value for value in [(node.attributes.get("datetime") or "") if node else ""] if value]
    return dates.best([dates.read(value) for value in told])


def _type(said: Said, thing: Thing) -> str:
    tagged = next((kind for kind, names in _TYPES if any(name in said.values for name in names)), None)
    if tagged:
        return tagged
    if thing.type:
        return thing.type
    found = [columns.kind(value) for value in said.all("dc.type", "dcterms.type", "eprints.type")]
    return next((kind for kind in found if kind not in (None, "other")), None) or "webpage"


def _identifiers(said: Said) -> Iterator[str]:
    for name in _DOI:
        for value in said.values.get(name, []):
            yield re.sub(r"^(?:doi:|info:doi/)\s*", "", value, flags=re.IGNORECASE)


def _keywords(said: Said, thing: Thing) -> tuple[str, ...]:
    told = said.all(
        "citation_keywords", "citation_keyword", "dc.subject", "dcterms.subject", "prism.keyword", "eprints.keywords"
    )
    told = told or list(thing.keywords) or said.all("article:tag") or said.all("keywords", "news_keywords")
    return fields.unique(word for value in told for word in _SPLIT.split(value) if word)


def _language(tree: LexborHTMLParser, said: Said, thing: Thing) -> str | None:
    told = said.first("citation_language", "dc.language", "dcterms.language") or thing.language
    root = tree.css_first("html")
    return told or (root.attributes.get("lang") if root else None) or said.first("og:locale") or None


def _addresses(tree: LexborHTMLParser, said: Said, base: str) -> tuple[str | None, tuple[str, ...]]:
    """The address by which the page is known, and all its links, the page first.

    The address that a page itself gives is taken if it is on the same host, and not the home of a site whose every page names
    its home.
    """
    node = tree.css_first("link[rel=canonical][href]")
    told = (node.attributes.get("href") if node else None) or said.first("og:url")
    own = absolute(base, told) if told else None
    if own and base and (urlsplit(own).hostname != urlsplit(base).hostname or (_is_home(own) and not _is_home(base))):
        own = None
    address = canonical(own or base) or None
    files = [link for value in said.all("citation_pdf_url", "bepress_citation_pdf_url") if (link := absolute(base, value))]
    return address, fields.unique(url for link in [address or "", *files] for url in fields.urls(link)[0])


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _other(said: Said) -> Iterator[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    for name, values in said.values.items():
        if _KEPT.match(name) and name not in _READ and not _LEFT.match(name):
            yield from ((name, value) for value in dict.fromkeys(values))
