"""The quality page: whether the release may go out, what failed and what to do, then every check."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tasks.publish.pages.plain import plain
from tasks.publish.pages.reading import CHECKS, RELEASE, Row, some_rows
from tasks.publish.pages.rendering import csp_hash, render, source
from warehouse.contract import Stage
from warehouse.engine import Tables
from warehouse.review import Review


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows that break an expectation, as a table; or the text as it is where it cannot be read as rows."""

    columns: list[str]
    rows: list[list[str]]
    text: str = ""


def quality_page(tables: Tables, review: Review) -> str:
    """The checks of a release as HTML: verdict, failures with examples and remedy, then all checks by stage."""
    checks = some_rows(tables, "meta.quality_check", CHECKS)
    [release] = some_rows(tables, "meta.release", RELEASE)
    failed = sorted((row for row in checks if not row["passed"]), key=lambda row: (row["severity"] != "stop", row["check_id"]))
    known = [str(stage) for stage in Stage]
    stages = [*known, *sorted({row["stage"] for row in checks} - set(known))]
    styles = source("base.css", "quality.css", *(["synthetic.css"] if release["synthetic"] else []))
    return render(
        "quality.html.j2",
        review=review,
        release=release,
        checks=checks,
        stops=[row for row in failed if row["severity"] == "stop"],
        reports=[row for row in failed if row["severity"] != "stop"],
        failed=[row | {"shown": examples(row)} for row in failed],
        stages=[(stage, listed) for stage in stages if (listed := [row for row in checks if row["stage"] == stage])],
        styles=styles,
        style_hash=csp_hash(styles),
    )


def examples(check: Row) -> Examples:
    """The examples of a failed check."""
    if not check["examples"]:
        return Examples([], [])
    try:
        rows = json.loads(check["examples"])
    except ValueError:
        return Examples([], [], plain(check["examples"], 4000))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return Examples([], [], plain(check["examples"], 4000))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return Examples([plain(name, 80) for name in columns], [[_shown(row.get(name)) for name in columns] for row in rows])


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True), 300)
