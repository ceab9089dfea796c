"""MEDLINE tagged records (.nbib) as PubMed and ERIC write them: tags padded to four characters, continuations indented by six.

PubMed: https://www.nlm.nih.gov/bsd/mms/medlineelements.html. ERIC uses the same layout with its own ``OID`` and ``SO``.
Records are parted by blank lines; a ``PMID`` in a record that already has one starts another.
"""

from __future__ import annotations

import re

from tasks.formats import columns, dates, fields, tagged
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, clean, damaged, decode, outside

NAME = "medline"
_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)", re.DOTALL)
_SURE = re.compile(r"(?:PMID- ?\d|(?:OWN|OID) - |FAU - )")
_TITLED = re.compile(r"TI  - ")
_NOT_MEDLINE = re.compile(r"ER  ?-\s*$|VN  - Ovid")  # RIS without TY; Ovid's tags look alike and mean other things
_VOLUME = re.compile(r"\bv(\w+)"), re.compile(r"\bn(\w+)"), re.compile(r"\bp(\w+(?:-\w+)?)")
_RELATIONS = {  # as in PubMed's XML; a partial retraction leaves the rest of a paper standing
    "RIN": "retracted", "ROF": "retraction-of", "RPI": "retracted", "RPF": "update-of", "PRIN": "concern",
    "PROF": "concern-about", "ECI": "concern", "ECF": "concern-about", "EIN": "corrected", "EFR": "correction-of",
    "CRI": "corrected", "CRF": "correction-of", "UIN": "updated", "UOF": "update-of",
}  # fmt: skip
_OTHER_PMID = re.compile(r"\bPMID: ?(\d{1,8})\b")
_NUMBER = re.compile(r"([A-Za-z]{0,6}\d{1,8}) \[pii\]")  # an article number
_ERIC_SERIAL = re.compile(r"(?:E?ISSN|ISBN)-")


def first(text: Text) -> int | None:
    """The 0-based line of the first MEDLINE tag; a title tag is one only in a file that is neither RIS nor Ovid's."""
    titled: int | None = None
    for number, line in enumerate(text.lines):
        if _SURE.match(line):
            return number if titled is None else titled
        if titled is None and _TITLED.match(line):
            titled = number
    return None if titled is None or any(_NOT_MEDLINE.match(line) for line in text.lines) else titled


def parse(data: bytes) -> Parsed:
    """Read a MEDLINE or ERIC .nbib file."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Read the MEDLINE records of a decoded file."""
    blocks, strays = _blocks(text)
    references: list[Reference] = []
    rejected: list[Rejected] = []
    for start, end, pairs in blocks:
        offset, length = text.span(start, end)
        reference = _reference(offset, length, pairs)
        if reference is not None:
            references.append(reference)
        else:
            data = text.data[offset : offset + length]
            rejected.append(Rejected(offset, length, start + 1, "the record has tags but no text in any of them", data))
    return Parsed(
        format=NAME, encoding=text.encoding, starts=len(blocks), references=tuple(references), rejected=tuple(rejected),
        warnings=(*text.warnings, *outside(strays, "text that belongs to no field of a record")),
    )  # fmt: skip


_Block = tuple[int, int, list[tuple[str, str]]]


def _blocks(text: Text) -> tuple[list[_Block], list[tuple[int, str]]]:
    """First line, last line and (tag, value) pairs of each record, and the lines that belong to none."""
    blocks: list[_Block] = []
    strays: list[tuple[int, str]] = []
    blank = True
    for number, line in enumerate(text.lines):
        if not line.strip():
            blank = True
            continue
        match = _TAG.match(line)
        if match:
            tag, value = match.groups()
            again = tag == "PMID" and blocks and any(name == "PMID" for name, _ in blocks[-1][2])
            if blank or again or not blocks:
                blocks.append((number, number, []))
            start, _, pairs = blocks[-1]
            pairs.append((tag, value))
            blocks[-1] = (start, number, pairs)
        elif blocks and (line[:1].isspace() or not blank):
            start, _, pairs = blocks[-1]
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line}")
            blocks[-1] = (start, number, pairs)
        else:
            strays.append((number, line))
            continue
        blank = False
    return blocks, strays


