"""The command ``diff``: what one release says otherwise than another, from what each left in the log, pruned or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.faults import BadInput
from tasks.marts.build import compare
from warehouse.account import accounted, said_by
from warehouse.edition import versions
from warehouse.review import load
from warehouse.storage import Storage

HEADINGS = (
    ("Studies that came into the review", ("included",)),
    ("Studies that are no longer in it", ("no_longer_included",)),
    ("Studies that count as one with another now", ("joined",)),
    ("Studies that were part of another", ("divided",)),
    ("Studies that came onto the map", ("on_the_map",)),
    ("Studies that left the map", ("off_the_map",)),
    ("Studies that count as another kind", ("other_kind",)),
    ("Studies that are coded otherwise", ("recoded",)),
    ("Notices on included studies", ("notice", "notice_withdrawn")),
    ("Gaps that were closed", ("gap_closed",)),
    ("Gaps that were opened", ("gap_opened",)),
    ("Cells that are not applicable now", ("not_applicable",)),
    ("Cells that are not applicable no longer", ("applicable",)),
    ("Views with other cells", ("view",)),
    ("Studies by theme", ("theme",)),
    ("Numbers of the PRISMA diagram", ("box",)),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What is different in the release ``after``: rows of marts.change and of marts.citation_change."""

    before: str
    after: str
    changes: list[dict[str, Any]]
    citations: list[dict[str, Any]]

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
        """Title, head and rows of a table for each kind of change that there is."""
        for title, kinds in HEADINGS:
            if rows := [row for row in self.changes if row["what"] in kinds]:
                yield title, ("", "before", "after", "studies"), [_cells(row) for row in rows]
        moved = Counter((row["before"] or "", row["after"] or "") for row in self.citations)
        if moved:
            yield (
                "Citations that came, went or moved",
                ("from", "to", "citations"),
                [(*way, n) for way, n in sorted(moved.items())],
            )


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    numbers = row["n_before"] is not None or row["n_after"] is not None
    before, after = (row["n_before"], row["n_after"]) if numbers else (row["before"], row["after"])
    return (row["label"], before, after, ", ".join(row["studies"] or [row["study_id"] or ""]))


def diff(folder: Path, root: Path, before: str, after: str) -> Compared:
    """Compares two releases. Each is an id or the beginning of one, the number of its version, ``current``, or ``public``.

    Raises `BadInput` for one that is not known, with those that are.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    one, other = _release(storage, before), _release(storage, after)
    changes, citations = compare(said_by(storage.log, one), said_by(storage.log, other), review.id)
    return Compared(one, other, changes.to_pylist(), citations.to_pylist())


def _release(storage: Storage, name: str) -> str:
    known = accounted(storage.log)
    live = storage.current()
    wanted = {"current": live.id if live else None, "public": storage.shown()}.get(name, name)
    signed = {one.number: one.release_id for one in versions(storage.log)}
    wanted = signed.get(name, wanted)
    found = [one for one, _ in known if wanted and one.startswith(wanted)]
    if len(found) != 1:
        numbers = {release: f"  version {number}" for number, release in signed.items()}
        listed = "".join(f"\n  {one}  as of {as_of.isoformat(' ')}{numbers.get(one, '')}" for one, as_of in known) or " none"
        why = "is the beginning of several releases" if found else "is no release that left in the log what it said"
        raise BadInput(f"{name}: {why}; give current, public, or one of{listed}")
    return found[0]
