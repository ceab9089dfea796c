"""The dictionary of a release: every table and column with its meaning, from the contract, each with a link of its own."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.publish.pages.reading import RELEASE, some_rows
from tasks.publish.pages.rendering import csp_hash, render, source
from warehouse.contract import Table
from warehouse.engine import Engine, Tables, quoted
from warehouse.review import Review

SCHEMAS = {
    "marts": "What analysts query and the map shows: studies, their codes, the cells of the map, the numbers of the diagram.",
    "staging": "What the marts are made of: searches, records, papers, decisions and codings, as they stand today.",
    "meta": "What the release says of itself.",
}


def dictionary(tables: Tables, declared: Iterable[Table], review: Review) -> str:
    """The page as HTML, for those of the ``declared`` tables that the release has: marts first, then what they are made of."""
    here = [one for one in declared if one.qualified in tables]
    with Engine({one.qualified: tables[one.qualified] for one in here}) as engine:
        rows = {one.qualified: engine.rows(f"SELECT count(*) AS n FROM {quoted(one.qualified)}")[0]["n"] for one in here}
    [release] = some_rows(tables, "meta.release", RELEASE)
    styles = source("base.css", "dictionary.css", *(["synthetic.css"] if release["synthetic"] else []))
    return render(
        "dictionary.html.j2",
        review=review,
        release=release,
        schemas=[
            (name, meaning, shown)
            for name, meaning in SCHEMAS.items()
            if (shown := [one for one in here if one.schema == name])
        ],
        rows=rows,
        styles=styles,
        style_hash=csp_hash(styles),
    )
