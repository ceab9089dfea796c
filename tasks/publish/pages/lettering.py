"""How wide text is in a picture, which has no line breaks of its own: an estimate for Arial and fonts of its metrics."""

from __future__ import annotations

import unicodedata

# Advance widths of Arial in thousandths of the font size, rounded up by class; a little too wide is safer than too narrow.
_WIDTHS = dict.fromkeys("ijl'|!", 230) | dict.fromkeys(".,:;/\\()[]ft I\u00a0", 300) | dict.fromkeys('r-"*', 350)
_WIDTHS |= dict.fromkeys("ckszvxyJ", 520) | dict.fromkeys("mMW%@", 900) | {"w": 740, "—": 1000, "…": 1000, "=": 600, "–": 560}


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of ``text`` in the unit of ``size``."""
    return sum(map(_advance, text)) * size / 1000 * (1.07 if bold else 1)


def _advance(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 720 if character.isupper() else 570


def wrapped(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """``text`` in lines that are no wider than ``room``; a word that is wider by itself is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _cut(word, room, size, bold)
        lines += whole
    return [*lines, line]


def _cut(word: str, room: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, size, bold) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces
