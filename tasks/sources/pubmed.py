"""PubMed through NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25499/, https://pubmed.ncbi.nlm.nih.gov/help/).

From their documentation: ESearch with ``usehistory=y`` keeps the result on NCBI's history server, and EFetch reads it from
there by ``WebEnv``, ``query_key`` and ``retstart``; three requests a second, ten with a key; ``tool`` and ``email`` say who
asks; long searches are posted. In one page EFetch gives at most 10,000 records; far fewer are asked for here, since large
answers break off. Recorded by others: PubMed lets the first 9,999 records of a search be read (a ``retstart`` above 9,998 is
refused, and a page that reaches beyond is cut short without a word); ``retstart`` counts the records found, not those
delivered, so that a short page misses records which PubMed no longer has; errors come under status 200 and 400 alike.

A larger search is cut by the date of entry (``[edat]``), which each record has exactly once. Papers entered a year or more
after they appeared have the date of publication there, often 1 January, so a single day is cut once more by the date on which
its records were made (``[crdt]``). Increments ask for what was made (``[crdt]``) or changed (``[lr]``) since: retractions and
corrections arrive as changes of old records. Years are those of publication (``[dp]``), in print or online.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tasks.sources import spans
from tasks.sources.connector import (
    Broken,
    Connector,
    Credential,
    Expired,
    Query,
    Rate,
    Refused,
    Request,
    Response,
    Step,
    Turn,
)
from tasks.sources.spans import Span
from warehouse.configuration.sources import Source, Strategy

KEY = Credential("EVIMAP_PUBMED_KEY", "query", "api_key")
EMAIL = Credential("EVIMAP_EMAIL", "query", "email")
CAP = 9_999  # records of a search that can be read
SIZE, MOST = 200, 10_000
LONGEST = 1_500  # characters of a search that is sent in the address
BEGINNING, END = date(1700, 1, 1), date(2100, 12, 31)
SEARCH, PAGE = "search", "page"
_TOOL = ("tool", "evimap")
_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
_LOST = ("unable to obtain query", "cannot retrieve history data", "can't fetch uids from history", "webenv")
_TOO_FAR = "retstart"
_QUIET = frozenset({"no items found."})  # the number of hits says so
_OWN = frozenset({
    "db", "term", "retmax", "retstart", "retmode", "rettype", "usehistory", "webenv", "query_key", "sort", "field", "datetype",
    "mindate", "maxdate", "reldate", "tool", "email", "api_key",
})  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"')
_LINE = re.compile(r"(?<!\w)#\d+")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9 :~/-]*")


def begin(query: Query) -> tuple[Step, ...]:
    """The search as a whole."""
    return (_search(query, ()),)


def _search(query: Query, cuts: tuple[Span, ...]) -> Step:
    """ESearch for a slice: it gives the number of hits and where they are kept."""
    params = (("db", "pubmed"), ("term", _text(query, cuts)), ("usehistory", "y"), ("retmax", "0"), ("retmode", "xml"), _TOOL)
    url, name = f"{query.endpoint}/esearch.fcgi", " ".join(span.name for span in cuts)
    written = urlencode(params)
    if len(written) <= LONGEST:
        return Step(Request(url, params), name, SEARCH)
    return Step(Request(url, method="POST", body=written, headers=_FORM), name, SEARCH)


def _text(query: Query, cuts: tuple[Span, ...]) -> str:
    clauses = [
        "(" + " OR ".join(f"{one.strip()}[{name}]" for one in value.split("|")) + ")" for name, value in query.filters.items()
    ]
    if query.from_year or query.to_year:
        clauses.append(f"({query.from_year or 1000}:{query.to_year or 3000}[dp])")
    if query.since:
        range_ = f"{_day(query.since.isoformat())}:{_day(END.isoformat())}"
        clauses.append(f"({range_}[crdt] OR {range_}[lr])")
    for span, tag in zip(cuts, ("edat", "crdt"), strict=False):
        first, last = span.bounds
        clauses.append(f"({_day(first)}:{_day(last)}[{tag}])")
    return " AND ".join([f"({query.text})", *clauses]) if clauses else query.text


def _day(iso: str) -> str:
    return iso.replace("-", "/")


def follow(query: Query, step: Step, response: Response) -> Turn:
    """Of a search: its pages, or the slices where more was found than can be read. Of a page: the ids on it."""
    answer = _document(response)
    return _found(query, step, answer) if step.purpose == SEARCH else _fetched(step, answer)


def _found(query: Query, step: Step, answer: Element) -> Turn:
    """What a search turned up. Slices say nothing again about the words of the search."""
    written = answer.findtext("Count", "")
    if answer.tag != "eSearchResult" or not written.isdecimal():
        raise Broken(f"ESearch gave no number of hits: {_shown(answer)}")
    hits = int(written)
    notes = tuple(_remarks(answer)) if not step.slice else ()
    if hits > CAP:
        parts = _parts(step)
        if parts:
            return Turn(hits=hits, steps=tuple(_search(query, cuts) for cuts in parts), keep=False, notes=notes)
        notes += (f"PubMed has {hits:,} records of {step.slice} and lets {CAP:,} of them be read; narrow the search",)
    kept, number = answer.findtext("WebEnv"), answer.findtext("QueryKey")
    if hits and not (kept and number):
        raise Broken("ESearch did not say where the result is kept")
    size, last = min(query.page_size or SIZE, MOST), min(hits, CAP)
    steps = tuple(
        Step(_page(query, kept or "", number or "", start, min(size, last - start)), step.slice, PAGE)
        for start in range(0, last, size)
    )
    return Turn(hits=hits, steps=steps, keep=False, notes=notes)


def _page(query: Query, kept: str, number: str, start: int, count: int) -> Request:
    """EFetch for a page; the last one asks for what is left, so that each answer's number of records is known before."""
    return Request(
        f"{query.endpoint}/efetch.fcgi",
        (
            ("db", "pubmed"), ("WebEnv", kept), ("query_key", number), ("retstart", str(start)), ("retmax", str(count)),
            ("retmode", "xml"), _TOOL,
        ),
    )  # fmt: skip


