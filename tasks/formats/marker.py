"""The mark by which a paper is known again when it comes back from another tool.

Tools give papers ids of their own and keep ours in no field for certain. So the mark stands in several (keywords, notes,
accession number), and is looked for in all text of what comes back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"evimap-(c[0-9a-f]{16})-(title_abstract|full_text)-([a-z0-9][a-z0-9_-]{0,63})")


@dataclass(frozen=True, slots=True)
class Mark:
    """A paper, the stage for which it was sent, and to whom."""

    citation_id: str
    stage: str
    reviewer: str

    def __str__(self) -> str:
        return f"evimap-{self.citation_id}-{self.stage}-{self.reviewer}"


NOBODY = Mark("", "", "")


def found(text: str) -> Mark:
    """The first mark in a text; `NOBODY` where there is none."""
    match = _MARK.search(text)
    return Mark(*match.groups()) if match else NOBODY
