"""The tagged values of one RIS record to a reference. What no field takes stays in ``other``: nothing is dropped unread."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.formats import dates, fields
from tasks.formats import ris_tags as tags
from tasks.formats.reference import Reference
from tasks.formats.text import REPLACEMENT, clean, damaged

_ISSUE = re.compile(r"\d[\w./-]{0,7}")
_SCOPUS_ID = re.compile(r"[?&]eid=(2-s2\.0-\d+)")
_NOTE_ACCESSION = re.compile(r"Accession Number: ([\w-]+(?:[.:]\w+)*)")
_PMID_NOTE = re.compile(r"\d{1,8} ?\[pmid\]", re.IGNORECASE)
_KEYWORDS = re.compile(r";\s+|;$")


class _Values:
    """The values of a record by tag; a field takes what it understands, the rest is left for ``other``."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._by_tag: dict[str, list[str]] = {}
        self.other: list[tuple[str, str]] = []
        self.damaged = False
        by_tag = self._by_tag
        for tag, raw in pairs:
            value = clean(raw)
            if value is not None:
                if REPLACEMENT in value:
                    self.damaged = True
                if tag in by_tag:
                    by_tag[tag].append(value)
                else:
                    by_tag[tag] = [value]

    def __bool__(self) -> bool:
        return bool(self._by_tag)

    def seen(self, tag: str) -> list[str]:
        return self._by_tag.get(tag, [])

    def take(self, tag: str) -> list[str]:
        return self._by_tag.pop(tag, [])

    def leave(self, tag: str, value: str | None) -> None:
        if value:
            self.other.append((tag, value))

    def first(self, *names: str) -> str | None:
        """The first value of the first of these tags; different values of the same tags are left."""
        found: str | None = None
        for tag in names:
            if tag not in self._by_tag:
                continue
            for value in self._by_tag.pop(tag):
                if found is None:
                    found = value
                elif value != found:
                    self.leave(tag, value)
        return found

    def rest(self) -> tuple[tuple[str, str], ...]:
        """All that no field took; tags that no field ever takes come last."""
        left = [(tag, value) for tag, values in self._by_tag.items() for value in values]
        return (*self.other, *sorted(left, key=lambda pair: pair[0] in tags.FREE))


