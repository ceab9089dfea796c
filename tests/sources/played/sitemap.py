"""Plays a website with a sitemap: robots.txt names an index, the index a plain and a packed sitemap, and these the pages.

Pages differ in what they say of themselves: the tags of Google Scholar, Dublin Core, JSON-LD, Open Graph, or nothing but text.
"""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

KINDS = ("scholar", "dublin", "linked", "graph", "text")
_HTML = {"Content-Type": "text/html; charset=UTF-8"}


def kind(paper: Paper) -> str:
    """How a paper's page describes itself."""
    return KINDS[paper.number % len(KINDS)]


def address(number: int, base: str) -> str:
    """The page of a paper."""
    return f"{base}/publications/played-{number}"


def title(paper: Paper) -> str:
    """Its title without markup."""
    return paper.title.replace("<i>", "").replace("</i>", "")


def make(held: Sequence[Paper], base: str, most: int = 30, dated: bool = True) -> Played:
    """A site with these papers, at most so many pages in a sitemap; without ``dated`` the sitemaps have no lastmod."""
    ordered = sorted(held, key=lambda paper: paper.number)
    parts = [ordered[at : at + most] for at in range(0, len(ordered), most)] or [[]]
    files = {f"/sitemap-{number}.xml{'.gz' if number % 2 else ''}": part for number, part in enumerate(parts)}
    pages = {f"/publications/played-{paper.number}": _page(paper, base) for paper in held}

    def play(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(f"User-agent: *\nDisallow: /private/\n\nSitemap: {base}/sitemap.xml\n".encode(), 200, {})
        if asked.path == "/sitemap.xml":
            named = "".join(f"<sitemap><loc>{base}{name}</loc></sitemap>" for name in files)
            return _xml(f"<sitemapindex {_NAMESPACE}>{named}</sitemapindex>")
        if asked.path in files:
            answer = _xml(f"<urlset {_NAMESPACE}>{''.join(_url(one, base, dated) for one in files[asked.path])}</urlset>")
            return Answer(gzip.compress(answer.body, mtime=0), 200, {}) if asked.path.endswith(".gz") else answer
        if asked.path not in pages:
            return Answer(b"<html><title>Page not found</title></html>", 404, _HTML)
        tag = f'"{len(pages[asked.path])}"'
        if asked.headers.get("if-none-match") == tag:
            return Answer(b"", 304, {"ETag": tag})
        return Answer(pages[asked.path], 200, {**_HTML, "ETag": tag})

    return play


_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _xml(body: str) -> Answer:
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode(), 200, {"Content-Type": "text/xml"})


def _url(paper: Paper, base: str, dated: bool) -> str:
    changed = f"<lastmod>{paper.changed}T08:00:00+00:00</lastmod>" if dated else ""
    return f"<url><loc>{address(paper.number, base)}</loc>{changed}<priority>0.5</priority></url>\n"


def _meta(name: str, value: object, by: str = "name") -> str:
    return f'<meta {by}="{name}" content="{html.escape(str(value))}">\n'


def _page(paper: Paper, base: str) -> bytes:
    told = {"scholar": _scholar, "dublin": _dublin, "linked": _linked, "graph": _graph, "text": _nothing}[kind(paper)](paper)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title(paper))} | Played</title>\n'
        f'<link rel="canonical" href="{address(paper.number, base)}">{told}</head><body><header><h2>Played</h2></header>'
        f"<nav><p>A menu with a good many words in it, which nobody takes for an abstract</p></nav><main>"
        f"<h1>{html.escape(title(paper))}</h1><p>By {paper.authors[0][0]}</p>"
        f'<time datetime="{paper.year}-03-01T10:00">1 March</time>'
        f"<p>{html.escape(paper.abstract)}</p><p>Share</p></main><footer><p>{'Registered charity number. ' * 3}</p></footer>"
        f"<script>draw('<p>This is no text at all, though it is long enough to be one.</p>')</script></body></html>"
    ).encode()


def _scholar(paper: Paper) -> str:
    return (
        _meta("citation_title", title(paper))
        + "".join(_meta("citation_author", f"{family}, {given}") for family, given in paper.authors)
        + _meta("citation_publication_date", f"{paper.year}/03/01")
        + _meta("citation_journal_title", paper.journal)
        + _meta("citation_volume", paper.volume)
        + _meta("citation_issue", paper.issue)
        + _meta("citation_firstpage", paper.first)
        + _meta("citation_lastpage", paper.last)
        + _meta("citation_doi", paper.doi)
        + _meta("citation_abstract", paper.abstract)
        + _meta("citation_keywords", "; ".join(paper.keywords))
        + _meta("citation_pdf_url", "/files/paper.pdf")
        + _meta("citation_reference", "citation_title=Another; citation_doi=10.5555/another")
    )


def _dublin(paper: Paper) -> str:
    return (
        _meta("DC.title", title(paper))
        + "".join(_meta("DC.creator", f"{family}, {given}") for family, given in paper.authors)
        + _meta("DCTERMS.issued", f"{paper.year}-03-01")
        + _meta("DC.identifier", f"doi:{paper.doi}")
        + _meta("DC.description", paper.abstract)
        + "".join(_meta("DC.subject", word) for word in paper.keywords)
        + _meta("DC.type", "Report")
    )


def _linked(paper: Paper) -> str:
    thing = {
        "@type": "Report",
        "headline": title(paper),
        "author": [{"@type": "Person", "familyName": family, "givenName": given} for family, given in paper.authors],
        "datePublished": f"{paper.year}-03-01",
        "description": paper.abstract,
        "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": f"https://doi.org/{paper.doi}"},
        "keywords": list(paper.keywords),
    }
    graph = {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Played"}, thing]}
    return f'<script type="application/ld+json">{json.dumps(graph)}</script>'


def _graph(paper: Paper) -> str:
    names = "".join(_meta("author", f"{given} {family}") for family, given in paper.authors)
    return (
        _meta("og:title", f"{title(paper)} - Played", "property")
        + _meta("og:site_name", "Played", "property")
        + _meta("og:description", paper.abstract, "property")
        + _meta("article:published_time", f"{paper.year}-03-01T10:00:00Z", "property")
        + "".join(_meta("article:tag", word, "property") for word in paper.keywords)
        + names
    )


def _nothing(_paper: Paper) -> str:
    return ""