def _reference(offset: int, length: int, pairs: list[tuple[str, str]]) -> Reference | None:
    values: dict[str, list[str]] = {}
    for tag, raw in pairs:
        value = clean(raw)
        if value is not None:
            values.setdefault(tag, []).append(value)
    if not values:
        return None
    eric = "ERIC" in values.get("OWN", ())
    other: list[tuple[str, str]] = []

    def take(tag: str) -> str | None:
        """The first value of a tag; more of them are left."""
        found = values.pop(tag, [])
        other.extend((tag, value) for value in found[1:])
        return found[0] if found else None

    title = take("TI") or take("BTI")
    abstract, tails = fields.abstract(values.pop("AB", []))
    other += [("AB", tail) for tail in tails]
    authors = _authors(values)
    issn, isbn = _serials(values, other)
    date = dates.read(values.get("DP", [""])[0])
    if date.year is None or date.rest:
        other += [("DP", value) for value in values.get("DP", [])]
    values.pop("DP", None)
    doi, urls = _identifiers(values, other)
    accession = take("OID") if eric else None
    pmid = fields.pmid(take("PMID"))
    types = values.pop("PT", [])
    kind = _type(types, accession if eric else None)
    other += [("PT", value) for value in types]
    volume, issue, pages = take("VI"), take("IP"), fields.pages(take("PG"))
    if pages is None:
        pages = next((match[1] for tag, value in other if tag == "LID" and (match := _NUMBER.fullmatch(value))), None)
    if eric:
        where = values.get("SO", [""])[0]
        told = [match[1] if (match := pattern.search(where)) else None for pattern in _VOLUME]
        volume, issue, pages = volume or told[0], issue or told[1], pages or fields.pages(told[2])
    container = take("JT")
    publisher = take("PB")
    if eric and kind != "article" and publisher is None:
        container, publisher = None, container  # ERIC gives the institution of a report where a journal would be
    journal = container or take("TA") or take("BTI") or take("CTI")
    keywords = fields.unique(value for tag in ("MH", "OT") for value in values.pop(tag, []))
    database = take("OWN") if eric else None
    notes = tuple(values.pop("GN", []))
    language = take("LA")
    notices = _notices(values, types)
    other += [(tag, value) for tag, rest in values.items() for value in rest]
    found = Reference(
        offset=offset, length=length, type=kind, title=title, authors=authors, year=date.year, date=date.iso, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract, keywords=keywords,
        language=language, publisher=publisher, urls=urls, accession=accession or pmid, database=database, notes=notes,
        notices=notices,
        other=tuple(other),
        warnings=damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )  # fmt: skip
    return None if found == Reference(offset, length) else found


def _authors(values: dict[str, list[str]]) -> tuple[str, ...]:
    """Full names where PubMed gives them, else the short ones, which tell family and given name apart by position only."""
    full, short = values.pop("FAU", []), values.pop("AU", [])
    return tuple(name for value in (full or short) for name in fields.names(value)[0]) + tuple(values.pop("CN", []))


def _notices(values: dict[str, list[str]], types: list[str]) -> tuple[str, ...]:
    """Retractions, corrections and updates, with the DOI or else the PubMed number of the other paper.

    A preprint that was "updated in" an article is that article's preprint. Publication types count where no relation does.
    """
    preprint = "preprint" in (one.lower() for one in types)
    named: list[tuple[str, str]] = []
    for tag, relation in _RELATIONS.items():
        kind = "preprint-of" if preprint and tag == "UIN" else relation
        for value in values.get(tag, []):
            number = _OTHER_PMID.search(value)
            other = fields.doi(value) or (f"pmid:{number[1]}" if number else None)
            named.append((kind, f"{kind}: {other}" if other else kind))
    kinds = {kind for kind, _ in named}
    return fields.unique([*(one for _, one in named), *(one for one in tagged.notices(types) if one not in kinds)])


def _serials(values: dict[str, list[str]], other: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    issn: list[str] = []
    isbn: list[str] = []
    for tag in ("IS", "ISSN", "ISBN"):
        for value in values.pop(tag, []):
            found = fields.serials(_ERIC_SERIAL.sub("", value))
            issn += found[0]
            isbn += found[1]
            if not any(found):
                other.append((tag, value))
    return fields.unique(issn), fields.unique(isbn)


def _identifiers(values: dict[str, list[str]], other: list[tuple[str, str]]) -> tuple[str | None, tuple[str, ...]]:
    """The DOI and the links out of LID and AID; publishers' own item numbers (``[pii]``) are left."""
    doi: str | None = None
    links: list[str] = []
    for tag in ("LID", "AID"):
        for value in values.pop(tag, []):
            found = fields.doi(value) if value.endswith("[doi]") or fields.is_doi(value) else None
            doi = doi or found
            some, rest = fields.urls(value)
            links += some
            if found != doi or found is None:
                other += [(tag, rest)] if rest else []
    return doi, fields.unique(links)


def _type(types: list[str], accession: str | None) -> str | None:
    """The type; ERIC numbers journal articles EJ… and all other documents ED…."""
    if accession and accession.startswith("EJ"):
        return "article"
    kinds = {columns.kind(value) for value in types}
    order = ("chapter", "thesis", "book", "dataset", "report", "article", "conference", "other")
    if any(value in ("Journal Article", "Journal Articles") for value in types):
        return "article"
    return next((kind for kind in order if kind in kinds), None)
