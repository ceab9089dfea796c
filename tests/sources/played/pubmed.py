"""Plays PubMed's E-utilities: ESearch with its history, EFetch from it, the limit of 9,999 records, and their errors."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from tests.sources.played.playing import Answer, Asked, Paper, Played

CAP = 9_999
XML = {"Content-Type": "text/xml; charset=UTF-8"}
_DAYS = re.compile(r"(\d{4})/(\d\d)/(\d\d):(\d{4})/(\d\d)/(\d\d)\[(edat|crdt|lr)\]")
_YEARS = re.compile(r"(\d{4}):(\d{4})\[dp\]")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE {root} PUBLIC "-//NLM//DTD {name}//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/{name}.dtd">\n'
)
_SEARCH = _HEAD.format(root="eSearchResult", name="esearch 20060628").encode()
_FETCH = _HEAD.format(root="eEfetchResult", name="efetch 20131226").encode()
_SET = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)


def pmid(number: int) -> str:
    """The id of a paper."""
    return str(90_000_000 + number)


def made(paper: Paper) -> date:
    """When its record was made: some time before its last change."""
    return paper.changed - timedelta(days=paper.number % 400)


def entered(paper: Paper) -> date:
    """Its date of entry, which is that of its publication where the record was made long after it."""
    own = made(paper)
    return own if paper.year >= own.year - 1 else date(paper.year, 1, 1)


def make(held: Sequence[Paper], base: str) -> Played:
    """PubMed with these papers, the last ones first."""
    ordered = sorted(held, key=lambda paper: -paper.number)
    bodies = {paper.number: _article(paper).encode() for paper in held}
    dates = {paper.number: {"edat": entered(paper), "crdt": made(paper), "lr": paper.changed} for paper in held}
    kept: dict[str, list[Paper]] = {}

    def play(asked: Asked) -> Answer:
        params = dict(asked.params) | dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if params.get("api_key") == "wrong":
            return Answer(json.dumps({"error": "API key invalid", "api-key": "wrong", "type": "pubmed"}).encode(), 400)
        if params.get("db") != "pubmed":
            return Answer(_SEARCH + b"<eSearchResult><ERROR>Invalid db name specified</ERROR></eSearchResult>", 200, XML)
        if asked.path == "/esearch.fcgi":
            return _search(params)
        return _fetch(params) if asked.path == "/efetch.fcgi" else Answer(b"<html>404 Not Found</html>", 404)

    def _search(params: dict[str, str]) -> Answer:
        term = params.get("term", "")
        if not term.strip():
            error = b"<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>"
            return Answer(_SEARCH + error, 200, XML)
        found = _find(term)
        most = int(params.get("retmax", "20"))
        place = ""
        if params.get("usehistory") == "y":
            name = "MCID_" + sha256(f"{term}{len(kept)}".encode()).hexdigest()[:24]
            kept[name] = found
            place = f"<QueryKey>1</QueryKey><WebEnv>{name}</WebEnv>"
        listed = "".join(f"<Id>{pmid(paper.number)}</Id>\n" for paper in found[:most])
        remarks = "" if found else (
            "<ErrorList><PhraseNotFound>nothing</PhraseNotFound></ErrorList>"
            "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
        )  # fmt: skip
        body = (
            f"<eSearchResult><Count>{len(found)}</Count><RetMax>{min(most, len(found))}</RetMax><RetStart>0</RetStart>{place}"
            f"<IdList>{listed}</IdList><TranslationSet/><QueryTranslation>{escape(term)}</QueryTranslation>{remarks}"
            "</eSearchResult>"
        )
        return Answer(_SEARCH + body.encode(), 200, XML)

    def _find(term: str) -> list[Paper]:
        """Clauses are joined by AND, ranges inside one by OR."""
        days = [_DAYS.findall(clause) for clause in term.split(" AND ")]
        ranges = [
            [(tag, date(int(a), int(b), int(c)), date(int(d), int(e), int(f))) for a, b, c, d, e, f, tag in clause]
            for clause in days
            if clause
        ]
        years = [(int(low), int(high)) for low, high in _YEARS.findall(term)]
        return [
            paper
            for paper in ordered
            if "nothing" not in term
            and all(low <= paper.year <= high for low, high in years)
            and all(any(low <= dates[paper.number][tag] <= high for tag, low, high in clause) for clause in ranges)
        ]

    def _fetch(params: dict[str, str]) -> Answer:
        found = kept.get(params.get("WebEnv", "")) if params.get("query_key") == "1" else None
        start, most = int(params.get("retstart", "0")), min(int(params.get("retmax", "20")), 10_000)
        if found is None:
            return _refused("Unable to obtain query #1", 200)
        if start >= CAP:
            return _refused(
                "Search backend cannot retrieve history data. Reason: Exception: 'retstart' cannot be larger than 9998. For "
                "PubMed, ESearch can only retrieve the first 9,999 records matching the query."
            )
        if start >= len(found):
            return _refused(
                f"Cannot retrieve history data: OUT OF RANGE. Parameter retstart={start} + 1 is greater than number of records "
                f"available in history. History includes {len(found)} IDs."
            )
        page = found[start : min(start + most, CAP)]
        return Answer(_SET + b"\n".join(bodies[paper.number] for paper in page) + b"\n</PubmedArticleSet>", 200, XML)

    return play


def _refused(text: str, status: int = 400) -> Answer:
    return Answer(_FETCH + f"<eFetchResult>\n\t<ERROR>{escape(text)}</ERROR>\n</eFetchResult>".encode(), status, XML)


def _article(paper: Paper) -> str:
    number, own, changed = pmid(paper.number), made(paper), paper.changed
    title = escape(paper.title).replace("&lt;i&gt;", "<i>").replace("&lt;/i&gt;", "</i>")
    authors = "".join(
        f'<Author ValidYN="Y"><LastName>{escape(family)}</LastName><ForeName>{escape(given)}</ForeName><Initials>'
        f'{"".join(word[0] for word in given.split())}</Initials></Author>'
        for family, given in paper.authors
    )  # fmt: skip
    words = "".join(f'<Keyword MajorTopicYN="N">{escape(word)}</Keyword>' for word in paper.keywords)
    withdrawn = '<PublicationType UI="D016441">Retracted Publication</PublicationType>' if paper.retracted else ""
    relation = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Invented. doi: 10.5555/notice.'
        f"{paper.number}</RefSource></CommentsCorrections></CommentsCorrectionsList>" if paper.retracted else ""
    )  # fmt: skip
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID>'
        f"<DateRevised><Year>{changed:%Y}</Year><Month>{changed:%m}</Month><Day>{changed:%d}</Day></DateRevised>"
        f'<Article PubModel="Print"><Journal><ISSN IssnType="Electronic">1234-5679</ISSN><JournalIssue CitedMedium="Internet">'
        f"<Volume>{paper.volume}</Volume><Issue>{paper.issue}</Issue><PubDate><Year>{paper.year}</Year><Month>Mar</Month>"
        f"</PubDate></JournalIssue><Title>{escape(paper.journal)}</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
        f"<Pagination><StartPage>{paper.first}</StartPage><EndPage>{paper.last}</EndPage><MedlinePgn>{paper.first}-{paper.last}"
        f'</MedlinePgn></Pagination><ELocationID EIdType="doi" ValidYN="Y">{paper.doi}</ELocationID>'
        f"<Abstract><AbstractText>{escape(paper.abstract)}</AbstractText></Abstract>"
        f'<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language><PublicationTypeList>'
        f'<PublicationType UI="D016428">Journal Article</PublicationType>{withdrawn}</PublicationTypeList></Article>'
        f'{relation}<KeywordList Owner="NOTNLM">{words}</KeywordList></MedlineCitation><PubmedData><History>'
        f'<PubMedPubDate PubStatus="entrez"><Year>{own:%Y}</Year><Month>{own.month}</Month><Day>{own.day}</Day></PubMedPubDate>'
        "</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{number}</ArticleId>'
        f'<ArticleId IdType="doi">{paper.doi}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
    )
