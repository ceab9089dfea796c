"""The export files: records in the dialect of their source, cut up as the platforms cut them, with what goes wrong there.

Every kind of damage that is put in has a name here, so that a test can say what has to be found again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import dialects
import vocabulary as words
from papers import SEED
from records import Record, records

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
BOM = b"\xef\xbb\xbf"
EMPTY_RIS = "TY  - JOUR\nER  - \n\n"  # a record of which nothing but the type came through
CUT_ROW = "An interrupted download;of which,three cells came\r\n"  # too few cells in both delimiters
AHEAD_OF_PRINT = 6  # MEDLINE records whose second version has volume and pages
MEDLINE_OVERLAP, SCOPUS_OVERLAP = 40, 25  # records that a second download brought again
WEB_REPEATS = 3  # hits that an organisation's result list shows twice


@dataclass(frozen=True, slots=True)
class Export:
    """One file. ``starts`` are the beginnings of records in it, ``broken`` those that cannot be read as one."""

    name: str
    source: str
    data: bytes
    starts: int
    broken: int = 0


@cache
def exports(seed: int = SEED) -> tuple[Export, ...]:
    """All export files, ready to be written to ``imports/synthetic/``."""
    held = records(seed)
    return (
        *_psycinfo(held["psycinfo"]),
        *_medline(held["medline"]),
        *_proquest("social-services-abstracts", held["social-services-abstracts"]),
        *_proquest("assia", held["assia"]),
        *_cinahl(held["cinahl"]),
        *_scopus(held["scopus"]),
        *_policy(held["social-policy-practice"]),
        *(_website(source, held[source]) for source in words.ORGANISATIONS),
        _experts(held["experts"]),
    )


def _pieces(some: Sequence[Record], size: int) -> Iterator[tuple[int, Sequence[Record]]]:
    """The records in files of ``size``, numbered from 1."""
    return ((number, some[start : start + size]) for number, start in enumerate(range(0, len(some), size), start=1))


def _psycinfo(some: Sequence[Record]) -> Iterator[Export]:
    """Ovid exports 1,500 records at a time; the first file was saved again with an editor that adds a byte order mark."""
    for number, part in _pieces(some, 1500):
        data = _joined(part, dialects.ovid).encode()
        yield Export(f"psycinfo-{number}.ris", "psycinfo", (BOM if number == 1 else b"") + data, len(part))


def _medline(some: Sequence[Record]) -> Iterator[Export]:
    """Two downloads that overlap; between them some articles got their volume and pages. Neither ends with a line end."""
    half = len(some) // 2
    again = some[half - MEDLINE_OVERLAP : half]
    early = {record.accession for record in again[:AHEAD_OF_PRINT]}
    first = [replace(record, complete=record.accession not in early) for record in some[:half]]
    for number, part in enumerate((first, [*again, *some[half:]]), start=1):
        yield Export(f"medline-{number}.nbib", "medline", _joined(part, dialects.medline).rstrip("\n").encode(), len(part))


def _proquest(source: str, some: Sequence[Record]) -> Iterator[Export]:
    """Two files; in the second of ASSIA tags have one space, in that of Social Services Abstracts a record is empty."""
    for number, part in _pieces(some, 1200):
        one_space = source == "assia" and number == 2
        empty = source == "social-services-abstracts" and number == 2
        text = "".join(dialects.proquest(record, " " if one_space else "  ") for record in part)
        if empty:
            text = EMPTY_RIS + text
        yield Export(f"{source}-{number}.ris", source, text.encode(), len(part) + empty, int(empty))


def _cinahl(some: Sequence[Record]) -> Iterator[Export]:
    """EBSCO writes CR LF; the first file has an empty record at its end."""
    for number, part in _pieces(some, 1200):
        text = _joined(part, dialects.ebsco) + (EMPTY_RIS.replace("\n", "\r\n") if number == 1 else "")
        yield Export(f"cinahl-{number}.ris", "cinahl", text.encode(), len(part) + (number == 1), int(number == 1))


def _scopus(some: Sequence[Record]) -> Iterator[Export]:
    """Scopus exports 2,000 at a time, with a byte order mark; the second file repeats the end of the first, and is cut off."""
    for number, part in _pieces(some, 2000):
        rows = [*some[2000 - SCOPUS_OVERLAP : 2000], *part] if number == 2 else part
        text = dialects.table(dialects.SCOPUS_HEADER, map(dialects.scopus, rows), end="\n") + (CUT_ROW if number == 2 else "")
        data = BOM + text.encode()
        yield Export(f"scopus-{number}.csv", "scopus", data, len(rows) + (number == 2), int(number == 2))


def _policy(some: Sequence[Record]) -> Iterator[Export]:
    """One file as it came, and one that went through a spreadsheet program: semicolons, Windows-1252, a row cut short."""
    half = len(some) // 2
    first = dialects.table(dialects.POLICY_HEADER, map(dialects.policy, some[:half]))
    second = dialects.table(dialects.POLICY_HEADER, map(dialects.policy, some[half:]), ";") + CUT_ROW
    source = "social-policy-practice"
    yield Export(f"{source}-1.csv", source, BOM + first.encode(), half)
    yield Export(f"{source}-2.csv", source, second.encode("cp1252"), len(some) - half + 1, 1)


def _website(source: str, some: Sequence[Record]) -> Export:
    """What a person copied from an organisation's result list, some hits twice."""
    organisation, host, _ = words.ORGANISATIONS[source]
    rows = [(_address(host, record), record.title, organisation, _date(source, record)) for record in some]
    text = dialects.table(("url", "title", "organisation", "date"), [*rows, *rows[:WEB_REPEATS]])
    return Export(f"website-{source}.csv", source, text.encode(), len(rows) + WEB_REPEATS)


def _address(host: str, record: Record) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", record.title.lower())[:60].strip("-")
    return f"https://{host}/publications/{slug}-{record.paper.number}"


def _date(source: str, record: Record) -> str:
    """Days as organisations write them."""
    day = date(record.paper.year, record.paper.month, record.paper.number % 27 + 1)
    return f"{day:%d} {_MONTHS[day.month - 1]} {day.year}" if source == "hearth-institute" else day.isoformat()


def _experts(some: Sequence[Record]) -> Export:
    """Suggestions as the review team wrote them down."""
    rows = [
        (
            f"e{record.paper.number % 5 + 1}", f"2018-06-{record.paper.number % 12 + 4:02d}", record.title,
            "; ".join(record.authors), str(record.paper.year), record.doi or "",
            "" if record.doi else f"https://suggested.example/{record.paper.number}",
        )
        for record in some
    ]  # fmt: skip
    header = ("suggested_by", "suggested_on", "title", "authors", "year", "doi", "url")
    return Export("experts.csv", "experts", dialects.table(header, rows).encode(), len(rows))


def _joined(some: Sequence[Record], dialect: Callable[[Record], str]) -> str:
    return "".join(map(dialect, some))
