"""What the columns of spreadsheet exports mean: PubMed, Scopus, Covidence, Rayyan, ASReview and tables made by hand.

Names are compared in lower case with letters, digits and ``#`` only. Each field lists names in the order in which they are
believed; a second column for the same field keeps its values in ``Reference.other`` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FIELDS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "articletitle", "primarytitle", "titleprimary", "documenttitle", "papertitle", "itemtitle", "publicationtitle",
        "citation", "reference",
    ),
    "authors": ("authors", "author", "authorlist", "authorsprimary", "creators", "authornames", "authorfullnames"),
    "year": ("year", "publicationyear", "publishedyear", "pubyear", "yearpublished", "py"),
    "month": ("month", "publishedmonth", "publicationmonth"),
    "day": ("day",),
    "date": ("date", "publicationdate", "publisheddate", "datepublished", "dateofpublication", "coverdate"),
    "journal": (
        "journal", "journalbook", "sourcetitle", "publicationname", "publicationtitle", "journaltitle", "journalname",
        "secondarytitle", "publication", "periodicalfull", "container", "containertitle", "booktitle", "anthologytitle",
        "parenttitle", "source",
    ),
    "citation": ("citation",),
    "volume": ("volume", "vol", "journalvolume", "volumenumber"),
    "issue": ("issue", "number", "issuenumber", "journalissue"),
    "pages": ("pages", "page", "pagerange", "pagination"),
    "start": ("pagestart", "startpage", "firstpage"),
    "end": ("pageend", "endpage", "lastpage"),
    "article": ("artno", "articlenumber", "elocationid"),
    "doi": ("doi", "itemdoi", "articledoi", "doilink", "digitalobjectidentifier"),
    "pmid": ("pmid", "pubmedid", "medlinepmid"),
    "issn": ("issn", "issns", "issnisbn", "eissn"),
    "isbn": ("isbn", "isbns"),
    "abstract": ("abstract", "abstracts", "abstractnote", "summary", "snippet"),
    "keywords": ("keywords", "authorkeywords", "keyword", "manualtags", "subjects"),
    "index": (
        "indexkeywords", "automatictags", "keywordsplus", "meshterms", "ieeeterms", "emtreemedicalindexterms",
    ),
    "language": ("language", "languageoforiginaldocument", "lang"),
    "publisher": ("publisher", "organisation", "organization", "institution"),
    "urls": (
        "url", "urls", "link", "links", "articleurl", "plink", "permalink", "dimensionsurl", "fulltexturl", "fulltextlink",
        "pdflink", "sourceurls",
    ),
    "notes": ("notes", "note"),
    "type": (
        "type", "documenttype", "publicationtype", "referencetype", "itemtype", "typeofreference", "contenttype", "doctypes",
    ),
    "database": ("database", "sourcedatabase", "databasename", "source"),
}  # fmt: skip

ACCESSION = (
    "covidence#",
    "key",
    "id",
    "itemid",
    "recordid",
    "customid",
    "eid",
    "lensid",
    "publicationid",
    "cochranereviewid",
    "embaseaccessionid",
    "utuniquewosid",
    "utuniqueid",
    "accessionnumber",
    "accession",
    "pui",
    "pmid",
    "pubmedid",
)  # fmt: skip  (one column for the whole file, so that two rows never take their ids from different places)

SUGGESTION = ("suggestedby", "suggestedon")  # columns of experts' suggestions: kept in ``other`` under their own names

_ARTICLE = (
    "article", "journal", "editorial", "letter", "review", "jour", "erratum", "note", "short survey", "data paper", "retract",
    "correction", "corrigendum", "commentary", "case report",
)  # fmt: skip
_TYPES = (  # tried in order on the words of a type column
    ("chapter", ("chapter", "encyclopedia", "section")),
    ("thesis", ("thesis", "dissertation", "theses")),
    ("conference", ("conference", "proceeding", "meeting", "congress")),
    ("article", _ARTICLE),
    ("report", ("report", "working paper", "rprt", "government")),
    ("book", ("book",)),
    ("dataset", ("dataset", "data set")),
    ("webpage", ("web", "blog", "elec")),
)


def name(header: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[^a-z0-9#]", "", header.lower())


def suggestion(headers: Sequence[str]) -> int:
    """How many columns say who suggested the reference, and when."""
    return len({name(header) for header in headers} & set(SUGGESTION))


def meaning(headers: Sequence[str]) -> dict[str, int]:
    """The column of each field that the table has; ``accession`` may share its column with ``pmid``."""
    names = [name(header) for header in headers]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for field, wanted in FIELDS.items():
        at = next((names.index(word) for word in wanted if word in names and names.index(word) not in taken), None)
        if at is not None:
            found[field] = at
            taken.add(at)
    at = next((names.index(word) for word in ACCESSION if word in names), None)
    if at is not None:
        found["accession"] = at
    return found


def kind(value: str | None) -> str | None:
    """The type of publication in the words of a type column or of MEDLINE and ERIC publication types."""
    if value is None:
        return None
    words = value.lower()
    return next((kind for kind, marks in _TYPES if any(mark in words for mark in marks)), "other")
