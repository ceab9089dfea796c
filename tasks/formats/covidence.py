"""Lists from Covidence. A list says what was decided, and not by whom; which list it is, its name says alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tasks.formats.decisions import UNKNOWN, Decision, Unreadable, marked

TOOL = "Covidence"
LISTS = {
    "irrelevant": ("title_abstract", "exclude"), "select": ("title_abstract", "include"),
    "excluded": ("full_text", "exclude"), "included": ("full_text", "include"),
}  # fmt: skip
"""What each list of Covidence means, by the word that is in its name: ``review_123_irrelevant_csv_20260101.csv``."""
_REASON = re.compile(r"Exclusion reason:\s*([^;\n]+)", re.IGNORECASE)


def is_list(name: str) -> bool:
    """Whether a file is called as one of Covidence's lists."""
    return bool(_words(name))


def decisions(rows: Iterable[Mapping[str, str]], name: str) -> Iterator[Decision]:
    """A decision for each paper of a list. Raises `Unreadable` where the name does not say which list it is."""
    named = _words(name)
    if len(named) != 1:
        words = ", ".join(f"{word} ({stage.replace('_', ' ')}: {decision})" for word, (stage, decision) in LISTS.items())
        raise Unreadable(f"nothing says which list of Covidence this is; put one of these words into its name: {words}")
    return _decided(rows, *LISTS[named[0]])


def _decided(rows: Iterable[Mapping[str, str]], stage: str, decision: str) -> Iterator[Decision]:
    for row in rows:
        note = row.get("Notes") or row.get("N1", "")
        reason = _REASON.search(note)
        given = reason[1].strip() if reason and decision == "exclude" else ""
        title = row.get("Title") or row.get("TI") or row.get("T1", "")
        yield Decision(marked(row), title, "", decision, TOOL, stage=stage, reason=given, note=note, voters=UNKNOWN)


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", name.lower()) if word in LISTS]
