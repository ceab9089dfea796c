"""What formats of tagged text have in common: records as (tag, value) pairs, and the fields that are read from them.

RIS, Web of Science, EndNote Refer, Ovid and ProQuest each cut and name their records in their own way. From there on the same
holds for all: a field takes the values that it understands, and what no field takes stays in ``Reference.other``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tasks.formats import dates, fields
from tasks.formats import ris_tags as tags
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import REPLACEMENT, Text, clean, outside

_NOTICES = (  # words of document types, tried in order ("retraction of publication" before "retracted")
    ("retraction", "retraction-of"), ("retracted", "retracted"), ("withdrawn publication", "retracted"),
    ("expression of concern", "concern-about"), ("erratum", "correction-of"), ("corrected", ""),
    ("correction", "correction-of"),
)  # fmt: skip


@dataclass(slots=True)
class Record:
    """A record as it stands in the file: first and last line (0-based, both included) and its values, part by part."""

    first: int
    last: int
    values: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, line: int, tag: str, value: str) -> None:
        """A value that begins in this line."""
        self.values.append((tag, [value]))
        self.last = line

    def extend(self, line: int, text: str) -> None:
        """Text that goes on with the last value."""
        self.values[-1][1].append(text)
        self.last = line

    def pairs(self) -> list[tuple[str, str]]:
        """Tags with their whole values."""
        return [(tag, " ".join(parts)) for tag, parts in self.values]


class Values:
    """The values of a record by tag; a field takes what it understands, the rest is left for ``other``."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._by_tag: dict[str, list[str]] = {}
        self.other: list[tuple[str, str]] = []
        self.damaged = False
        by_tag = self._by_tag
        for tag, raw in pairs:
            value = clean(raw)
            if value is not None:
                if REPLACEMENT in value:
                    self.damaged = True
                if tag in by_tag:
                    by_tag[tag].append(value)
                else:
                    by_tag[tag] = [value]

    def __bool__(self) -> bool:
        return bool(self._by_tag)

    def seen(self, tag: str) -> list[str]:
        """The values of a tag, which stay."""
        return self._by_tag.get(tag, [])

    def take(self, tag: str) -> list[str]:
        """The values of a tag, which are then dealt with."""
        return self._by_tag.pop(tag, [])

    def leave(self, tag: str, value: str | None) -> None:
        """Keep a value, if there is one, for ``other``."""
        if value:
            self.other.append((tag, value))

    def first(self, *names: str) -> str | None:
        """The first value of the first of these tags; different values of the same tags are left."""
        found: str | None = None
        for tag in names:
            if tag not in self._by_tag:
                continue
            for value in self._by_tag.pop(tag):
                if found is None:
                    found = value
                elif value != found:
                    self.leave(tag, value)
        return found

    def rest(self) -> tuple[tuple[str, str], ...]:
        """All that no field took; tags that no field of RIS ever takes come last, as `ris.write` keeps them."""
        left = [(tag, value) for tag, values in self._by_tag.items() for value in values]
        return (*self.other, *sorted(left, key=lambda pair: pair[0] in tags.FREE))


def when(values: Values, names: Sequence[str]) -> tuple[int | None, str | None, tuple[str, ...]]:
    """Year, date and warnings out of these tags, which often say the same; what contradicts or says more is left."""
    said = [(tag, value) for tag in names for value in values.take(tag)]
    year = next((date.year for _, value in said if (date := dates.read(value)).year is not None), None)
    read = [(tag, value, dates.read(value, year)) for tag, value in said]
    best = dates.best([date for _, _, date in read])
    warnings: list[str] = []
    for tag, value, date in read:
        if date.year != year or date.rest or not (best.iso or "").startswith(date.iso or ""):
            values.leave(tag, value)
        if date.year is not None and date.year != year:
            warnings.append(f"{tag} says {date.year}, the year taken is {year}")
    return best.year, best.iso, tuple(warnings)