def reference(offset: int, length: int, pairs: Iterable[tuple[str, str]]) -> Reference | None:
    """The reference of a record's (tag, value) pairs; ``None`` if the record says nothing but its type."""
    values = _Values(pairs)
    kind = _type(values)
    if not values:
        return None
    year, date, warnings = _dates(values)
    doi = _doi(values)
    issn, isbn = _serials(values)
    title, journal = values.first(*tags.TITLE), values.first(*tags.JOURNAL)
    authors = _authors(values)
    pages = _pages(values)
    single = {field: values.first(*names) for field, names in tags.SINGLE.items()}
    issue = single["issue"]
    if issue is None and kind == "article" and len(values.seen("M1")) == 1 and _ISSUE.fullmatch(values.seen("M1")[0]):
        issue = values.first("M1")  # EndNote's number field
    abstract = _abstract(values)
    pmid, accession = _ids(values, single["database"])
    keywords = _keywords(values)
    urls = _urls(values)
    notes = tuple(values.take("N1"))
    _own(values)
    if values.damaged:
        named = (("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract), ("keywords", keywords))
        warnings += damaged((*named, ("publisher", single["publisher"]), ("notes", notes)))
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=year, date=date, journal=journal,
        volume=single["volume"], issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract,
        keywords=keywords, language=single["language"], publisher=single["publisher"], urls=urls, accession=accession,
        database=single["database"], notes=notes, other=values.rest(), warnings=warnings,
    )  # fmt: skip
    types = tuple((tag, value) for tag, value in found.other if tag == "TY")
    return None if found == Reference(offset, length, type=kind, other=types) else found


def _type(values: _Values) -> str | None:
    """The type; a code that `ris.write` would not write for it is left, so that a newspaper stays one."""
    kind: str | None = None
    for code in values.take("TY"):
        if kind is None:
            kind = tags.TYPES.get(code.upper(), "other")
            if tags.WRITTEN[kind] == code:
                continue
        values.leave("TY", code)
    return kind


def _dates(values: _Values) -> tuple[int | None, str | None, tuple[str, ...]]:
    """Year and date out of PY, Y1, YR and DA, which often say the same; what contradicts or says more is left."""
    said = [(tag, value) for tag in tags.DATES for value in values.take(tag)]
    year = next((date.year for _, value in said if (date := dates.read(value)).year is not None), None)
    read = [(tag, value, dates.read(value, year)) for tag, value in said]
    best = dates.best([date for _, _, date in read])
    warnings: list[str] = []
    for tag, value, date in read:
        if date.year != year or date.rest or not (best.iso or "").startswith(date.iso or ""):
            values.leave(tag, value)
        if date.year is not None and date.year != year:
            warnings.append(f"{tag} says {date.year}, the year taken is {year}")
    return best.year, best.iso, tuple(warnings)


def _doi(values: _Values) -> str | None:
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
        found = next((fields.doi(value) for value in values.seen("N1") if fields.is_doi(value)), None)
    for value in [value for tag in tags.LINKS for value in values.seen(tag) if found is None]:
        found = found or next((fields.doi(link) for link in fields.urls(value)[0] if fields.is_doi(link)), None)
    return found


def _serials(values: _Values) -> tuple[tuple[str, ...], tuple[str, ...]]:
    issn: list[str] = []
    isbn: list[str] = []
    for value in values.take("SN"):
        found = fields.serials(value)
        issn += found[0]
        isbn += found[1]
        if not any(found):
            values.leave("SN", value)
    return fields.unique(issn), fields.unique(isbn)


def _authors(values: _Values) -> tuple[str, ...]:
    """AU and A1; when a record has both, names that both give count once, but two Wang, Y. of one tag are two people."""
    found: list[str] = []
    for tag in tags.AUTHORS:
        before = frozenset(found)
        for value in values.take(tag):
            names, others = fields.names(value)
            found += [name for name in names if name not in before]
            values.leave(tag, others)
    return tuple(found)


def _pages(values: _Values) -> str | None:
    start, end = values.first("SP"), values.first("EP")
    found = fields.pages(start, end)
    return found if found else fields.pages(values.first("C7"))  # C7: Scopus and Web of Science put article numbers there


def _abstract(values: _Values) -> str | None:
    for tag in ("AB", "N2"):
        found, tails = fields.abstract(values.take(tag))
        for tail in tails:
            values.leave(tag, tail)
        if found is not None:
            if tag == "AB" and found in values.seen("N2"):
                values.take("N2")
            return found
    return None


def _ids(values: _Values, database: str | None) -> tuple[str | None, str | None]:
    """PubMed id and accession; the accession is the database's own number rather than a reference manager's."""
    pmid = fields.pmid(values.first("PMID"))
    if pmid is None:
        pmid = next((fields.pmid(value) for value in values.seen("U1") if _PMID_NOTE.fullmatch(value)), None)
    if pmid is None and database == "Scopus":
        pmid = fields.pmid(values.first("C2"))
    accession = values.first("AN")
    if pmid is None and accession and (accession.startswith("MEDLINE:") or re.search("medline|pubmed", database or "", re.I)):
        pmid = fields.pmid(accession)
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


def _keywords(values: _Values) -> tuple[str, ...]:
    found: list[str] = []
    for value in values.take("KW") + values.take("K1"):
        found += [word.strip() for word in _KEYWORDS.split(value)] if ";" in value else [value]
    return fields.unique(word for word in found if word)


def _urls(values: _Values) -> tuple[str, ...]:
    found: list[str] = []
    for tag in tags.LINKS:
        for value in values.take(tag):
            links, rest = fields.urls(value)
            found += links
            values.leave(tag, rest)
    return fields.unique(found)


def _own(values: _Values) -> None:
    """Read back what `ris.write` kept under its own tag: values that came from a format with other names for them."""
    for value in values.take(tags.OWN):
        prefix, _, rest = value.partition("|")
        name, bar, kept = rest.partition("|")
        if prefix == tags.OWN_PREFIX and bar and name and kept:
            values.leave(name, kept)
        else:
            values.leave(tags.OWN, value)
