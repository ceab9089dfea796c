"""What the tags and labels of Ovid's databases mean, and the fields of one record."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.formats import columns, dates, fields, tagged
from tasks.formats.reference import Reference
from tasks.formats.tagged import Values
from tasks.formats.text import damaged

LABELS = {  # labels in full, as the databases write them, and the tag that means the same
    "unique identifier": "UI", "accession number": "AN", "title": "TI", "article title": "TI", "original title": "TT",
    "translated title": "TT", "author": "AU", "authors": "AU", "author(s)": "AU", "authors full name": "FA",
    "author full name": "FA", "source": "SO", "abstract": "AB", "year of publication": "YR", "publication year": "YR",
    "year": "YR", "date of publication": "DP", "publication date": "DP", "doi": "DO", "doi number": "DO",
    "digital object identifier": "DO", "issn": "IS", "issn print": "IS", "issn electronic": "IT", "issn linking": "IS",
    "isbn": "IB", "language": "LG", "publisher": "PB", "publisher information": "PI", "publication type": "PT",
    "document type": "DT", "author keywords": "KW", "keyword": "KW", "keywords": "KW", "key words": "KW",
    "keyword heading": "KW", "key concepts": "ID", "subject headings": "MH", "mesh subject headings": "MH",
    "mesh headings": "MH", "emtree heading": "MH", "descriptors": "DE", "institution": "IN", "journal name": "JN",
    "journal": "JN", "volume": "VO", "issue": "IP", "issue/part": "IP", "page": "PG", "pages": "PG", "pagination": "PG",
    "database": "DB", "pmid": "PM", "pubmed id": "PM", "pmid identifier": "PM", "editor": "ED", "editors": "ED",
    "notes": "NT", "note": "NT", "url": "UR", "status": "ST", "link to the ovid full text or citation": "XL",
    "link to the external link resolver": "XL", "book title": "BT", "country of publication": "CP",
}  # fmt: skip
TAGS = frozenset({
    "AB", "AD", "AI", "AN", "AU", "BC", "BN", "BR", "BS", "BT", "CA", "CB", "CC", "CE", "CF", "CI", "CL", "CM", "CN",
    "CO", "CP", "CQ", "CR", "CS", "CT", "CX", "CY", "DA", "DB", "DC", "DD", "DE", "DG", "DI", "DJ", "DL", "DM", "DO",
    "DP", "DS", "DT", "DV", "EA", "EC", "ED", "EI", "EM", "EN", "ES", "EU", "EZ", "FA", "FO", "FS", "FT", "FX", "GC",
    "GE", "GI", "GN", "GO", "GS", "HC", "HT", "HW", "IA", "IB", "ID", "IE", "IN", "IP", "IR", "IS", "IT", "IU", "IW",
    "JA", "JC", "JL", "JN", "JT", "JW", "KD", "KP", "KW", "LA", "LG", "LI", "LM", "LO", "LR", "LU", "MA", "MC", "MD",
    "MF", "MH", "MI", "MM", "MO", "MQ", "MS", "MT", "NJ", "NM", "NO", "NT", "OD", "OH", "OI", "OL", "ON", "OR", "OS",
    "OT", "OU", "OX", "PA", "PB", "PC", "PE", "PG", "PH", "PI", "PL", "PM", "PN", "PO", "PS", "PT", "PU", "PY", "RA",
    "RF", "RL", "RM", "RN", "RO", "RP", "RS", "RV", "RW", "SA", "SB", "SE", "SF", "SH", "SI", "SL", "SM", "SN", "SO",
    "SP", "SR", "ST", "SU", "SY", "TA", "TC", "TD", "TG", "TI", "TL", "TM", "TN", "TO", "TP", "TR", "TT", "TW", "UI",
    "UP", "UR", "VI", "VN", "VO", "XL", "XS", "YR", "ZZ",
})  # fmt: skip
_LINKS = ("UR", "XL", "IU", "OU")
_LABELLED = re.compile(r"\s*\[(References|Article|Report|Miscellaneous|Review|Editorial|Letter|News)\]\.?$")
_TYPED_ACCESSION = re.compile(r"[A-Z][A-Za-z -]*: (?=\S+$)")  # PsycINFO: "Peer Reviewed Journal: 2015-33942-012."
_PART = re.compile(r"(?:[^;\[]|\[[^\[\]]*\]|\[)+")
_BRACKET = re.compile(r"\s*\[[^\[\]]*\]$")
_MARKS = re.compile(r"(?:\s+[\d,+*^#&|]+)+$")  # numbers and signs that tie an author to an institution
_DEGREES = re.compile(  # those that could be initials count only behind a comma
    r"(?:,?\s+(?:M\.?D\.?|Ph\.?\s?D\.?|D\.?Phil\.?|M\.?P\.?H\.?|[MB]\.?Sc\.?|MBBS|MBChB|FRC[A-Z]+|FAC[A-Z]{1,3}|FAA[NP]|RN"
    r"|Dr\.?P\.?H\.?|Psy\.?D\.?|Ed\.?D\.?)|,\s+(?:[MB]\.?A\.?|M\.?S\.?|D\.?O\.?))+$"
)
_GIVEN = re.compile(r"\w[^\W\d_A-Z]")  # more than initials
_STOP = re.compile(r"(?<=[^\W\d_A-Z]{3})\.$")
_ORDER = ("chapter", "thesis", "book", "dataset", "report", "article", "conference", "other")
_LONGEST = 600  # characters of a citation that is worth reading: beyond it is no citation, and patterns get slow

_ISSUE = r"\((?P<issue>(?:[^()]|\([^()]*\))*)\)"
_CITATIONS = (
    # PsycINFO: "Kite Letters. Vol.43(5), Sep 2015, pp. 623-634."
    re.compile(
        rf"(?P<journal>.+?)\.\s+Vol\.\s?(?P<volume>[^\s,(]+)?(?:{_ISSUE})?,\s*(?P<date>[^()]*?\d{{4}}),\s*"
        r"(?:pp\.|ArtID:?)\s*(?P<pages>[^,]+?)[.\s]*$"
    ),
    # Journals@Ovid: "Kite Letters January/February 2010;14(1):56"
    re.compile(
        r"(?P<journal>.+?)\s+(?P<date>(?:[A-Z][a-z]+(?:[/-][A-Z][a-z]+)?\s)?(?:\d{1,2},?\s)?\d{4});\s?"
        rf"(?P<volume>[^\s(:;]+)?(?:{_ISSUE})?:(?P<pages>[^\s;]+?)\.?$"
    ),
    # Embase: "Kite Letters. 389 (10069) (pp 123-130), 2017. Date of Publication: 2017."
    re.compile(
        r"(?P<journal>[^.]+(?:\.[^.]+?)??)\.\s(?:[^()]*\.\s)?(?P<volume>[\w-]+)(?:\s\((?P<issue>[^()]+)\))?\s"
        r"\((?:pp?\.?\s?(?P<pages>[^()]+)|no pagination)\),\s(?P<date>\d{4})"
    ),
    # MEDLINE, BIOSIS: "Kite Letters. 12(3):1-10, 2001 Jan 5."
    re.compile(
        rf"(?P<journal>.+?)\.\s*(?P<volume>\d[\w /-]*?)?\s?(?:{_ISSUE})?:"
        r"(?P<pages>[^\s,;]+),\s(?P<date>[^:]*?\d{4}[^:]*?)\.?$"
    ),
    # International Political Science Abstracts: "Kite Letters 12, Winter 2007: 7-14."
    re.compile(
        r"(?P<journal>.+?),?\s(?P<volume>\d+)(?:\((?P<issue>[^()]+)\))?(?:, (?P<date>[^:]*\d{4}))?:\s(?P<pages>\d[\w-]*)\.?$"
    ),
)
_IN_BOOK = (
    # PsycINFO: "Doe, J [Ed]; Roe, R [Ed]. (2012). Kites and care. (pp. 11-31). xvii, 254 pp. London: Nobody."
    re.compile(
        r".*\[Eds?\.?\]\.?\s*\((?P<date>\d{4})\)\.\s(?P<journal>.+?)\.\s+(?:\(pp\.\s?(?P<pages>[^)]+)\)|[xvilc]+,\s|\d+\s?pp)"
    ),
    # BIOSIS: "Doe, J. [Editor]. Kites and care.:371-397, 2004."
    re.compile(r".*\[Editor[^\]]*\]\.\s(?P<journal>.+?)\.:(?P<pages>[\w-]+),\s(?P<date>\d{4})"),
)


_UNDATED = dates.Date()


@dataclass(frozen=True, slots=True)
class _Citation:
    """What a citation (SO) says in databases that give no tags for its parts."""

    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    date: dates.Date = _UNDATED


def reference(offset: int, length: int, pairs: list[tuple[str, str]]) -> Reference | None:
    """The reference of a record's (tag, value) pairs; ``None`` if the record says nothing."""
    values = Values(pairs)
    values.take("VN")  # Ovid's own name
    types = [value.strip(" .") for tag in ("DT", "PT") for value in values.seen(tag)]
    kind = _type(types)
    source = _citation(" ".join(values.seen("SO")), kind)
    year, date, warnings = tagged.when(values, ("YR", "DP"))
    if source.date.year is not None and (
        year is None or (source.date.year == year and len(source.date.iso or "") > len(date or ""))
    ):
        year, date = source.date.year, source.date.iso
    issn, isbn = tagged.serials(values, ("IS", "IT", "IB"))
    title = values.first("TI")
    if title and (label := _LABELLED.search(title)) and label.start():
        values.leave("TI", f"[{label[1]}]")
        title = title[: label.start()]
    authors = _authors(values)
    journal = values.first("JN", "NJ", "JT") or source.journal or (values.first("BT") if kind == "chapter" else None)
    volume = values.first("VO", "VI") or source.volume
    issue = values.first("IP") or source.issue
    pages = fields.pages(values.first("PG")) or fields.pages(source.pages)
    doi = tagged.doi(values, ("DO", "DI")) or tagged.linked_doi(values, _LINKS)
    database = values.first("DB")
    accession = values.first("AN", "UI")
    if accession:
        accession = _TYPED_ACCESSION.sub("", accession.rstrip(".")) or accession
    pmid = _pmid(values) or tagged.pmid(accession, database)
    abstract = tagged.abstract(values, ("AB",))
    values_of_id = [part for value in values.take("ID") for part in re.split(r";|, (?!and )", value)]
    keywords = fields.unique(
        (*tagged.keywords(values, ("MH", "KW", "DE", "OD")), *(part.strip() for part in values_of_id if part.strip()))
    )
    language = values.first("LG", "LA")
    publisher = values.first("PB", "PU")
    urls = tagged.urls(values, _LINKS)
    notes = tuple(values.take("NT"))
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract,
        keywords=keywords, language=language.rstrip(".") if language else None, publisher=publisher, urls=urls,
        accession=accession, database=database, notes=notes, notices=tagged.notices(types), other=values.rest(),
        warnings=warnings + damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )  # fmt: skip
    return None if found == Reference(offset, length, database=database) else found


