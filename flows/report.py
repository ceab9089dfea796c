"""What the command line prints: tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from flows.diff import Compared
    from flows.exchange import Standing
    from flows.exports import ReadFile
    from flows.releases import Listed
    from flows.week import Step

_SHOWN = 20  # quarantined pieces shown a file; all of them are counted, and written with -o


def release(out: Console, folder: Path) -> None:
    """The numbers of a release, and where its map and warehouse are."""
    from warehouse.engine import Engine

    names = ("marts.prisma_flow", "marts.theme")
    with Engine({name: folder / name.split(".")[0] / f"{name.split('.')[1]}.parquet" for name in names}) as engine:
        prisma = engine.rows(
            "SELECT arm, label, n FROM marts.prisma_flow WHERE detail = '' AND n > 0 ORDER BY position, arm",
        )
        themes = engine.rows("SELECT label, studies, reviews, all_kinds FROM marts.theme ORDER BY position")
    _table(out, "PRISMA 2020", ("", "databases", "other", "both"), _by_arm(prisma), right=3)
    _table(out, "Themes", ("", "primary studies", "reviews", "all"), [tuple(row.values()) for row in themes], right=3)
    review = folder.parent.parent
    out.print(f"map        {review / 'current' / 'map.html'}", markup=False)
    out.print(f"warehouse  {review / 'warehouse.duckdb'}", markup=False)


def parsed(out: Console, files: Sequence[ReadFile]) -> None:
    """What is in export files, and each piece that could not be read."""
    rows = [
        (
            str(one.path),
            one.parsed.format,
            one.parsed.encoding,
            one.parsed.starts,
            len(one.parsed.references),
            len(one.parsed.rejected),
        )
        for one in files
    ]
    _table(out, None, ("file", "format", "encoding", "starts", "records", "quarantined"), rows, right=3)
    for one in files:
        for piece in one.parsed.rejected[:_SHOWN]:
            out.print(f"{one.path}:{piece.line}: {piece.reason}", markup=False)
        if len(one.parsed.rejected) > _SHOWN:
            out.print(f"{one.path}: and {len(one.parsed.rejected) - _SHOWN} more", markup=False)
        for warning in one.parsed.warnings:
            out.print(f"{one.path}: {warning}", markup=False)


def status(out: Console, standing: Standing) -> None:
    """The funnel, who owes what, and the included papers that were retracted or corrected."""
    _table(out, "Where citations are", ("", "citations"), standing.funnel, right=1)
    _table(out, "Open work", ("who", "what", "since", "rows"), standing.owed, right=1)
    if standing.pilot:
        _table(
            out, "Pilot that is open: nothing else of its stage goes out", ("stage", "who", "papers"), standing.pilot, right=1
        )
    _table(out, "Still to settle", ("", "citations"), standing.open, right=1)
    if standing.notices:
        _table(out, "Notices on included papers, to look at", ("citation", "title", "notice"), standing.notices)


def week(out: Console, steps: Sequence[Step]) -> None:
    """What a coordinator has to do, a numbered step each, and how."""
    for number, step in enumerate(steps, 1):
        _table(out, f"{number}. {step.what}", step.head, step.rows, right=1 if step.counted else 0)
        out.print(f"   {step.action}\n", markup=False)
    if not steps:
        out.print("nothing to do: every answer is in, the live release has all of them, and the public map is that release")


def diff(out: Console, compared: Compared) -> None:
    """What one release says otherwise than another."""
    out.print(f"from release {compared.before} to release {compared.after}\n", markup=False)
    tables = list(compared.tables())
    for title, head, rows in tables:
        _table(out, title, head, rows, right=1 if isinstance(rows[0][-1], int) else 0)
    if not tables:
        out.print("nothing is different")


def releases(out: Console, found: Sequence[Listed]) -> None:
    """The releases on disk, oldest first."""
    rows = [
        (
            ", ".join(one.marks),
            one.version,
            one.release.id,
            str(one.release.manifest["as_of"]),
            one.release.manifest["predecessor"],
        )
        for one in found
    ]
    _table(out, None, ("", "version", "release", "as of", "after"), rows)


def _by_arm(rows: Sequence[dict[str, object]]) -> list[tuple[object, ...]]:
    found: dict[object, dict[object, object]] = {}
    for row in rows:
        found.setdefault(row["label"], {})[row["arm"]] = row["n"]
    return [(label, *(arms.get(arm) for arm in ("databases", "other", "both"))) for label, arms in found.items()]


def answer(out: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """What a query gave, as it is: numbers without separators, texts without markup."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        shown.add_column(Text(name), overflow="fold")
    for row in rows:
        shown.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    out.print(shown)
    out.print(f"{len(rows):,} rows")


def _table(out: Console, title: str | None, head: Sequence[str], rows: Sequence[Sequence[object]], right: int = 0) -> None:
    """One table; the last ``right`` columns are numbers."""
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, name in enumerate(head):
        shown.add_column(name, justify="right" if position >= len(head) - right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*("" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    out.print(shown, markup=False)
    out.print()
