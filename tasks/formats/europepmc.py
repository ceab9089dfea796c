"""Records of Europe PMC as its RESTful service gives them (https://europepmc.org/RestfulWebService): JSON or XML, lite or core.

Core records have an abstract, the names of authors in parts, headings, grants and links to corrections; lite ones have a line
of authors and few fields more. In both an id is unique only together with its source: MED (PubMed), PMC, PPR (preprints), AGR
(Agricola), ETH (theses), HIR (guidelines), PAT (patents) and others. XML has the same names as JSON, so it is read the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tasks.formats import dates, fields, json_records, json_values, people, tagged, xml_records
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, prose, records, text, texts, year
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, damaged, decode

NAME = "europepmc"
_LISTED = ("resultList", "result")
_ROOT, _RECORD = "responseWrapper", "result"
_SOURCES = {"ETH": "thesis", "HIR": "report", "PPR": "report", "PAT": "other"}
_TYPES = {
    "preprint": "report", "technical report": "report", "practice guideline": "article", "guideline": "article",
    "academic dissertation": "thesis", "thesis": "thesis", "dataset": "dataset", "congress": "conference",
    "meeting abstract": "conference", "book": "book", "book chapter": "chapter",
}  # fmt: skip
_RELATIONS = {  # the service's words, without white space; a partial retraction leaves the rest of a paper standing
    "retractionin": "retracted", "retractionof": "retraction-of", "retractedandrepublishedin": "retracted",
    "retractedandrepublishedfrom": "update-of", "partialretractionin": "concern", "partialretractionof": "concern-about",
    "expressionofconcernin": "concern", "expressionofconcernfor": "concern-about", "erratumin": "corrected",
    "erratumfor": "correction-of", "correctedandrepublishedin": "corrected", "correctedandrepublishedfrom": "correction-of",
    "updatein": "updated", "updateof": "update-of", "preprintof": "preprint-of",
}  # fmt: skip
_PREFIXES = {"MED": "pmid:", "PMC": "", "PPR": ""}  # PMC and PPR stand before the number already


def first(text: Text) -> int | None:
    """The first line where the document is a page of results or one record."""
    start = next((number for number, line in enumerate(text.lines) if line.strip()), None)
    if start is None:
        return None
    if xml_records.root(text) == _ROOT:
        return start if b"<hitCount>" in text.data[:4096] or b"<result>" in text.data[:65_536] else None
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    listed = isinstance(document.get("hitCount"), int) and isinstance(member(document, *_LISTED), list)
    return start if listed or _is_record(document.get("result")) or _is_record(document) else None


def _is_record(value: object) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("id"), str) and isinstance(value.get("source"), str)
        and any(name in value for name in ("pubYear", "authorString", "firstIndexDate", "journalInfo"))
    )  # fmt: skip


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page, or the one record that a file holds."""
    if any(line.lstrip().startswith("<") for line in text.lines[:5]):
        parsed = xml_records.parse(NAME, text.data, (_RECORD,), _element)
        if parsed.starts or xml_records.root(text) == _ROOT:
            return parsed
        whole = Rejected(0, len(text.data), 1, "XML, but not of Europe PMC", text.data)
        return Parsed(NAME, parsed.encoding, 1, (), (whole,))
    return json_values.parse(NAME, text, _place(text), _reference)


def _place(text: Text) -> tuple[str, ...]:
    """Where the records are: in a list of results, alone under ``result``, or the document is the record."""
    document = json_records.document(text)
    if isinstance(document, dict) and _is_record(document.get("result")):
        return ("result",)
    return place(text, _LISTED)


def _element(element: Element, offset: int, length: int) -> Reference | str:
    return _reference(_as_record(element), offset, length)


def _as_record(element: Element) -> Record:
    """An element as the object that JSON has in its place: leaves are text, children of one name a list."""
    found: Record = {}
    for child in element:
        value: object = _as_record(child) if len(child) else child.text or ""
        known = found.get(child.tag)
        if known is None:
            found[child.tag] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            found[child.tag] = [known, value]
    return found


