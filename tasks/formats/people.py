"""Names in one cell of a spreadsheet, where each exporter has its own way of keeping authors apart."""

from __future__ import annotations

import re

from tasks.formats import fields

_INITIALS = r"[A-ZÀ-Þ](?:[.\- ]{0,2}[A-ZÀ-Þ]){0,3}\.?"
_LAST_INITIALS = re.compile(rf"\S.*\s{_INITIALS}")
_ONLY_INITIALS = re.compile(_INITIALS)
_AND = re.compile(r"\s*,?\s+(?:and|&)\s+")
_PARTICLE = re.compile(r"(?:de|del|della|di|da|dos|du|van|von|vom|der|den|ter|la|le|el|al|bin|ibn|st\.?) ", re.IGNORECASE)


def names(value: str) -> tuple[tuple[str, ...], str | None]:
    """The names of a cell, and "et al." apart.

    Semicolons part names in newer Scopus, Covidence and Zotero tables, " and " in Rayyan, and commas in PubMed
    ("Smith A, Doe B") and older Scopus ("Smith A., Doe B."); elsewhere a comma stands between family and given name.
    """
    if "|" in value or ("//" in value and "://" not in value):
        value = value.replace("|", ";").replace("//", ";")  # OpenAlex, EndNote
    if ";" in value:
        return fields.names(value)
    found: list[str] = []
    for part in _AND.split(value):
        found += _by_comma([piece.strip() for piece in part.split(",") if piece.strip()])
    return fields.names(";".join(found))


def _by_comma(pieces: list[str]) -> list[str]:
    """Names out of the pieces between commas."""
    if len(pieces) < 2:
        return pieces
    if all(_LAST_INITIALS.fullmatch(piece) for piece in pieces):
        return pieces
    if len(pieces) % 2 == 0 and all(_ONLY_INITIALS.fullmatch(piece) for piece in pieces[1::2]):
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(pieces) == 2 and (" " not in pieces[0] or " " not in pieces[1] or _PARTICLE.match(pieces[0])):
        return [f"{pieces[0]}, {pieces[1]}"]
    if len(pieces) == 3 and pieces[2].rstrip(".").lower() in ("jr", "sr", "ii", "iii", "iv"):
        return [", ".join(pieces)]
    return pieces