def doi(values: Values, names: Sequence[str]) -> str | None:
    """The first DOI in these tags; what is none, or another, is left."""
    found: str | None = None
    for tag in names:
        for value in values.take(tag):
            one = fields.doi(value)
            found = found or one
            if one is None or one != found:
                values.leave(tag, value)
    return found


def linked_doi(values: Values, names: Sequence[str]) -> str | None:
    """The first DOI among these tags' links to doi.org; a publisher's page has its DOI in its address only by custom."""
    links = (link for tag in names for value in values.seen(tag) for link in fields.urls(value)[0])
    return next((fields.doi(link) for link in links if fields.is_doi(link)), None)


def serials(values: Values, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISSNs and ISBNs in these tags; values that have neither are left."""
    issn: list[str] = []
    isbn: list[str] = []
    for tag in names:
        for value in values.take(tag):
            found = fields.serials(value)
            issn += found[0]
            isbn += found[1]
            if not any(found):
                values.leave(tag, value)
    return fields.unique(issn), fields.unique(isbn)


def urls(values: Values, names: Sequence[str]) -> tuple[str, ...]:
    """The http(s) links in these tags; what else they say is left."""
    found: list[str] = []
    for tag in names:
        for value in values.take(tag):
            links, rest = fields.urls(value)
            found += links
            values.leave(tag, rest)
    return fields.unique(found)


def people(values: Values, tag: str) -> tuple[str, ...]:
    """The names in a tag; "et al." is left, it is nobody."""
    found: list[str] = []
    for value in values.take(tag):
        names, others = fields.names(value)
        found += names
        values.leave(tag, others)
    return tuple(found)


def abstract(values: Values, names: Sequence[str]) -> str | None:
    """The abstract of the first of these tags that has one; a database's copyright notice is left."""
    for tag in names:
        found, tails = fields.abstract(values.take(tag))
        for tail in tails:
            values.leave(tag, tail)
        if found is not None:
            return found
    return None


def keywords(values: Values, names: Sequence[str]) -> tuple[str, ...]:
    """The keywords in these tags, parted at semicolons."""
    words = (word.strip() for tag in names for value in values.take(tag) for word in value.split(";"))
    return fields.unique(word for word in words if word)


def pmid(accession: str | None, database: str | None) -> str | None:
    """The PubMed number that the accession number is in the databases that hold MEDLINE."""
    if accession is None:
        return None
    medline = database is not None and any(name in database.lower() for name in ("medline", "pubmed"))
    return fields.pmid(accession) if medline or accession.startswith(("MEDLINE:", "PMID:")) else None


def notices(types: Iterable[str]) -> tuple[str, ...]:
    """What document types say of retractions and corrections; none of them names the other paper."""
    found = (next((kind for mark, kind in _NOTICES if mark in value.lower()), "") for value in types)
    return fields.unique(kind for kind in found if kind)


def parsed(
    name: str,
    text: Text,
    records: Sequence[Record],
    reference: Callable[[int, int, list[tuple[str, str]]], Reference | None],
    reason: str,
    *,
    strays: Iterable[tuple[int, str]] = (),
    warnings: tuple[str, ...] = (),
) -> Parsed:
    """The records as references; those of which ``reference`` makes nothing are rejected for the ``reason``."""
    references: list[Reference] = []
    rejected: list[Rejected] = []
    for record in records:
        offset, length = text.span(record.first, record.last)
        found = reference(offset, length, record.pairs())
        if found is not None:
            references.append(found)
        else:
            rejected.append(Rejected(offset, length, record.first + 1, reason, text.data[offset : offset + length]))
    lost = outside(strays, "text that belongs to no field of a record")
    return Parsed(name, text.encoding, len(records), tuple(references), tuple(rejected), (*text.warnings, *lost, *warnings))


def unended(lines: Sequence[int], end: str) -> tuple[str, ...]:
    """A warning about records, given by their first lines (1-based), that have no end line of their own."""
    if not lines:
        return ()
    shown = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    return (f"records without an end line ({end}): {len(lines)}, starting in line {shown}",)
