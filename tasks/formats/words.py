"""Answers in the coder's own words: ``other: housing first``, and how several answers stand in one cell.

Answers are parted by semicolons. Words that have one in them stand in double quotes, and a quote within these is doubled, as in
``mentors; other: "care; at home (""for a while"")"``.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r'\s*((?:[^;:"]*:\s*)?"(?:[^"]|"")*")\s*(?:;|$)')
_PLAIN = re.compile(r"\s*([^;]*?)\s*(?:;|$)")


def parted(text: str) -> list[str]:
    """The answers of a cell, each as it stands there, quotes included; empty ones are left out."""
    found, at = [], 0
    while at < len(text):
        part = _QUOTED.match(text, at) or _PLAIN.match(text, at)
        if part is None:  # neither pattern can fail: a guard against going round for ever
            break
        found.append(part[1])
        at = part.end()
    return [one for one in found if one]


def quoted(words: str, reserved: frozenset[str] = frozenset()) -> str:
    """``words`` as they stand in a cell; in quotes as well where they are ``reserved``, such as a "no" that means no no."""
    plain = ";" not in words and not words.startswith('"') and words.casefold() not in reserved
    return words if plain else '"' + words.replace('"', '""') + '"'


def unquoted(words: str) -> str:
    """What `quoted` was given, with every run of space as one."""
    inside = words[1:-1].replace('""', '"') if len(words) > 1 and words[0] == words[-1] == '"' else words
    return " ".join(inside.split())
