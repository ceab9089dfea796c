"""Records of ERIC, the database of education research, as its API gives them in JSON: a page, or one record.

Seen in recorded pages: text is escaped as if for XML, at times twice; ISSNs and ISBNs have the kind of number before them;
"And Others" stands among the authors. From programs in use: volume, issue and pages stand together in ``sourceid``
("v20 n1 p51-57 Jan 2012"), and a DOI stands only in the link to the publisher (``url``). The numbers of journal articles begin
with EJ, of all other documents with ED; what stands as the source of those is who issued them.
"""

from __future__ import annotations

import re

from tasks.formats import columns, dates, fields, json_records, json_values
from tasks.formats.dates import Date
from tasks.formats.json_records import Record
from tasks.formats.json_values import member, place, text, texts, year
from tasks.formats.markup import plain
from tasks.formats.reference import Parsed, Reference
from tasks.formats.text import Text, damaged, decode

NAME = "eric"
ADDRESS = "https://eric.ed.gov/?id="
_LISTED = ("response", "docs")
_NUMBER = re.compile(r"E[DJ]\d{5,8}")
_OWN = frozenset({"publicationdateyear", "publicationtype", "peerreviewed", "subject", "description", "author"})
_KIND_OF_NUMBER = re.compile(r"(?:E?ISSN|E?ISBN)-", re.IGNORECASE)
_ROLE = re.compile(r", (?:Ed|Comp)s?\.$")  # editors and compilers stand among the authors
_WHERE = {  # within "v20 n1 p51-57 Jan 2012" and "v8 spec iss 1 p49-68 2007"
    "volume": re.compile(r"\bv(\d[\w/-]*)"), "issue": re.compile(r"\bn(\d[\w/-]*)"),
    "pages": re.compile(r"\bp((?=\w*\d|[ivxl]+-)\w+(?:-\w+)?)"),
}  # fmt: skip
_WITHIN = ("article", "chapter", "conference")  # types whose source is what they appeared in
_OTHER = (
    "sourceid", "peerreviewed", "institution", "sponsor", "educationlevel", "audience", "identifiersgeo", "identifierslaw",
    "identifierstest", "abstractor", "pagecount", "e_fulltextauth", "e_yearadded", "e_datemodified", "iesfunded",
    "iesgrantcontractnum", "ieswwcreviewed",
)  # fmt: skip


def first(text: Text) -> int | None:
    """0 where the document is a page of ERIC or one record of it."""
    document = json_records.document(text)
    if not isinstance(document, dict):
        return None
    if _is_record(document):
        return 0
    docs = member(document, *_LISTED)
    if (
        set(document) != {"response"}
        or not isinstance(docs, list)
        or not isinstance(member(document, "response", "numFound"), int)
    ):
        return None
    return 0 if not docs or (isinstance(docs[0], dict) and _is_record(docs[0])) else None


def parse(data: bytes) -> Parsed:
    """Parse the bytes of a page."""
    return parse_text(decode(data))


def parse_text(text: Text) -> Parsed:
    """Parse a page."""
    return json_values.parse(NAME, text, place(text, _LISTED), _reference)


def _is_record(record: Record) -> bool:
    number = record.get("id")
    return isinstance(number, str) and bool(_NUMBER.fullmatch(number)) and not _OWN.isdisjoint(record)


def _reference(record: Record, offset: int, length: int) -> Reference | str:
    number, title = text(record.get("id")), _prose(record.get("title"))
    if number is None and title is None:
        return "no record of ERIC: it has neither id nor title"
    types = [value for one in texts(record.get("publicationtype")) if (value := _prose(one))]
    kind = (
        "article" if "Journal Articles" in types or (number or "").startswith("EJ") else columns.kind("; ".join(types) or None)
    )
    authors, others = _authors(record)
    published = year(record.get("publicationdateyear"))
    where = text(record.get("sourceid")) or ""
    told = {name: match[1] for name, pattern in _WHERE.items() if (match := pattern.search(where))}
    date = _date(published, text(record.get("publicationdate")), where)
    issued, publisher = _prose(record.get("source")), _prose(record.get("publisher"))
    journal = issued if kind in _WITHIN else None
    issuer = publisher or (None if journal else issued)
    abstract = fields.abstract([_prose(record.get("description")) or ""])[0]
    numbers = [_KIND_OF_NUMBER.sub("", value) for name in ("issn", "isbn") for value in texts(record.get(name))]
    link = text(record.get("url")) or ""
    languages = texts(record.get("language"))
    other = [("publicationtype", value) for value in types]
    other += [("author", value) for value in others]
    other += [("source", issued)] if issued and issued not in (journal, issuer) else []
    other += [("language", value) for value in languages if len(languages) > 1]
    other += [(name, value) for name in _OTHER for one in _texts(record.get(name)) if (value := _prose(one))]
    return Reference(
        offset=offset,
        length=length,
        type=kind,
        title=title,
        authors=authors,
        year=date.year,
        date=date.iso,
        journal=journal,
        volume=told.get("volume"),
        issue=told.get("issue"),
        pages=fields.pages(told.get("pages")),
        doi=fields.doi(link),
        issn=fields.unique(one for value in numbers for one in fields.serials(value)[0]),
        isbn=fields.unique(one for value in numbers for one in fields.serials(value)[1]),
        abstract=abstract,
        keywords=fields.unique(value for one in texts(record.get("subject")) if (value := _prose(one))),
        language=languages[0] if len(languages) == 1 else None,
        publisher=issuer,
        urls=fields.unique([*fields.urls(link)[0], *([ADDRESS + number] if number else [])]),
        accession=number,
        database="ERIC",
        other=tuple(dict.fromkeys(other)),
        warnings=damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract))),
    )


def _prose(value: object) -> str | None:
    """Text without the escapes of XML, which are there twice at times: ``Students&amp;apos;``."""
    once = plain(json_values.whole(value)) if isinstance(value, str) else None
    return plain(once) if once and "&" in once else once


def _texts(value: object) -> list[str]:
    """The values of a field that may be there once or several times; numbers as text, yes and no as 1 and 0."""
    return texts([int(one) if isinstance(one, bool) else one for one in (value if isinstance(value, list) else [value])])


def _authors(record: Record) -> tuple[tuple[str, ...], list[str]]:
    """The names, and apart from them "And Others" and who is named as an editor."""
    names: list[str] = []
    others: list[str] = []
    for one in texts(record.get("author")):
        value = _prose(one) or ""
        if _ROLE.search(value):
            others.append(value)
        found, rest = fields.names(_ROLE.sub("", value))
        names += found
        others += [rest] if rest else []
    return tuple(names), others


def _date(published: int | None, full: str | None, where: str) -> Date:
    """The most precise of the dates that agree with the year of publication."""
    for pattern in _WHERE.values():
        where = pattern.sub(" ", where)
    known = [Date(published, str(published))] if published else []
    return dates.best([*known, *(dates.read(value, published) for value in (full, where) if value)])
