"""Plays the feed of a website at /feed/, which its home page names: RSS 2.0 of WordPress, plain RSS 2.0, RSS 1.0 or Atom.

WordPress goes on at ?paged=2, knows ?order=ASC, and answers a page past the end by 404. Atom goes on at rel="next", as RFC 5005
has it. Plain RSS and RSS 1.0 have the newest entries and no others.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date, datetime
from email.utils import format_datetime

from tests.sources.played.playing import Answer, Asked, Paper, Played

SIZE = 10
_TYPES = {"wordpress": "rss", "rss": "rss", "rdf": "rdf", "atom": "atom"}


def entry_id(number: int, base: str) -> str:
    """The id of a paper's entry."""
    return f"{base}/?p={number}"


def address(number: int, base: str) -> str:
    """The page of a paper."""
    return f"{base}/played-{number}/"


def make(held: Sequence[Paper], base: str, kind: str = "wordpress", size: int = SIZE, ordered: bool = True) -> Played:
    """A site whose feed has these papers, newest first; without ``ordered``, ?order=ASC changes nothing, as behind a cache."""
    newest = sorted(held, key=lambda paper: (paper.year, paper.number), reverse=True)
    write = _atom if kind == "atom" else _rdf if kind == "rdf" else _rss
    bodies = {paper.number: write(paper, base) for paper in held}

    def play(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /wp-admin/\n", 200, {"Content-Type": "text/plain"})
        if asked.path == "/":
            return Answer(_home(base, kind), 200, {"Content-Type": "text/html; charset=UTF-8"})
        if asked.path != "/feed/":
            return Answer(b"<html><title>Page not found</title></html>", 404, {"Content-Type": "text/html"})
        page = int(asked.params.get("paged", "1"))
        papers = newest[::-1] if ordered and asked.params.get("order") == "ASC" else newest
        if "nothing" in asked.params.get("s", ""):
            papers = []
        goes_on = kind in ("wordpress", "atom")
        shown = papers[(page - 1) * size : page * size] if goes_on else papers[:size]
        if page > 1 and not shown:
            return Answer(b"", 404, {"Content-Type": "text/html"})
        onward = f"{base}/feed/?paged={page + 1}" if page * size < len(papers) else None
        entries = b"".join(bodies[paper.number] for paper in shown)
        body = _whole(kind, base, entries, [address(one.number, base) for one in shown], onward)
        tag = f'"{len(held)}-{page}"'
        if asked.headers.get("if-none-match") == tag:
            return Answer(b"", 304, {"ETag": tag})
        return Answer(body, 200, {"Content-Type": f"application/{_TYPES[kind]}+xml; charset=UTF-8", "ETag": tag})

    return play


def _home(base: str, kind: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>Played charity</title>"
        f'<link rel="stylesheet" type="text/css" href="/style.css">'
        f'<link rel="alternate" type="application/{_TYPES[kind]}+xml" title="Played &raquo; Feed" href="{base}/feed/" />'
        f'<link rel="alternate" type="application/rss+xml" title="Played &raquo; Comments Feed" href="{base}/comments/feed/">'
        f'<link rel="alternate" type="application/json" href="{base}/wp-json/"></head><body><h1>Home</h1></body></html>'
    ).encode()


def _whole(kind: str, base: str, entries: bytes, items: Sequence[str], onward: str | None) -> bytes:
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    if kind == "atom":
        link = f'<link rel="next" href="{html.escape(onward)}"/>' if onward else ""
        top = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Played</title><link rel="self" href="{base}/feed/"/>{link}'
        return head + f"{top}<link href='{base}/'/><id>{base}/</id>".encode() + entries + b"</feed>\n"
    if kind == "rdf":
        listed = "".join(f'<rdf:li rdf:resource="{one}"/>' for one in items)
        top = (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">'
            f'<channel rdf:about="{base}/feed/"><title>Played</title><link>{base}/</link><description>x</description>'
            f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>"
        )
        return head + top.encode() + entries + b"</rdf:RDF>"
    maker = "<generator>https://wordpress.org/?v=6.6.2</generator>" if kind == "wordpress" else ""
    top = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n<channel><title>Played</title>'
        f'<atom:link href="{base}/feed/" rel="self" type="application/rss+xml" /><link>{base}/</link>'
        f"<description>A charity</description><language>en-GB</language>{maker}"
    )
    return head + top.encode() + entries + b"</channel></rss>\n"


def _title(paper: Paper) -> str:
    return html.escape(html.escape(paper.title.replace("<i>", "").replace("</i>", ""), quote=False), quote=False)


def _written(paper: Paper) -> date:
    return date(paper.year, 3, 1)


def _rss(paper: Paper, base: str) -> bytes:
    when = format_datetime(datetime(paper.year, 3, 1, 12, 0, 0))[:-6] + " +0000"
    text = html.escape(paper.abstract, quote=False)
    names = "".join(f"<dc:creator><![CDATA[{given} {family}]]></dc:creator>" for family, given in paper.authors)
    words = "".join(f"<category><![CDATA[{word}]]></category>" for word in paper.keywords)
    return (
        f"\n<item><title>{_title(paper)}</title><link>{address(paper.number, base)}</link>\n{names}"
        f'<pubDate>{when}</pubDate>{words}<guid isPermaLink="false">{entry_id(paper.number, base)}</guid>'
        f"<description><![CDATA[<p>{text}</p>\n<p>The post <a href='x'>{_title(paper)}</a> appeared first on "
        f"<a href='y'>Played</a>.</p>]]></description><content:encoded><![CDATA[<p>Longer &nbsp; {text}</p>]]>"
        f"</content:encoded><slash:comments>{paper.number}</slash:comments></item>"
    ).encode()


def _rdf(paper: Paper, base: str) -> bytes:
    names = "".join(f"<dc:creator>{family}, {given}</dc:creator>" for family, given in paper.authors)
    return (
        f'<item rdf:about="{entry_id(paper.number, base)}"><title>{_title(paper)}</title>'
        f"<link>{address(paper.number, base)}</link><description>{html.escape(paper.abstract)}</description>{names}"
        f"<dc:date>{_written(paper)}</dc:date><dc:identifier>doi:{paper.doi}</dc:identifier>"
        f"<prism:publicationName>{html.escape(paper.journal)}</prism:publicationName><prism:volume>{paper.volume}</prism:volume>"
        f"<prism:number>{paper.issue}</prism:number><prism:startingPage>{paper.first}</prism:startingPage>"
        f"<prism:endingPage>{paper.last}</prism:endingPage></item>\n"
    ).encode()


def _atom(paper: Paper, base: str) -> bytes:
    names = "".join(f"<author><name>{given} {family}</name></author>" for family, given in paper.authors)
    words = "".join(f'<category term="t-{word}" label="{word}"/>' for word in paper.keywords)
    return (
        f'<entry><title type="html">{_title(paper)}</title><link rel="replies" href="{base}/comments/{paper.number}"/>'
        f'<link rel="alternate" href="{address(paper.number, base)}"/><id>{entry_id(paper.number, base)}</id>'
        f"<updated>{paper.changed}T10:00:00Z</updated><published>{_written(paper)}T10:00:00Z</published>{names}{words}"
        f'<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{html.escape(paper.abstract)}</p></div></summary>'
        f'<link rel="related" href="https://doi.org/{paper.doi}"/></entry>\n'
    ).encode()
