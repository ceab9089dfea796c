"""What the columns of spreadsheet exports mean: PubMed, Scopus, Covidence, Rayyan, ASReview and tables made by hand.

Names are compared in lower case with letters, digits and ``#`` only. Each field lists names in the order in which they are
believed; a second column for the same field keeps its values in ``Reference.other`` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FIELDS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "articletitle", "primarytitle", "documenttitle", "papertitle", "publicationtitle", "itemtitle", "citation",
        "reference",
    ),
    "authors": ("authors", "author", "authorlist", "creators", "authornames", "authorfullnames"),
    "year": ("year", "publicationyear", "publishedyear", "pubyear", "yearpublished", "py"),
    "month": ("month", "publishedmonth", "publicationmonth"),
    "day": ("day",),
    "date": ("date", "publicationdate", "publisheddate", "coverdate"),
    "journal": (
        "journal", "journalbook", "sourcetitle", "publicationname", "journaltitle", "secondarytitle", "publication",
        "container", "containertitle", "booktitle", "parenttitle", "source",
    ),
    "volume": ("volume", "vol"),
    "issue": ("issue", "number", "issuenumber"),
    "pages": ("pages", "page", "pagerange", "pagination"),
    "start": ("pagestart", "startpage", "firstpage"),
    "end": ("pageend", "endpage", "lastpage"),
    "article": ("artno", "articlenumber", "elocationid"),
    "doi": ("doi", "doilink", "digitalobjectidentifier"),
    "pmid": ("pmid", "pubmedid"),
    "issn": ("issn", "issns", "eissn"),
    "isbn": ("isbn", "isbns"),
    "abstract": ("abstract", "abstracts", "abstractnote", "summary", "snippet"),
    "keywords": ("keywords", "authorkeywords", "keyword", "manualtags", "subjects"),
    "index": ("indexkeywords", "automatictags"),
    "language": ("language", "languageoforiginaldocument", "lang"),
    "publisher": ("publisher", "organisation", "organization", "institution"),
    "urls": ("url", "urls", "link", "links", "articleurl", "fulltexturl", "fulltextlink"),
    "notes": ("notes", "note"),
    "type": ("type", "documenttype", "publicationtype", "referencetype", "itemtype", "typeofreference"),
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
    "utuniquewosid",
    "utuniqueid",
    "accessionnumber",
    "accession",
    "pmid",
    "pubmedid",
)  # fmt: skip  (one column for the whole file, so that two rows never take their ids from different places)

SUGGESTION = ("suggestedby", "suggestedon")  # columns of experts' suggestions: kept in ``other`` under their own names

_TYPES = (  # tried in order on the words of a type column
    ("chapter", ("chapter", "encyclopedia", "section")),
    ("thesis", ("thesis", "dissertation", "theses")),
    ("conference", ("conference", "proceeding", "meeting", "congress")),
    ("article", ("article", "journal", "editorial", "letter", "review", "jour", "erratum", "note", "short survey")),
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
