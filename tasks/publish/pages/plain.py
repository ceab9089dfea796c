"""Text from outside, made legible and harmless before it meets a page: nothing here is markup, and nothing stays invisible."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, urlsplit

LONGEST = 600  # a title has seldom more than 300 characters; the whole of it is in the tables

# Control characters are not allowed in XML 1.0; bidirectional embeddings, overrides and isolates (Unicode TR 9) can make
# a page read other than it is written, and none of them is needed where each text stands in an element of its own.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e007f]")
_SPACE = re.compile(r"\s+")
_SYLLABLE = re.compile(r"(?i)(?<=[a-z]{3})(?<=[aeiouy])([bcdfghjklmnpqrstvwxz]?)(?=[bcdfghjklmnpqrstvwxz][aeiouy][a-z]{1,})")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def plain(text: object, longest: int = LONGEST) -> str:
    """``text`` on one line, without characters that nobody sees, and cut (saying so) where it is longer than any title."""
    if text is None:
        return ""
    clean = _SPACE.sub(" ", _UNSEEN.sub("", str(text))).strip()
    if len(clean) <= longest:
        return clean
    return f"{clean[:longest].rstrip()} … (cut after {longest:,} of {len(clean):,} characters)"


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a longer text, which blank lines divide."""
    return [plain(part, 20_000) for part in re.split(r"\n\s*\n", text or "") if part.strip()]


def day(value: date | None) -> str:
    """``28 May 2018``, whatever the machine's language."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}" if value else "date not recorded"


def web_address(doi: str | None, url: str | None) -> str | None:
    """Where a reader finds the paper: by its DOI, else by its own address if that is one of the web, else nowhere."""
    if doi:
        return "https://doi.org/" + quote(_UNSEEN.sub("", doi), safe="/:;()._-")
    if not url or _UNSEEN.search(url) or _SPACE.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def breakable(label: str) -> str:
    """``label`` with soft hyphens in its long words, so that a narrow column head breaks at a syllable.

    A rough rule for English, before a consonant and a vowel; browsers with a dictionary of the page's language do better, and
    not all have one.
    """
    return " ".join(_SYLLABLE.sub("\\1\u00ad", word) if len(word) > 8 else word for word in plain(label).split(" "))
