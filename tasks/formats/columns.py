"""What the columns of spreadsheet exports mean: PubMed, Scopus, Covidence, Rayyan, ASReview and tables made by hand.

Names are compared in lower case with letters, digits and ``#`` only. Each field lists names in the order in which they are
believed; a second column for the same field keeps its values in ``Reference.other`` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FIELDS: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "articletitle", "primarytitle", "titleprimary", "documenttitle", "papertitle", "itemtitle", "referencetitle",
        "publicationtitle",
        "citation", "reference",
    ),
    "authors": (
        "authors", "author", "authorlist", "authorsprimary", "creators", "authornames", "authorfullnames",
        "authorshipsauthordisplayname",
    ),
    "year": ("year", "publicationyear", "publishedyear", "pubyear", "yearpublished", "yearofpublication", "py"),
    "month": ("month", "publishedmonth", "publicationmonth"),
    "day": ("day",),
    "date": ("date", "publicationdate", "publisheddate", "datepublished", "dateofpublication", "pubdate", "coverdate"),
    "journal": (
        "journal", "journalbook", "sourcetitle", "publicationname", "publicationtitle", "journaltitle", "journalname",
        "secondarytitle", "publication", "periodicalfull", "container", "containertitle", "booktitle", "anthologytitle",
        "parenttitle", "pubtitle", "primarylocationsourcedisplayname", "source",
    ),
    "citation": ("citation",),
    "volume": ("volume", "vol", "journalvolume", "volumenumber", "bibliovolume"),
    "issue": ("issue", "number", "issuenumber", "journalissue", "biblioissue"),
    "pages": ("pages", "page", "pagerange", "pagination"),
    "start": ("pagestart", "startpage", "firstpage", "bibliofirstpage"),
    "end": ("pageend", "endpage", "lastpage", "bibliolastpage"),
    "article": ("artno", "articlenumber", "elocationid"),
    "doi": ("doi", "itemdoi", "articledoi", "doilink", "digitalobjectidentifier"),
    "pmid": ("pmid", "pubmedid", "medlinepmid", "entrezuid"),
    "issn": ("issn", "issns", "issnisbn", "eissn"),
    "isbn": ("isbn", "isbns"),
    "abstract": ("abstract", "abstracts", "abstractnote", "abstracttext", "summary", "snippet"),
    "keywords": ("keywords", "authorkeywords", "keyword", "manualtags", "subjects"),
    "index": (
        "indexkeywords", "automatictags", "keywordsplus", "meshterms", "ieeeterms", "emtreemedicalindexterms",
    ),
    "language": ("language", "languageoforiginaldocument", "lang"),
    "publisher": ("publisher", "organisation", "organization", "institution"),
    "urls": (
        "url", "urls", "link", "links", "articleurl", "plink", "permalink", "dimensionsurl", "documenturl", "fulltexturl",
        "fulltextlink", "pdflink", "sourceurls",
    ),
    "notes": ("notes", "note"),
    "type": (
        "type", "documenttype", "publicationtype", "referencetype", "itemtype", "typeofreference", "contenttype", "doctype",
        "doctypes", "articletype",
    ),
    "database": ("database", "sourcedatabase", "databasename", "source"),
}  # fmt: skip

_TITLE = re.compile(
    r"^(?!.*(?:source|journal|book|series|short|sub|publication|running|alt|second|container|periodical)).*title"
)
ACCESSION = (
    "covidence#",
    "key",
    "id",
    "itemid",
    "recordid",
    "customid",
    "eid",
    "lensid",
    "openalexid",
    "storeid",
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
    if "title" not in found and len(titles := [at for at, one in enumerate(names) if _TITLE.search(one)]) == 1:
        found["title"] = titles[0]  # "Title of the study (English)"
        found = {field: at for field, at in found.items() if field == "title" or at != titles[0]}
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
