"""Records in the export formats of the databases, each with the habits of its own that parsers have to live with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from textwrap import wrap

from records import Record

_RIS_TYPES = {"article": "JOUR", "chapter": "CHAP", "thesis": "THES", "report": "RPRT"}
_MEDLINE_TYPES = {
    "article": "Journal Article",
    "chapter": "Book Chapter",
    "thesis": "Academic Dissertation",
    "report": "Technical Report",
}
_LANGUAGES = {"English": "eng", "German": "ger", "Spanish": "spa", "Norwegian": "nor"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PROQUEST = {
    "social-services-abstracts": "Social Services Abstracts",
    "assia": "Applied Social Sciences Index & Abstracts (ASSIA)",
}


def ovid(record: Record) -> str:
    """PsycINFO from Ovid: A1 and T1, the abstract in N2, the DOI as a link."""
    paper = record.paper
    return _ris(record, [
        ("ID", record.accession), ("T1", record.title), *(("A1", name) for name in record.authors), ("Y1", f"{paper.year}//"),
        ("N2", paper.abstract), *(("KW", word) for word in paper.keywords), ("LA", paper.language), ("JF", record.journal),
        *_place(record), ("DO", record.doi and f"https://dx.doi.org/{record.doi}"), ("DB", "PsycINFO"),
        ("AN", record.accession),
    ])  # fmt: skip


def proquest(record: Record, gap: str = "  ") -> str:
    """Social Services Abstracts and ASSIA from ProQuest. ``gap``: some versions write one space after the tag, not two."""
    paper = record.paper
    return _ris(record, [
        ("T1", record.title), ("AN", record.accession), *(("AU", name) for name in record.authors), ("AB", paper.abstract),
        *(("KW", word) for word in paper.keywords), ("LA", paper.language), ("DO", record.doi), ("PY", str(paper.year)),
        ("DA", f"{paper.year}/{paper.month:02d}//"), ("JF", record.journal), *_place(record),
        ("UR", f"https://proquest.example/docview/{record.accession}"), ("DB", _PROQUEST[record.source]),
    ], gap)  # fmt: skip


def ebsco(record: Record) -> str:
    """CINAHL from EBSCOhost: a date as 2011/06//, page breaks of CR LF, and a copyright notice at the end of the abstract."""
    paper = record.paper
    tail = f" Copyright of {paper.journal[0]} is the property of an invented publisher and its content may not be copied."
    return _ris(record, [
        ("AU", record.authors[0]), ("T1", record.title), *(("A1", name) for name in record.authors[1:]), ("JO", record.journal),
        ("Y1", f"{paper.year}/{paper.month:02d}//"), *_place(record), ("AB", paper.abstract + tail),
        *(("KW", word) for word in paper.keywords), ("LA", paper.language), ("DO", record.doi), ("DP", "EBSCOhost"),
        ("DB", "CINAHL"), ("AN", record.accession), ("UR", f"https://ebsco.example/login.aspx?db=rzh&AN={record.accession}"),
    ]).replace("\n", "\r\n")  # fmt: skip


def medline(record: Record) -> str:
    """MEDLINE from PubMed: tags of four letters, lines of 88, shortened last pages, translated titles in brackets."""
    paper = record.paper
    first, last = (str(page) for page in paper.pages)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0) if len(first) == len(last) else 0
    title = record.title if paper.language == "English" else f"[{record.title}]"
    names = [(name, _short(name)) for name in record.authors]
    pairs = [
        ("PMID", record.accession), ("STAT", "MEDLINE"), ("DP", f"{paper.year} {_MONTHS[paper.month - 1]}"),
        ("TI", title if title.endswith("?") else title + "."), ("AB", paper.abstract),
        *((tag, value) for full, short in names for tag, value in (("FAU", full.replace(".", "")), ("AU", short))),
        ("LA", _LANGUAGES[paper.language]), ("PT", _MEDLINE_TYPES[paper.type]), ("TA", paper.journal[1]),
        ("JT", record.journal), *((("VI", str(paper.volume)), ("IP", str(paper.issue)), ("PG", f"{first}-{last[same:]}"))
        if record.complete else ()), *((("LID", f"{record.doi} [doi]"), ("AID", f"{record.doi} [doi]")) if record.doi else ()),
        *(("OT", word) for word in paper.keywords),
    ]  # fmt: skip
    return "".join(f"{tag:<4}- " + "\n      ".join(wrap(value, 82)) + "\n" for tag, value in pairs) + "\n"


SCOPUS_HEADER = (
    "Authors", "Title", "Year", "Source title", "Volume", "Issue", "Art. No.", "Page start", "Page end", "Page count",
    "Cited by", "DOI", "Link", "Abstract", "Author Keywords", "Language of Original Document", "Document Type", "Source", "EID",
)  # fmt: skip


def scopus(record: Record) -> tuple[str, ...]:
    """A row of Scopus as it was in 2018: commas between authors."""
    paper = record.paper
    kind = {"article": "Article", "chapter": "Book Chapter"}.get(paper.type, "Review")
    return (
        ", ".join(record.authors), record.title, str(paper.year), record.journal, str(paper.volume), str(paper.issue), "",
        *map(str, paper.pages), "", str(paper.number % 37), record.doi or "",
        f"https://scopus.example/inward/record.uri?eid={record.accession}", paper.abstract, "; ".join(paper.keywords),
        paper.language, kind, "Scopus", record.accession,
    )  # fmt: skip


POLICY_HEADER = (
    "Accession Number", "Title", "Authors", "Journal", "Publication Year", "Volume", "Issue", "Pages", "DOI", "Abstract",
    "Language",
)  # fmt: skip


def policy(record: Record) -> tuple[str, ...]:
    """A row of Social Policy and Practice, with ampersands as a web page writes them."""
    paper = record.paper
    return (
        record.accession, record.title, "; ".join(record.authors), record.journal.replace("&", "&amp;"), str(paper.year),
        str(paper.volume), str(paper.issue), f"pp. {paper.pages[0]}–{paper.pages[1]}", record.doi or "", paper.abstract,
        paper.language,
    )  # fmt: skip


def table(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    """Rows as text with quotes where they are needed."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def _ris(record: Record, pairs: Iterable[tuple[str, str | None]], gap: str = "  ") -> str:
    lines = [("TY", _RIS_TYPES[record.paper.type]), *((tag, value) for tag, value in pairs if value), ("ER", "")]
    return "".join(f"{tag}{gap}- {value}\n" for tag, value in lines) + "\n"


def _place(record: Record) -> list[tuple[str, str | None]]:
    paper = record.paper
    return [("VL", str(paper.volume)), ("IS", str(paper.issue)), ("SP", str(paper.pages[0])), ("EP", str(paper.pages[1]))]


def _short(name: str) -> str:
    family, _, given = name.partition(", ")
    return f"{family} " + "".join(part[0] for part in given.split())
