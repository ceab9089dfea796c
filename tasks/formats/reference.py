"""What every export format is read into: references, and the pieces that could not be read.

A format module exposes ``parse(data: bytes) -> Parsed``. Parsing never raises on bad input and never drops any: each start
of a record that the format can recognise ends as exactly one `Reference` or one `Rejected` (`Parsed` checks it).
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Kinds of notice. A notice is its kind alone, or "kind: id" with the DOI (else the PMID, as "pmid:123") of the other paper.
NOTICES = ("retracted", "concern", "corrected", "updated", "retraction-of", "concern-about", "correction-of", "update-of",
           "preprint-of", "published-as", "translation-of")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """One bibliographic reference as its source gives it, cleaned of transport damage but not interpreted further.

    Absent values are ``None`` or empty tuples, never empty strings. ``offset`` and ``length`` locate the reference's bytes in
    the file that was parsed, so that any doubt can be settled against the raw file.
    """

    offset: int
    length: int
    type: str | None = None  # article, chapter, book, report, thesis, conference, webpage, dataset, other
    title: str | None = None
    authors: tuple[str, ...] = ()  # "Family, Given" where the source tells the two apart, else as given
    year: int | None = None
    date: str | None = None  # ISO 8601, as precise as the source is: 2021, 2021-06 or 2021-06-05
    journal: str | None = None  # container: journal, book or series
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None  # "476-481", or an article number
    doi: str | None = None  # bare and lower case: 10.1000/xyz
    pmid: str | None = None
    issn: tuple[str, ...] = ()
    isbn: tuple[str, ...] = ()
    abstract: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    publisher: str | None = None
    urls: tuple[str, ...] = ()  # http(s) only
    accession: str | None = None  # the id that the exporting database or tool gave
    database: str | None = None  # the database that the record itself names, if it does
    notes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()  # editorial notices and relations: "retracted", "corrected: 10.1000/xyz" (see NOTICES)
    other: tuple[tuple[str, str], ...] = ()  # every (tag, value) of the source that has no field above
    warnings: tuple[str, ...] = ()  # damage that was noticed and left: "U+FFFD in title"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A piece of the file that starts like a record but cannot be one: kept with its bytes and the reason."""

    offset: int
    length: int
    line: int  # 1-based line where it starts
    reason: str
    data: bytes
    accession: str | None = None  # its own id, where that much could be read


@dataclass(frozen=True, slots=True)
class Parsed:
    """The outcome of parsing one file. ``starts`` counts the record starts that were seen."""

    format: str  # ris, medline, csv …
    encoding: str  # what the bytes were decoded as
    starts: int
    references: tuple[Reference, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = field(default=())  # about the file as a whole

    def __post_init__(self) -> None:
        accounted = len(self.references) + len(self.rejected)
        if self.starts != accounted:
            raise AssertionError(f"{self.format}: {self.starts} record starts, but {accounted} references and rejected pieces")
