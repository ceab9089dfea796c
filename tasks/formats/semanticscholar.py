"""Papers of Semantic Scholar's API (https://api.semanticscholar.org/api-docs/graph): a page, a list, or one paper.

Volumes of papers that it has from PubMed hold the issue too ("18 5"); pages can have line ends around them.
"""

from __future__ import annotations

import re

from tasks.formats import dates, fields, json_records, json_values
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "semanticscholar"
_LISTED = ("data",)
_PAGE = frozenset({"total", "offset", "next", "token", "data"})
_TYPES = (  # the first that a paper has; most have "Review" or "Study" beside it
    ("BookSection", "chapter"), ("Book", "book"), ("Conference", "conference"), ("Dataset", "dataset"),
    ("JournalArticle", "article"), ("Review", "article"), ("MetaAnalysis", "article"), ("ClinicalTrial", "article"),
    ("CaseReport", "article"), ("Editorial", "article"), ("LettersAndComments", "article"), ("News", "article"),
    ("Study", "article"),
)  # fmt: skip
_VOLUME_ISSUE = re.compile(r"(\d+) (\d+)")


def first(text: Text) -> int | None:
    """0 where the document is a page of papers, a list of them, or one paper."""
    document = json_records.document(text)
    if isinstance(document, list):
        papers = [one for one in document if one is not None]
        return 0 if papers and all(isinstance(one, dict) and _is_paper(one) for one in papers) else None
    if not isinstance(document, dict):
        return None
    if _is_paper(document):
        return 0
    data = document.get("data")
    if isinstance(data, list) and data:
        return 0 if isinstance(data[0], dict) and _is_paper(data[0]) else None
    empty = document.get("total") == 0 and _PAGE.issuperset(document) and ("offset" in document or "token" in document)
    return 0 if empty and not data else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page. One that found nothing has no list of papers at all."""
    document = json_records.document(text)
    if isinstance(document, dict) and document.get("total") == 0 and "data" not in document:
        return Parsed(NAME, text.encoding, 0)
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_paper(record: Record) -> bool:
    identifier = record.get("paperId")
    return isinstance(identifier, str) and re.fullmatch(r"[0-9a-f]{40}", identifier) is not None


def _reference(paper: Record, offset: int, length: int) -> Reference | str:
    if not _is_paper(paper):
        return "no paper of Semantic Scholar: it has no paperId"
    title = prose(paper.get("title"))
    authors = tuple(name for one in records(paper.get("authors")) if (name := text(one.get("name"))))
    abstract = fields.abstract([prose(paper.get("abstract")) or ""])[0]
    date = dates.read(text(paper.get("publicationDate")) or "")
    stated = year(paper.get("year"))
    volume, issue = _volume(text(member(paper, "journal", "volume")))
    links = (text(member(paper, "openAccessPdf", "url")), text(paper.get("url")))
    return Reference(
        offset=offset,
        length=length,
        type=_type(paper),
        title=title,
        authors=authors,
        year=stated or date.year,
        date=date.iso if stated in (None, date.year) else str(stated),
        journal=_journal(paper),
        volume=volume,
        issue=issue,
        pages=fields.pages(text(member(paper, "journal", "pages"))),
        doi=fields.doi(text(member(paper, "externalIds", "DOI"))),
        pmid=fields.pmid(text(member(paper, "externalIds", "PubMed"))),
        issn=fields.serials(text(member(paper, "publicationVenue", "issn")) or "")[0],
        abstract=abstract,
        urls=fields.unique(link for value in links if value for link in fields.urls(value)[0]),
        accession=text(paper.get("paperId")),
        database="Semantic Scholar",
        other=tuple(_other(paper)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )


def _type(paper: Record) -> str | None:
    kinds = texts(paper.get("publicationTypes"))
    return next((kind for name, kind in _TYPES if name in kinds), "other" if kinds else None)


def _journal(paper: Record) -> str | None:
    places = (member(paper, "journal", "name"), member(paper, "publicationVenue", "name"), paper.get("venue"))
    return next((name for place in places if (name := prose(place))), None)


def _volume(value: str | None) -> tuple[str | None, str | None]:
    both = _VOLUME_ISSUE.fullmatch(value or "")
    return (both[1], both[2]) if both else (value, None)


def _other(paper: Record) -> list[tuple[str, str]]:
    """What a reviewer may want to see and no field holds."""
    found = [
        *(("type", kind) for kind in texts(paper.get("publicationTypes"))),
        ("corpus-id", text(paper.get("corpusId")) or text(member(paper, "externalIds", "CorpusId"))),
        *((name.lower(), text(member(paper, "externalIds", name))) for name in ("PubMedCentral", "ArXiv", "ACL", "DBLP")),
        *(("field", field) for field in texts(paper.get("fieldsOfStudy"))),
    ]
    return [(name, value) for name, value in found if value]
