"""A reference in one line, as PubMed's and Embase's tables give it where they have no columns for volume, issue and pages.

PubMed: ``Kite Lett. 2021 Dec 21;1(2):10-11. doi: …``. Embase: ``Kite Letters (2014) 3:3 (152-160). Date of Publication: …``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.formats import dates, fields

_LONGEST = 600  # characters of what can be a reference in one line
_FORMS = (
    re.compile(
        r"(?P<journal>[^;]+?)\. (?P<date>(?:1[89]|20)\d\d(?: [A-Z][a-z]+(?:-[A-Z][a-z]+)?(?: \d{1,2}(?:-\d{1,2})?)?)?)"
        r"(?:;(?P<volume>[^\s();:.]+(?: [^\s();:.]+)*)?(?:\((?P<issue>[^()]+)\))?(?::(?P<pages>[^\s;.]+))?)?\."
    ),
    re.compile(
        r"(?P<journal>[^;]+?) \((?P<date>(?:1[89]|20)\d\d)\) (?:(?P<volume>[\w-]+)(?::(?P<issue>[\w./ -]+?))?)?"
        r"(?: ?\((?P<pages>[\w.-]+)\))?\.?(?: (?:Date of Publication|Article Number):|$)"
    ),
)


@dataclass(frozen=True, slots=True)
class Cited:
    """What such a line says of a paper."""

    journal: str
    date: dates.Date
    volume: str | None
    issue: str | None
    pages: str | None


def read(value: str | None) -> Cited | None:
    """The parts of a line that has one of the two forms, else None."""
    if value is None or len(value) > _LONGEST:
        return None
    match = next((match for form in _FORMS if (match := form.match(value))), None)
    if match is None:
        return None
    return Cited(match["journal"], dates.read(match["date"]), match["volume"], match["issue"], fields.pages(match["pages"]))