def _type(types: list[str]) -> str | None:
    """The type in the publication and document types, which may name several: a chapter of an edited book is a chapter."""
    if any(value in ("Journal Article", "Article") for value in types):
        return "article"
    kinds = {columns.kind(value) for value in types}
    return next((kind for kind in _ORDER if kind in kinds), None)


def _citation(value: str, kind: str | None) -> _Citation:
    if not value or len(value) > _LONGEST or kind == "book":
        return _Citation()
    patterns = _IN_BOOK if kind == "chapter" else _CITATIONS
    match = next((match for pattern in patterns if (match := pattern.match(value))), None)
    if match is not None:
        parts = match.groupdict()
        issue = parts.get("issue")
        return _Citation(
            parts["journal"].strip(" ."), parts.get("volume"), issue.strip() or None if issue else None, parts.get("pages"),
            dates.read(parts.get("date") or ""),
        )  # fmt: skip
    return _Citation(None if kind == "chapter" else value.split(". ")[0].strip(" .") or None)


def _authors(values: Values) -> tuple[str, ...]:
    """Full names where they are given, without the degrees, roles and signs that some databases put behind them."""
    full, brief = values.take("FA"), values.take("AU")
    found: list[str] = []
    for value in full or brief:
        for part in _parts(value):
            names, others = fields.names(_name(part))
            found += names
            values.leave("AU", others)
    return tuple(found)


def _parts(value: str) -> list[str]:
    """The names of a value, parted at semicolons that are not inside brackets ("[Author; E-mail: …]")."""
    return [part.strip() for part in _PART.findall(value) if part.strip()]


def _name(value: str) -> str:
    bare = _BRACKET.sub("", value)
    bare = _MARKS.sub("", bare)
    without = _DEGREES.sub("", bare)
    if _GIVEN.search(without.partition(",")[2]):
        bare = without  # "Doe, MD" has initials, "Doe, Jane MD" a degree
    return _STOP.sub("", bare.strip(" ,")) or value


def _pmid(values: Values) -> str | None:
    """PM: the number, in Embase with a link to PubMed behind it."""
    value = values.first("PM")
    number = re.match(r"(\d{1,8})(?=\s|$)", value) if value else None
    found = fields.pmid(number[1]) if number else None
    if found is None:
        values.leave("PM", value)
    return found
