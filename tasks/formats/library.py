"""The list that a library works from: bibliographic details and links for each full text to get, and the same as RIS.

Links are made of identifiers; nothing is looked up. The link resolver of a library takes OpenURL 1.0 (ANSI/NISO Z39.88-2004,
key/encoded-value format for journals); unpaywall.org leads from a DOI to a free copy, if there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from tasks.formats.worklist import LEADING, Worklist, row, shortened

DETAILS = ("volume", "issue", "pages", "pmid")
LINKS = ("address", "doi_link", "free_copy", "pubmed", "resolver")
COLUMNS = ("title", "authors", "year", "journal", *DETAILS, "doi", *LINKS)
_KINDS = {
    "article": "JOUR", "chapter": "CHAP", "book": "BOOK", "report": "RPRT", "thesis": "THES", "conference": "CPAPER",
    "webpage": "ELEC", "dataset": "DATA",
}  # fmt: skip


def cells(worklist_id: str, task: str, reviewer: str, citation: Mapping[str, object], resolver: str | None) -> dict[str, str]:
    """The leading cells and those of `COLUMNS` for a row of staging.citation; ``resolver`` is the address of the library's."""
    found = row(worklist_id, task, reviewer, citation)
    found |= {name: shortened(_text(citation, name)) for name in (*DETAILS, "type")}
    doi, pmid = found["doi"], found["pmid"]
    links = {
        "address": _text(citation, "url"),
        "doi_link": f"https://doi.org/{_in_path(doi)}" if doi else "",
        "free_copy": f"https://unpaywall.org/{_in_path(doi)}" if doi else "",
        "pubmed": f"https://pubmed.ncbi.nlm.nih.gov/{_in_path(pmid)}/" if pmid else "",
        "resolver": _openurl(resolver, citation) if resolver else "",
    }
    kept = {name: found[name] for name in (*LEADING, "type", *COLUMNS) if name not in links}
    return kept | {name: shortened(link) for name, link in links.items()}


def ris(one: Worklist) -> bytes:
    """The list for a reference manager that finds full texts. The paper's id is in its accession number and notes."""
    records = []
    for paper in one.rows:
        first, _, last = paper["pages"].partition("-")
        fields = [
            ("TY", _KINDS.get(paper["type"], "GEN")), ("TI", paper["title"]),
            *(("AU", name) for name in paper["authors"].split("; ")),
            ("PY", paper["year"]), ("T2", paper["journal"]), ("VL", paper["volume"]), ("IS", paper["issue"]), ("SP", first),
            ("EP", last), ("DO", paper["doi"]), *(("UR", paper[name]) for name in LINKS),
            ("AN", paper["citation_id"]), ("N1", paper["citation_id"]),
        ]  # fmt: skip
        lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text.strip()]  # a line end would end the field
        records.append("\r\n".join([*lines, "ER  - ", ""]))
    return "\r\n".join(records).encode("utf-8", "replace")


def papers_in(data: bytes) -> set[bytes]:
    """The ids of the papers in a file that `ris` wrote."""
    return {line[6:] for line in data.splitlines() if line.startswith(b"AN  - ")}


def _openurl(resolver: str, citation: Mapping[str, object]) -> str:
    authors = citation.get("authors")
    doi, pmid = _text(citation, "doi"), _text(citation, "pmid")
    names = {"atitle": "title", "jtitle": "journal", "date": "year", "volume": "volume", "issue": "issue", "pages": "pages"}
    asked = [
        ("url_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        *((f"rft.{key}", _text(citation, name)) for key, name in names.items()),
        ("rft.au", str(authors[0]) if isinstance(authors, list) and authors else ""),
        ("rft_id", doi and f"info:doi/{doi}"),
        ("rft_id", pmid and f"info:pmid/{pmid}"),
    ]
    sign = "&" if "?" in resolver else "?"
    return resolver + sign + urlencode([(name, value) for name, value in asked if value], errors="replace")


def _text(citation: Mapping[str, object], name: str) -> str:
    return "" if citation.get(name) is None else str(citation[name])


def _in_path(identifier: str) -> str:
    return quote(identifier, safe="/:;()._-", errors="replace")
