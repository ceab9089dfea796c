"""Labels from ASReview: its project file, or its exports as tables or RIS. A label is the vote of one person."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime

from tasks.formats.decisions import Decision, Unreadable, marked

TOOL = "ASReview"
_LABELS = {"1": "include", "1.0": "include", "0": "exclude", "0.0": "exclude"}
_NOTES = {"ASReview_relevant": "include", "ASReview_irrelevant": "exclude"}
_FIELD = re.compile(r"asreview_(\w+): (.*)")
_COLUMNS = ("title", "keywords", "doi", "url")
_RECORDS = "SELECT record_id, title, keywords, doi, url FROM record"
_RESULTS = "SELECT record_id, label, time, note, tags FROM results WHERE label IS NOT NULL ORDER BY time, record_id"


def table(rows: Iterable[Mapping[str, str]]) -> Iterator[Decision]:
    """The labels of an export as a table; what was not seen has none."""
    for row in rows:
        decision = _LABELS.get(row.get("asreview_label", "").strip())
        if decision:
            person = row.get("asreview_user_email") or row.get("asreview_user_name", "")
            tags = [name.removeprefix("asreview_tag_") for name, value in row.items()
                    if name.startswith("asreview_tag_") and value.strip() in ("1", "1.0")]  # fmt: skip
            yield Decision(
                marked(row), row.get("title") or row.get("primary_title", ""), person, decision, TOOL,
                note=_note(row.get("asreview_note", ""), tags), decided_on=_day(row.get("asreview_time", "")),
            )  # fmt: skip


def records(rows: Iterable[Mapping[str, str]]) -> Iterator[Decision]:
    """The labels of an export as RIS: the label, and what a table has in its columns, stand among the notes."""
    for row in rows:
        notes = row.get("N1", "").splitlines()
        decision = next((said for name, said in _NOTES.items() if name in notes), None)
        if decision:
            told = {found[1]: _told(found[2]) for line in notes if (found := _FIELD.match(line))}
            person = told.get("user_email") or told.get("user_name", "")
            tags = [
                name.removeprefix("tag_") for name, value in told.items() if name.startswith("tag_") and value in ("1", "1.0")
            ]
            yield Decision(
                marked(row), row.get("TI") or row.get("T1", ""), person, decision, TOOL, note=_note(told.get("note", ""), tags),
                decided_on=_day(told.get("time", "")),
            )  # fmt: skip


def project(databases: Sequence[bytes]) -> list[Decision]:
    """The labels of a project: its databases hold the records and the results, in one file or in two."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for data in filter(None, databases):
        try:
            with closing(sqlite3.connect(":memory:")) as connection:
                connection.deserialize(data)  # nothing is written to disk, and no path of the archive is used
                connection.execute("PRAGMA trusted_schema = OFF")  # what a stranger's tables compute calls nothing
                there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                for name, query in (("record", _RECORDS), ("results", _RESULTS)):
                    if name in there:
                        found[name] = connection.execute(query).fetchall()
        except sqlite3.Error as error:
            raise Unreadable(f"the project's database cannot be read ({error}); export the project again") from error
    if "record" not in found or "results" not in found:
        raise Unreadable("the project holds no records with labels; export it from ASReview 2 or later, or as a table")
    known = {row[0]: tuple(str(cell or "") for cell in row[1:]) for row in found["record"]}
    decisions = []
    for record_id, label, when, note, tags in found["results"]:
        cells = known.get(record_id, ("",) * 4)
        decision = _LABELS.get(str(label), str(label))
        mark = marked(dict(zip(_COLUMNS, cells, strict=True)))
        decisions.append(
            Decision(mark, cells[0], "", decision, TOOL, note=_note(str(note or ""), _tags(tags)), decided_on=_day(when))
        )
    return decisions


def _told(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return "" if found is None else str(found)


def _tags(text: object) -> list[str]:
    try:
        found = json.loads(str(text)) if text else []
    except ValueError:
        return []
    groups = found if isinstance(found, list) else []
    return [f"{group.get('id', '')}_{tag.get('id', '')}" for group in groups if isinstance(group, dict)
            for tag in group.get("values", []) if isinstance(tag, dict) and tag.get("checked")]  # fmt: skip


def _note(note: str, tags: Sequence[str]) -> str:
    return "; ".join(part for part in (note.strip(), f"tags: {', '.join(tags)}" if tags else "") if part)


def _day(when: object) -> str:
    """The day of a time in seconds since 1970, or of a written one."""
    text = str(when or "").strip()
    try:
        return datetime.fromtimestamp(float(text), UTC).date().isoformat()
    except ValueError:
        return text[:10]