def _parts(step: Step) -> tuple[tuple[Span, ...], ...]:
    """The halves of a slice: by days of entry, and a single day of entry by days of making."""
    cuts = tuple(spans.read(name) for name in step.slice.split())
    whole = spans.days(BEGINNING, END)
    if not cuts:
        return tuple((half,) for half in whole.halves())
    halves = cuts[-1].halves()
    if not halves and len(cuts) == 1:
        return tuple((*cuts, half) for half in whole.halves())
    return tuple((*cuts[:-1], half) for half in halves)


def _fetched(step: Step, answer: Element) -> Turn:
    """The PubMed ids on a page, books included; fewer than asked for are told, none at all is asked again."""
    if answer.tag != "PubmedArticleSet":
        raise Broken(f"EFetch gave no set of articles: {_shown(answer)}")
    params = dict(step.request.params)
    start, asked = params["retstart"], int(params["retmax"])
    records = answer.findall("PubmedArticle") + answer.findall("PubmedBookArticle")
    numbers = (one.findtext("MedlineCitation/PMID") or one.findtext("BookDocument/PMID") for one in records)
    ids = tuple((number or "").strip() or f"{step.slice} {start}#{at}" for at, number in enumerate(numbers))
    if not ids:
        raise Broken(f"EFetch gave none of {asked} records")
    if len(ids) == asked:
        return Turn(ids)
    return Turn(ids, notes=(f"PubMed gave {len(ids)} of the {asked} records from number {int(start) + 1} on",))


