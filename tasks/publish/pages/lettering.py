"""How wide text is in a picture, which has no line breaks of its own: an estimate that is enough for every usual font."""

from __future__ import annotations

import unicodedata

# Advance widths of DejaVu Sans in thousandths of the font size, rounded up by class: where Arial and its likes are missing, it
# is what browsers of Linux take, and a tenth wider. A box that holds its text holds that of the others.
_WIDTHS = dict.fromkeys("ijl'I|!", 350) | dict.fromkeys(".,:;/\\()[]ft- \u00a0\u2019", 390) | dict.fromkeys('r"*_`\u2013', 500)
_WIDTHS |= dict.fromkeys("sz?c", 550) | dict.fromkeys("LFkvxyPTYaoe", 615) | dict.fromkeys("ESbdghnpqu0123456789", 640)
_WIDTHS |= dict.fromkeys("w+<=>#^~", 840) | dict.fromkeys("mMW%@\u2014\u2026", 1000)
_BOLD = 1.13


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of ``text`` in the unit of ``size``."""
    return sum(map(_advance, text)) * size / 1000 * (_BOLD if bold else 1)


def _advance(character: str) -> int:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 790 if character.isupper() else 640


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
