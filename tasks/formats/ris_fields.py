"""The tagged values of one RIS record to a reference. What no field takes stays in ``other``: nothing is dropped unread."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.formats import fields, tagged
from tasks.formats import ris_tags as tags
from tasks.formats.reference import NOTICES, Reference
from tasks.formats.tagged import Values
from tasks.formats.text import damaged

_ISSUE = re.compile(r"\d[\w./-]{0,7}")
_SCOPUS_ID = re.compile(r"[?&]eid=(2-s2\.0-\d+)")
_NOTE_ACCESSION = re.compile(r"Accession Number: ([\w-]+(?:[.:]\w+)*)")
_PMID_NOTE = re.compile(r"\d{1,8} ?\[pmid\]", re.IGNORECASE)
_OF_PUBMED = re.compile(r"medline|pubmed|\bNLM\b", re.IGNORECASE)
COUNTED = ("book", "thesis", "report")  # of these, a single number of pages is how many there are
COUNT = re.compile(r"\d+(?: ?p(?:p|ages?)?\.?)?|[ivxlc]+, \d+ ?p\.?", re.IGNORECASE)  # "150", "xii, 146 p."
_NOTED = re.compile(r"\s*[;|]\s*")  # between parts of a note
_NUMBER = re.compile(r"(?!NCT|ISRCTN|EUCTR)(?=.*\d)\S{1,24}", re.IGNORECASE)  # an article number, not that of a trial
_PMID_ALONE = re.compile(r"PMID: ?(\d{1,8})\.?")  # EBSCO, of CINAHL
_KEYWORDS = re.compile(r";\s+|;$")


def reference(offset: int, length: int, pairs: Iterable[tuple[str, str]]) -> Reference | None:
    """The reference of a record's (tag, value) pairs; ``None`` if the record says nothing but its type."""
    values = Values(pairs)
    kind = _type(values)
    if not values:
        return None
    types = [part for value in values.seen("M3") for part in value.split(";")]
    year, date, warnings = tagged.when(values, tags.DATES)
    doi = _doi(values)
    issn, isbn = tagged.serials(values, ("SN",))
    title, journal = values.first(*tags.TITLE), values.first(*tags.JOURNAL)
    authors = _authors(values)
    pages = _pages(values, kind)
    single = {field: values.first(*names) for field, names in tags.SINGLE.items()}
    issue = single["issue"]
    if issue is None and kind == "article" and len(values.seen("M1")) == 1 and _ISSUE.fullmatch(values.seen("M1")[0]):
        issue = values.first("M1")  # EndNote's number field
    abstract = _abstract(values)
    pmid, accession = _ids(values, single["database"])
    keywords = _keywords(values)
    urls = tagged.urls(values, tags.LINKS)
    notes = tuple(values.take("N1"))
    notices = fields.unique((*_own(values), *tagged.notices(types)))
    if values.damaged:
        named = (("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract), ("keywords", keywords))
        warnings += damaged((*named, ("publisher", single["publisher"]), ("notes", notes)))
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=single["volume"], issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract,
        keywords=keywords, language=single["language"], publisher=single["publisher"], urls=urls, accession=accession,
        database=single["database"], notes=notes, notices=notices, other=values.rest(), warnings=warnings,
    )  # fmt: skip
    bare = tuple((tag, value) for tag, value in found.other if tag == "TY")
    return None if found == Reference(offset, length, type=kind, other=bare) else found


def _type(values: Values) -> str | None:
    """The type; a code that `ris.write` would not write for it is left, so that a newspaper stays one."""
    kind: str | None = None
    for code in values.take("TY"):
        if kind is None:
            kind = tags.TYPES.get(code.upper(), "other")
            if tags.WRITTEN[kind] == code:
                continue
        values.leave("TY", code)
    return kind


def _doi(values: Values) -> str | None:
    """The DOI from DO, else from the tags where EBSCO (L3), PsycNET (M3) and EndNote (N1) put it, else from a doi.org link."""
    found: str | None = None
    for tag in ("DO", "DI"):
        for value in values.take(tag):
            doi = fields.doi(value)
            found = found or doi
            if doi is None or doi != found:
                values.leave(tag, value)
    for tag in ("M3", "L3"):
        for value in values.take(tag):
            doi = fields.doi(value) if fields.is_doi(value) else None
            found = found or doi
            if doi is None or doi != found:
                values.leave(tag, value)
    if found is None:
        parts = (part for value in values.seen("N1") for part in _NOTED.split(value))
        said = (part for part in (*parts, *values.seen("AN"), *values.seen("ID")) if fields.is_doi(part))
        found = next((fields.doi(part) for part in said), None)
    return found or tagged.linked_doi(values, tags.LINKS)


def _authors(values: Values) -> tuple[str, ...]:
    """AU and A1; when a record has both, names that both give count once, but two Wang, Y. of one tag are two people."""
    found: list[str] = []
    for tag in tags.AUTHORS:
        before = frozenset(found)
        for value in values.take(tag):
            names, others = fields.names(value)
            found += [name for name in names if name not in before]
            values.leave(tag, others)
    return tuple(found)


def _pages(values: Values, kind: str | None) -> str | None:
    start, end = values.first("SP"), values.first("EP")
    if kind in COUNTED and start and end is None and COUNT.fullmatch(start):
        values.leave("SP", start)
        start = end = None
    found = fields.pages(start, end)
    if found is None and all(map(_NUMBER.fullmatch, values.seen("C7"))):
        found = fields.pages(values.first("C7"))  # Scopus and Web of Science put article numbers there
    return found


def _abstract(values: Values) -> str | None:
    for tag in ("AB", "N2"):
        found, tails = fields.abstract(values.take(tag))
        for tail in tails:
            values.leave(tag, tail)
        if found is not None:
            for again in values.take("N2"):  # ProQuest and EBSCO give the same under both tags
                values.leave("N2", again if again != found else None)
            return found
    return None


def _ids(values: Values, database: str | None) -> tuple[str | None, str | None]:
    """PubMed id and accession; the accession is the database's own number rather than a reference manager's."""
    pmid = _pmid(values, "PMID")
    if pmid is None:
        pmid = next((fields.pmid(value) for value in values.seen("U1") if _PMID_NOTE.fullmatch(value)), None)
    if pmid is None and database in ("Scopus", "Embase"):
        pmid = _pmid(values, "C2" if database == "Scopus" else "C5")
    accession = values.first("AN")
    if accession is None and database == "Embase":
        accession = values.first("U2")
    sources = " ".join((database or "", *values.seen("DP")))
    if pmid is None and accession and (accession.startswith(("MEDLINE:", "PMID:")) or _OF_PUBMED.search(sources)):
        pmid = fields.pmid(accession)
    if pmid is None:
        pmid = next((fields.pmid(match[1]) for value in values.seen("U2") if (match := _PMID_ALONE.fullmatch(value))), None)
    plain = [value for value in values.take("U1") if not (pmid and fields.pmid(value) == pmid and _PMID_NOTE.fullmatch(value))]
    if accession is None and tags.EPPI_KEYWORD in values.seen("KW") and plain:
        accession = plain.pop(0)
    for value in plain:
        values.leave("U1", value)
    if accession is None:
        places = ((_NOTE_ACCESSION, "N1"), (_SCOPUS_ID, "UR"))
        found = (pattern.search(value) for pattern, tag in places for value in values.seen(tag))
        accession = next((match[1] for match in found if match), None)
    return pmid, accession or values.first("ID")


def _pmid(values: Values, tag: str) -> str | None:
    """The PubMed number in a tag; what is none, or another, is left."""
    found: str | None = None
    for value in values.take(tag):
        number = fields.pmid(value)
        found = found or number
        if number is None or number != found:
            values.leave(tag, value)
    return found


def _keywords(values: Values) -> tuple[str, ...]:
    found: list[str] = []
    for value in values.take("KW") + values.take("K1"):
        found += [word.strip() for word in _KEYWORDS.split(value)] if ";" in value else [value]
    return fields.unique(word for word in found if word)


def _own(values: Values) -> list[str]:
    """Read back what `ris.write` kept under its own tag: notices, and values of formats with other names for them."""
    notices: list[str] = []
    for value in values.take(tags.OWN):
        prefix, _, rest = value.partition("|")
        name, bar, kept = rest.partition("|")
        if prefix == tags.NOTICE_PREFIX and rest.split(":")[0] in NOTICES:
            notices.append(rest)
        elif prefix == tags.OWN_PREFIX and bar and name and kept:
            values.leave(name, kept)
        else:
            values.leave(tags.OWN, value)
    return notices