def _document(response: Response) -> Element:
    """The answer as XML. Raises the exception for each error that comes in place of it."""
    body = response.body
    if body.lstrip()[:1] == b"{":
        raise _judged(_said(body))
    if b"<!ENTITY" in body:
        raise Broken("PubMed's answer declares entities, which it never does")
    try:
        answer = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Broken(f"PubMed's answer is no whole XML: {error}") from None
    errors = [" ".join("".join(one.itertext()).split()) for one in answer.iter("ERROR")]
    if errors:
        raise _judged("; ".join(errors))
    return answer


def _judged(said: str) -> Exception:
    """Which exception an error is: a history that is gone, a fault of the query or key, else one that may pass."""
    words = said.lower()
    if _TOO_FAR in words and "larger than" in words:
        return Refused(f"PubMed lets fewer records be read than the connector knows of: {said}")
    if any(mark in words for mark in _LOST):
        return Expired(f"PubMed no longer has the result of the search: {said}")
    if "empty term" in words:
        return Refused(f"PubMed does not understand the query: {said}")
    if "api key invalid" in words:
        return Refused(f"PubMed does not know the key: {said}; check {KEY.variable}")
    return Broken(f"PubMed: {said}")


def trouble(response: Response) -> Exception | None:
    """400 has an error in its body, which tells a lost history from a fault for good; other statuses mean what they say."""
    if response.status != 400:
        return None
    said = _said(response.body)
    judged = _judged(said)
    return judged if isinstance(judged, Expired | Refused) else Refused(f"PubMed refuses the request: {said}")


def _said(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    errors = re.findall(r"<ERROR>(.*?)</ERROR>", text, re.DOTALL)
    if errors:
        return " ".join("; ".join(errors).split())
    try:
        answer = json.loads(text)
    except ValueError:
        return repr(text[:200])
    result = answer.get("esearchresult") if isinstance(answer, dict) else None
    told = (answer.get("error") if isinstance(answer, dict) else None) or (
        result.get("ERROR") if isinstance(result, dict) else None
    )
    return str(told) if told else repr(text[:200])


def _remarks(answer: Element) -> Iterator[str]:
    """What ESearch did not find or left out of the search."""
    for listed in ("ErrorList", "WarningList"):
        for one in answer.findall(f"{listed}/*"):
            words = " ".join("".join(one.itertext()).split())
            if words and words.lower() not in _QUIET:
                yield f"PubMed: {_REMARKS.get(one.tag, one.tag)}: {words}"


_REMARKS = {
    "PhraseNotFound": "phrase not found", "FieldNotFound": "field not found", "QuotedPhraseNotFound": "quoted phrase not found",
    "PhraseIgnored": "ignored", "OutputMessage": "message",
}  # fmt: skip


def _shown(answer: Element) -> str:
    return repr(ElementTree.tostring(answer, "unicode")[:200])


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """What PubMed would misunderstand without a word."""
    found = []
    bare = _QUOTED.sub("", strategy.query)
    if bare.count("(") != bare.count(")"):
        found.append("query: parentheses do not match, and PubMed would pass over them; write as many ( as )")
    if strategy.query.count('"') % 2:
        found.append('query: a quotation mark " has no other; close the phrase')
    if _LINE.search(bare):
        found.append("query: lines of a search history such as #1 mean nothing here; write the whole search out")
    for name in strategy.filters:
        if name.lower() in _OWN:
            found.append(f"filter {name}: is set by the pipeline itself; filters are fields of PubMed such as la, pt or sb")
        elif not _TAG.fullmatch(name):
            found.append(f"filter {name}: is no field tag of PubMed; write it without brackets, as la, pt or sb")
    return found


CONNECTOR = Connector(
    name="pubmed",
    kind="database",
    home="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    format="pubmed_xml",
    rate=Rate(3),
    begin=begin,
    follow=follow,
    increments=True,
    credentials=(KEY, EMAIL),
    handles=frozenset({"WebEnv", "query_key"}),
    trouble=trouble,
    faults=faults,
)