def _reference(record: Record, offset: int, length: int) -> Reference | str:
    source, number = text(record.get("source")), text(record.get("id"))
    title = prose(record.get("title")) or prose(member(record, "bookOrReportDetails", "comprisingTitle"))
    if not (number and source) and title is None:
        return "no record of Europe PMC: it has neither an id nor a title"
    info, book = _one(record.get("journalInfo")), _one(record.get("bookOrReportDetails"))
    journal = _one(info.get("journal"))
    authors, groups = _authors(record)
    abstract = fields.abstract([prose(record.get("abstractText")) or ""])[0]
    types = [*_listed(record, "pubTypeList", "pubType"), *_apart(record.get("pubType"))]
    published = year(record.get("pubYear")) or year(info.get("yearOfPublication")) or year(book.get("yearOfPublication"))
    serials = [text(journal.get(name)) for name in ("issn", "ISSN", "essn", "ESSN")] + _apart(record.get("journalIssn"))
    headings = [text(one.get("descriptorName")) for one in records(member(record, "meshHeadingList", "meshHeading"))]
    return Reference(
        offset=offset, length=length, type=_type(source or "", types, bool(book), bool(journal or record.get("journalTitle"))),
        title=title, authors=authors, year=published, date=_date(record, info, published),
        journal=prose(journal.get("title")) or prose(record.get("journalTitle")) or prose(journal.get("ISOAbbreviation")),
        volume=text(info.get("volume")) or text(record.get("journalVolume")),
        issue=text(info.get("issue")) or text(record.get("issue")),
        pages=fields.pages(text(record.get("pageInfo"))), doi=fields.doi(text(record.get("doi"))),
        pmid=fields.pmid(text(record.get("pmid")) or (number if source == "MED" else None)),
        issn=fields.unique(one for value in serials if value for one in fields.serials(value)[0]),
        isbn=fields.unique(
            one for name in ("isbn10", "isbn13") if (value := text(book.get(name))) for one in fields.serials(value)[1]
        ),
        abstract=abstract,
        keywords=fields.unique([*(one for one in headings if one), *_listed(record, "keywordList", "keyword")]),
        language=text(record.get("language")), publisher=text(book.get("publisher")),
        urls=fields.unique(
            link for one in records(member(record, "fullTextUrlList", "fullTextUrl"))
            if (value := text(one.get("url"))) for link in fields.urls(value)[0]
        ),
        accession=f"{source}:{number}" if source and number else number, database="Europe PMC",
        notices=_notices(record, types),
        other=tuple(dict.fromkeys((name, value) for name, value in _other(record, types, groups, book) if value)),
        warnings=damaged((("title", title), ("authors", authors), ("abstract", abstract))),
    )  # fmt: skip


def _one(value: object) -> Record:
    return next(iter(records(value)), {})


def _listed(record: Record, *path: str) -> list[str]:
    return texts(member(record, *path))


def _apart(value: object) -> list[str]:
    """The values of a lite record's line, which semicolons part."""
    found = text(value)
    return [one.strip() for one in found.split(";") if one.strip()] if found else []


def _authors(record: Record) -> tuple[tuple[str, ...], list[str]]:
    """The authors, groups in their places, and their affiliations; of a lite record the names in its line."""
    named: list[str] = []
    affiliations: list[str] = []
    for author in records(member(record, "authorList", "author")):
        family, given = text(author.get("lastName")), text(author.get("firstName")) or text(author.get("initials"))
        own = f"{family}, {given}" if family and given else family
        name = own or text(author.get("collectiveName")) or text(author.get("fullName"))
        named += [name] if name else []
        details = records(member(author, "authorAffiliationDetailsList", "authorAffiliation"))
        affiliations += [one for detail in details if (one := text(detail.get("affiliation")))]
        affiliations += texts(author.get("affiliation"))
    if named:
        return tuple(named), affiliations
    line = text(record.get("authorString"))
    return people.names(line.removesuffix("."))[0] if line else (), affiliations


def _type(source: str, types: list[str], book: bool, journal: bool) -> str | None:
    if source in _SOURCES:
        return _SOURCES[source]
    told = next((_TYPES[one.lower()] for one in types if one.lower() in _TYPES), None)
    return told or ("book" if book and not journal else "article" if journal or types else None)


def _date(record: Record, info: Record, published: int | None) -> str | None:
    """The date of publication, if it is of the year that the record gives; journals are online a year before at times."""
    given = [
        text(info.get("dateOfPublication")),
        text(info.get("printPublicationDate")),
        text(record.get("firstPublicationDate")),
    ]
    read = [dates.read(one) for one in given if one]
    if published is None:
        return next((one.iso for one in read if one.iso), None)
    return next((one.iso for one in read if one.iso and one.year == published), str(published))


def _notices(record: Record, types: list[str]) -> tuple[str, ...]:
    """Retractions, corrections, updates; publication types tell them too, without the other paper."""
    named = []
    for one in records(member(record, "commentCorrectionList", "commentCorrection")):
        kind = _RELATIONS.get("".join((text(one.get("type")) or "").lower().split()))
        if kind:
            number, source = text(one.get("id")), text(one.get("source")) or "MED"
            other = f"{_PREFIXES.get(source, f'{source}:')}{number}" if number else None
            named.append((kind, f"{kind}: {other}" if other else kind))
    kinds = {kind for kind, _ in named}
    return fields.unique([*(one for _, one in named), *(one for one in tagged.notices(types) if one not in kinds)])


def _other(record: Record, types: list[str], affiliations: list[str], book: Record) -> Iterator[tuple[str, str | None]]:
    yield "pmcid", text(record.get("pmcid"))
    yield from (("pubType", one) for one in types)
    yield from (("affiliation", one) for one in affiliations)
    for grant in records(member(record, "grantsList", "grant")):
        yield "grant", " ".join(part for part in (text(grant.get("agency")), text(grant.get("grantId"))) if part) or None
    for one in records(member(record, "commentCorrectionList", "commentCorrection")):
        said = (text(one.get("reference")), text(one.get("id")), text(one.get("note")))
        yield text(one.get("type")) or "commentCorrection", "; ".join(part for part in said if part) or None
    yield from (("chemical", text(one.get("name"))) for one in records(member(record, "chemicalList", "chemical")))
    yield "version", text(record.get("versionNumber"))
    yield "edition", text(book.get("edition"))
    if fields.doi(text(record.get("doi"))) is None:
        yield "doi", text(record.get("doi"))
