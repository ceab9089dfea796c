"""What lies in ``worklists/``: for each person and task one file, with all that is owed; older ones are in ``earlier/``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows import returned
from tasks.formats import handed_over, library
from tasks.formats.worklist import NotAWorklist, Owed, Worklist
from warehouse import files
from warehouse.engine import Engine
from warehouse.review import Review

EARLIER = "earlier"
_KNOWN_BY = ("worklist_id", "citation_id", "other_citation_id", "record_id", "other_record_id")
_LISTS = """
    SELECT task, reviewer, worklist_id FROM log.worklist
    GROUP BY task, reviewer, worklist_id ORDER BY min(as_of), length(worklist_id), worklist_id
"""


class Outbox:
    """The files in ``folder``, of the lists that were ever issued (log.worklist), and who screens in which tool.

    A file is named after the newest list of its person and task, so that its name says whether it is the current one. Nothing
    is deleted or written over: people may have filled it in where it lies.
    """

    def __init__(self, folder: Path, worklists: pa.Table, tools: Mapping[str, str]) -> None:
        self._folder, self._tools = folder, tools
        self._lists: dict[tuple[str, str], list[str]] = {}
        with Engine({"log.worklist": worklists}) as engine:
            rows: list[dict[str, Any]] = engine.rows(_LISTS)
        for row in rows:
            self._lists.setdefault((row["task"], row["reviewer"]), []).append(row["worklist_id"])

    def may_lack(self, one: Owed) -> bool:
        """Whether somebody may not have all of what was sent before, by the files that are there: `files` looks into them.

        Of several lists the newest file has what was owed when it was made, and a row may be owed again since.
        """
        lists = self._lists[one.task, one.reviewer]
        tool = self._tool(one.task, one.reviewer)
        there = any(path.exists() for path in self._places(one.reviewer, lists[-1]))
        beside = self._folder / one.reviewer / f"{lists[-1]}.ris"
        missing = (
            not beside.exists() if one.task == "retrieval" else tool is not None and lists[-1] not in self._imported(one, tool)
        )
        return len(lists) > 1 or not there or missing

    def again(self, one: Worklist) -> Worklist:
        """A list without what is new in it, under the name of the last that the person was sent."""
        return one.without_new(self._lists[one.task, one.reviewer][-1])

    def files(self, one: Worklist, review: Review, as_of: datetime) -> list[tuple[str, bytes]]:
        """Name and content of each file that a list goes out as, but of those that are there and have all its rows."""
        tool = self._tool(one.task, one.reviewer)
        imported = self._imported(one, tool) if tool else frozenset()
        others = [] if one.id in imported else returned.handed_over_to(tool, one, imported)
        fresh = [(name, data) for name, data in others if not self._has(one, name, data)]
        return [*([] if self._shows(one) else [returned.written(one, review, as_of)]), *fresh]

    def issued(self, one: Worklist) -> None:
        """Counts a list that has been logged since."""
        self._lists.setdefault((one.task, one.reviewer), []).append(one.id)

    def put(self, reviewer: str, name: str, data: bytes) -> Path:
        """Writes a file; one that lies in its place goes to the earlier ones."""
        path = self._folder / reviewer / name
        _put_away(path)
        files.write(path, data)
        return path

    def tidy(self, owing: Collection[tuple[str, str]]) -> None:
        """Puts away what is not current: files of older lists, and of tasks of which their person owes nothing."""
        for key, lists in self._lists.items():
            current = lists[-1] if key in owing else None
            for path in self._files(key[1], [name for name in lists if name != current]):
                _put_away(path)

    def _tool(self, task: str, reviewer: str) -> str | None:
        return (self._tools.get(reviewer) or self._tools.get("")) if task in handed_over.STAGES else None

    def _places(self, reviewer: str, name: str) -> list[Path]:
        return [self._folder / reviewer / f"{name}.{kind}" for kind in ("xlsx", "csv")]

    def _shows(self, one: Worklist) -> bool:
        """Whether a file of that name is there, and has each row of the list."""
        for path in self._places(one.reviewer, one.id):
            if path.exists():
                try:
                    sheet = returned.read(path.read_bytes(), path.name)
                except NotAWorklist:
                    return False
                return {_row(cells) for cells in one.rows} <= {_row(row.values) for row in sheet.rows}
        return False

    def _has(self, one: Worklist, name: str, data: bytes) -> bool:
        path = self._folder / one.reviewer / name
        if one.task == "retrieval":
            return path.exists() and library.papers_in(data) <= library.papers_in(path.read_bytes())
        return path.exists() and path.read_bytes() == data

    def _imported(self, one: Owed | Worklist, tool: str) -> frozenset[str]:
        """The lists whose papers the tool has: each of its files has what the ones before it have not."""
        lists = self._lists.get((one.task, one.reviewer), [])
        homes = [self._folder / one.reviewer, self._folder / one.reviewer / EARLIER]
        names = [{handed_over.named(name, tool, kind) for kind in ("ris", "csv")} for name in lists]
        given = [at for at, its in enumerate(names) if any((home / name).exists() for home in homes for name in its)]
        return frozenset(lists[: max(given, default=-1) + 1])

    def _files(self, reviewer: str, lists: Sequence[str]) -> Iterator[Path]:
        wanted = frozenset(lists)
        for path in sorted((self._folder / reviewer).glob("*")):
            name, _, kind = path.name.partition(".")
            if name in wanted and kind.partition(".")[0] not in handed_over.ADDED_TO:
                yield path


def _row(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Which row it is: the list on which it went out, and what it is about."""
    return tuple(cells.get(name, "") for name in _KNOWN_BY)


def _put_away(path: Path) -> None:
    """Moves a file to the earlier ones beside it, without writing over one of another content."""
    if not path.exists():
        return
    home = path.parent / EARLIER
    home.mkdir(exist_ok=True)
    places = (home / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}") for number in range(1, 10_000))
    path.replace(next(place for place in places if not place.exists() or place.read_bytes() == path.read_bytes()))
