"""What has changed since the release before, for the map's "About": studies, codings, notices, gaps and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from tasks.publish.pages.reading import Row
from warehouse.engine import Engine, Tables

SHOWN = 12
"""Lines of a kind that the page has; marts.change has all of them."""

TITLES = {
    "on_the_map": "Studies that came onto the map",
    "off_the_map": "Studies that left the map",
    "joined": "Studies that count as one with another now",
    "divided": "Studies that were part of another",
    "other_kind": "Studies that count as another kind",
    "recoded": "Studies that are coded otherwise",
    "notice": "New notices on included studies",
    "notice_withdrawn": "Notices that no longer stand",
    "gap_closed": "Gaps that were closed",
    "gap_opened": "Gaps that were opened",
    "not_applicable": "Cells that are not applicable now, by the protocol: no study closed a gap there",
    "applicable": "Cells that are not applicable no longer",
    "theme": "Studies on a theme",
    "box": "Numbers of the PRISMA diagram",
}
"""Kinds of change that are told, in their order. That a study was included is not: it is told when it comes onto the map."""

GAPS = {"absolute": "no study", "synthesis": "no review"}

CHANGES = """
    WITH by_study AS (
        SELECT changed.position, string_agg(study.reference, ', ' ORDER BY study.reference, study.study_id) AS names
        FROM (SELECT position, unnest(studies) AS study_id FROM marts.change) AS changed
        JOIN marts.study AS study USING (study_id)  -- n:1; one that is no longer in the review has no name here
        GROUP BY changed.position
    )
    SELECT what, label, before, after, n_before, n_after, by_study.names
    FROM marts.change AS change
    LEFT JOIN by_study USING (position)  -- 1:1
    WHERE what NOT IN ('joined', 'divided')
        OR if(what = 'joined', before, after) IS NOT NULL  -- the kind that the part counted or counts as
        OR EXISTS (FROM marts.study AS study WHERE mapped AND study.study_id IN (change.study_id, change.studies[1]))
    ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What the release is compared with, in words; and of each kind of change title, number, first lines, and how many more."""

    compared: str
    kinds: list[tuple[str, int, list[str], int]]


def changes(tables: Tables) -> Changes:
    """The changes of a release. Raises KeyError where a table is missing."""
    names = ("marts.change", "marts.study", "meta.release")
    with Engine({name: tables[name] for name in names}) as engine:
        [release] = engine.rows("SELECT compared FROM meta.release")
        rows = engine.rows(CHANGES)
    found = {what: list(of_kind) for what, of_kind in groupby(rows, lambda row: str(row["what"]))}
    told = [(title, found[what]) for what, title in TITLES.items() if what in found]
    return Changes(
        str(release["compared"]),
        [(title, len(rows), [_line(row) for row in rows[:SHOWN]], max(0, len(rows) - SHOWN)) for title, rows in told],
    )


def _line(row: Row) -> str:
    label = str(row["label"])
    match row["what"]:
        case "theme" | "box":
            return f"{label}: {row['n_before'] or 0:,} → {row['n_after'] or 0:,}"
        case "joined":
            return f"{label}: now part of {row['after']}"
        case "divided":
            return f"{label}: was part of {row['before']}"
        case "other_kind":
            return f"{label}: {row['before'] or 'not coded'} → {row['after'] or 'not coded'}"
        case "recoded" if row["before"] != row["after"]:
            gone, new = row["before"] or "nothing", row["after"] or "nothing"
            return f"{label}: {gone} → {new}"
        case "recoded":
            return f"{label}: {row['after']}"
        case "notice" | "notice_withdrawn":
            return f"{label}: {row['after'] or row['before']}"
        case "gap_closed" | "gap_opened" | "applicable":
            by = row["names"]
            gap = GAPS.get(row["before"] or row["after"])
            return f"{label}{f' ({gap})' if gap else ''}{f': {by}' if by else ''}"
        case _:
            return label
