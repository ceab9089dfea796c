"""Versions of the public map: a release gets its number when it is signed off, after its pages were made.

So a page has places, each between two marks, that say which version it is; the public copy is the page that was looked at, byte
for byte, but for these places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from warehouse.archive import Log

UNNUMBERED = "Release without a version number"
PLACE = f"<!--edition-->{UNNUMBERED}<!--/edition-->"
"""The place as a page has it before anybody has signed the release off."""

_PLACE = re.compile(rb"(<!--edition-->)[^<]*(<!--/edition-->)")


@dataclass(frozen=True, slots=True)
class Version:
    """A signed-off release: 1.0, 1.1 …"""

    number: str
    release_id: str
    signed: datetime


def versions(log: Log) -> list[Version]:
    """All versions, in order. A sign-off that was logged before there were numbers counts as the next minor one."""
    found: list[Version] = []
    for row in log.read("sign_off").to_pylist():
        if row["release_id"] not in {one.release_id for one in found}:
            found.append(Version(row["version"] or following(found), row["release_id"], row["as_of"]))
    return found


def following(found: list[Version], major: bool = False) -> str:
    """The number after these: 1.0 first, then 1.1, or 2.0 where what has changed is ``major``."""
    if not found:
        return "1.0"
    whole, part = (int(one) for one in found[-1].number.split("."))
    return f"{whole + 1}.0" if major else f"{whole}.{part + 1}"


def numbered(page: bytes, edition: str = UNNUMBERED) -> bytes:
    """A page with ``edition``, words without any markup, in its places."""
    return _PLACE.sub(lambda place: place[1] + edition.encode() + place[2], page)
