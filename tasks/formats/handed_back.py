"""What other tools give back, as a table of decisions: a row for each vote, or for each decision whose voters are not known."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tasks.formats import asreview, covidence, eppi_reviewer, rayyan, workbook_read
from tasks.formats.decisions import Decision, Unreadable, sheet
from tasks.formats.packed import WORKBOOK, Refusal, kind, office
from tasks.formats.worklist import NotAWorklist, Sheet, is_header

csv.field_size_limit(10**8)
_LABEL = "asreview_label"  # the column of ASReview's exports that has the decision
_TAG = re.compile(r"^([A-Z][A-Z0-9])  - ?(.*)$")


def read(data: bytes, name: str) -> Sheet | None:
    """The decisions in a file of Rayyan, Covidence, EPPI-Reviewer or ASReview, told by its content; None if it is of none.

    Only Covidence's lists need their name: nothing in them says which list they are. Raises `NotAWorklist` with the reason
    where a file is of one of the tools and cannot be read.
    """
    try:
        found = _packed(data) if kind(data) == "zip" else _plain(data, name)
        return None if found is None else sheet(found)
    except Unreadable as error:
        raise NotAWorklist(str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise NotAWorklist(f"the file is not as the tool writes it ({type(error).__name__}: {error})") from error


def workbook(data: bytes) -> Sheet:
    """The table in a workbook: a worklist as it is, an export of ASReview as the decisions in it. Raises `NotAWorklist`."""
    found = workbook_read.read(data, header=lambda names: is_header(names) or _LABEL in names)
    return sheet(asreview.table(row.values for row in found.rows)) if _LABEL in found.columns else found


def _packed(data: bytes) -> Iterable[Decision] | None:
    if not any(mark in data for mark in (b"results.db", b"customizations_log.csv", b"articles.csv")):
        return None
    parts = office(data, WORKBOOK)
    if isinstance(parts, Refusal):
        raise Unreadable(parts.reason)
    content = {part.name.rsplit("/", 1)[-1]: part.data for part in parts}
    if "project.json" in content:
        return asreview.project([part.data for part in parts if part.name.endswith(".db")])
    if "articles.csv" in content:
        log = content.get("customizations_log.csv")
        articles = list(_table(_text(content["articles.csv"])))
        return rayyan.log(articles, list(_table(_text(log)))) if log else rayyan.articles(articles)
    return None


def _plain(data: bytes, name: str) -> Iterable[Decision] | None:
    text = _text(data)
    begin = text[:4096].lstrip()
    header = next(iter(begin.splitlines()), "")
    if begin.startswith("{"):
        return eppi_reviewer.decisions(_json(text)) if '"References"' in text or '"codingsList"' in text else None
    if _TAG.match(header):
        return _of_ris(text, name)
    if "Covidence #" in header:
        return covidence.decisions(_table(text), name)
    if _LABEL in header:
        return asreview.table(_table(text))
    if header.startswith(("key,title", '"key","title"')) and "pubmed_id" in header:
        return rayyan.articles(_table(text))
    return None


def _of_ris(text: str, name: str) -> Iterable[Decision] | None:
    if "RAYYAN-INCLUSION" in text:
        return rayyan.articles(_records(text))
    if "ASReview_" in text:
        return asreview.records(_records(text))
    return covidence.decisions(_records(text), name) if covidence.is_list(name) else None


def _text(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")


def _json(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"the file is cut short or damaged: {error}") from error
    return found if isinstance(found, dict) else {}


def _table(text: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV with a header, by column."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True)
    try:
        for row in reader:
            more = row.pop(None, None)  # cells beyond the header
            if more:
                raise Unreadable(f"line {reader.line_num} has more cells than the header; export the file again")
            yield row
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num} cannot be read as CSV: {error}") from error


def _records(text: str) -> Iterator[dict[str, str]]:
    """The records of a RIS file, by tag; the values of a tag that stands there several times are parted by line ends."""
    record: dict[str, list[str]] = {}
    tag = ""
    for line in text.splitlines():
        found = _TAG.match(line)
        if found:
            tag = found[1]
            if tag == "ER":
                yield {name: "\n".join(values) for name, values in record.items()}
                record, tag = {}, ""
            else:
                record.setdefault(tag, []).append(found[2])
        elif tag and line.strip():
            record[tag][-1] += "\n" + line
    if record:
        raise Unreadable("the file ends within a record; export it again")
