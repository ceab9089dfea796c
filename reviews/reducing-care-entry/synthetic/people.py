"""Simulated reviewers, librarian, adjudicators and coders: they answer worklists as files, as real people would.

Usage: ``python reviews/reducing-care-entry/synthetic/people.py WORKLISTS_DIR INBOX_DIR [DAYS]``

Every worklist in WORKLISTS_DIR that has no answer in INBOX_DIR yet is filled in and put there under its own name. Decisions are
dated up to DAYS days after the worklist was handed out; without DAYS, on that same day. One person leaves rows of a screening
list open, and returns it whole once the first file was taken in; another then changes some of the decisions.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

from answers import Row, Team, answered, in_part, reconsidered, second_copies

LATE, UNDECIDED = "r4", "r2"
SEMICOLONS = "r3"  # this person's spreadsheet program saves with semicolons and in Windows-1252
_TAKEN = re.compile(r"^[0-9a-f]{12}-")  # ingested files are filed under their hash and name


def main(worklists: Path, inbox: Path, days: int, earlier: bool = False) -> None:
    """Answers all open worklists; ``earlier``: by the first version of the codebook."""
    sent = (path for path in sorted(worklists.rglob("*.csv")) if "refused" not in path.relative_to(worklists).parts)
    lists = {path: read(path) for path in sent}
    taken = {_TAKEN.sub("", path.name) for path in inbox.glob("taken/*.csv")}
    back = taken | {path.name for path in inbox.glob("*.csv")}
    team = Team(second_copies(row for rows in lists.values() for row in rows), days, earlier)
    inbox.mkdir(parents=True, exist_ok=True)
    new = {name: filled for path, rows in lists.items() for name, filled in returned(path, rows, back, taken, team).items()}
    for name, rows in new.items():
        (inbox / name).write_bytes(written(rows))
    print(f"{len(new)} worklists answered, {sum(len(rows) for rows in new.values()):,} rows")


def returned(path: Path, rows: list[Row], back: set[str], taken: set[str], team: Team) -> dict[str, list[Row]]:
    """What comes back of a worklist this time, by file name; ``back`` came before, and ``taken`` of it was taken in."""
    if not rows:
        return {}
    person, screens = rows[0]["reviewer"], rows[0]["task"] in ("title_abstract", "full_text")
    if path.name not in back:
        filled = answered(rows, team)
        return {path.name: in_part(filled) if screens and person == LATE else filled}
    later = f"{path.stem}-later.csv"
    if not screens or later in back or path.name not in taken:
        return {}
    again = {LATE: answered, UNDECIDED: reconsidered}.get(person)
    found = again(rows, team) if again else []
    return {later: found} if found else {}


def read(path: Path) -> list[Row]:
    """The rows of a worklist."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def written(rows: list[Row]) -> bytes:
    """The rows as the person's spreadsheet program saves them."""
    own = rows[0]["reviewer"] == SEMICOLONS
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, rows[0].keys(), delimiter=";" if own else ",", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("cp1252" if own else "utf-8-sig", "replace")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
