"""Which source holds which invented paper, and what each source makes of it: other name forms, missing DOIs, typing errors.

A paper that the review includes in the end gets no damage that could part or merge its records, so that the published total
comes out whole. All other papers get what real exports have.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache

import vocabulary as words
from papers import SEED, Paper, papers


@dataclass(frozen=True, slots=True)
class Style:
    """How one database shows its records, as shares of them in per cent; ``weight`` is its size."""

    weight: int
    capitals: bool  # Titles With Capitals
    initials: bool
    doi: int
    abbreviated: int
    damaged: int
    twice: int  # records that stand in the database a second time under another number


@dataclass(frozen=True, slots=True)
class Record:
    """One paper as one source shows it."""

    source: str
    accession: str
    paper: Paper
    title: str
    authors: tuple[str, ...]
    journal: str
    doi: str | None
    complete: bool = True  # false: published ahead of print, without volume and pages


STYLES = {
    "psycinfo": Style(39, capitals=False, initials=False, doi=85, abbreviated=0, damaged=2, twice=0),
    "medline": Style(20, capitals=False, initials=False, doi=95, abbreviated=0, damaged=1, twice=0),
    "social-services-abstracts": Style(21, capitals=True, initials=False, doi=60, abbreviated=5, damaged=5, twice=2),
    "assia": Style(20, capitals=True, initials=False, doi=55, abbreviated=10, damaged=5, twice=1),
    "cinahl": Style(19, capitals=True, initials=False, doi=75, abbreviated=40, damaged=3, twice=1),
    "scopus": Style(42, capitals=False, initials=True, doi=95, abbreviated=0, damaged=2, twice=1),
    "social-policy-practice": Style(10, capitals=False, initials=True, doi=10, abbreviated=0, damaged=6, twice=0),
}
FOUND_IN = (630, 215, 105, 45, 18)  # weights of being in 1, 2 … 5 databases; included papers are known more widely
INCLUDED_IN = (20, 30, 25, 15, 10)
WEB_ONLY, EXPERT_ONLY = 9, 4  # included papers that no database has
WEB_SHARE = 0.036  # of other papers: documents of organisations, in no database
SUGGESTED_ALSO = 12  # included papers that experts suggest although databases have them

_CLEAN = ("included", "ongoing", "awaiting_classification")


@cache
def records(seed: int = SEED) -> dict[str, tuple[Record, ...]]:
    """The records of each source, in the order in which it lists them."""
    draw = random.Random(f"records {seed}")
    held: dict[str, list[Record]] = {source: [] for source in (*STYLES, *words.ORGANISATIONS, "experts")}
    apart = iter(draw.sample([paper.number for paper in papers(seed) if paper.fate == "included"], WEB_ONLY + EXPERT_ONLY))
    web = {next(apart) for _ in range(WEB_ONLY)}
    expert = set(apart)
    for paper in papers(seed):
        if paper.number in expert:
            held["experts"].append(_plain("experts", paper))
        elif paper.number in web or (paper.fate not in _CLEAN and draw.random() < WEB_SHARE):
            for host in _hosts(draw, paper):
                held[host].append(_plain(host, paper))
        else:
            for source in _databases(draw, paper):
                record = _record(draw, source, paper, len(held[source]))
                held[source].append(record)
                if draw.random() * 100 < STYLES[source].twice and paper.fate not in _CLEAN:
                    held[source].append(replace(record, accession=accession(source, paper, len(held[source]))))
    held["experts"] += _also_suggested(draw, held)
    return {source: tuple(_shuffled(draw, some)) for source, some in held.items()}


def accession(source: str, paper: Paper, place: int) -> str:
    """A number in the manner of the source, in a range that no real record has."""
    return {
        "psycinfo": f"{paper.year}-99{place % 1000:03d}-{place // 1000 + 1:03d}",
        "medline": f"{99_000_001 + place * 7}",
        "social-services-abstracts": f"9{place * 13 + 100_000_007:09d}",
        "assia": f"8{place * 11 + 200_000_003:09d}",
        "cinahl": f"999{place * 3 + 100_001:06d}",
        "scopus": f"2-s2.0-9990{place * 17 + 1_000_003:08d}",
        "social-policy-practice": f"SPP{place * 5 + 900_001}",
    }[source]


def _databases(draw: random.Random, paper: Paper) -> list[str]:
    number = draw.choices((1, 2, 3, 4, 5), INCLUDED_IN if paper.fate == "included" else FOUND_IN)[0]
    left = {source: style.weight for source, style in STYLES.items()}
    found = []
    for _ in range(number):
        source = draw.choices(tuple(left), tuple(left.values()))[0]
        del left[source]
        found.append(source)
    return sorted(found)


def _hosts(draw: random.Random, paper: Paper) -> list[str]:
    """The organisation that published a document, and now and then another one that lists it too."""
    shares = {source: share for source, (_, _, share) in words.ORGANISATIONS.items()}
    number = 2 if paper.fate not in _CLEAN and draw.random() < 0.05 else 1
    return sorted(set(draw.choices(tuple(shares), tuple(shares.values()), k=number)))


def _plain(source: str, paper: Paper) -> Record:
    authors = tuple(f"{family}, {given}" for family, given in paper.authors)
    return Record(source, "", paper, paper.title, authors, paper.journal[0], paper.doi)


def _also_suggested(draw: random.Random, held: dict[str, list[Record]]) -> list[Record]:
    """Suggestions of papers that the databases have. They come with a DOI, without which nothing would tie the two together."""
    known = {record.paper.number: record.paper for source in STYLES for record in held[source]}
    included = [paper for paper in known.values() if paper.fate == "included" and paper.doi]
    others = [paper for paper in known.values() if paper.fate in ("wrong-outcome", "not-intervention") and paper.doi]
    chosen = draw.sample(included, SUGGESTED_ALSO) + draw.sample(others, SUGGESTED_ALSO)
    return [_plain("experts", paper) for paper in chosen]


def _record(draw: random.Random, source: str, paper: Paper, place: int) -> Record:
    style = STYLES[source]
    title = paper.title
    if draw.random() * 100 < style.damaged and paper.fate not in _CLEAN:
        title = paper.main_title if paper.main_title and draw.random() < 0.4 else mistyped(draw, title)
    return Record(
        source=source,
        accession=accession(source, paper, place),
        paper=paper,
        title=_capitals(title) if style.capitals else title,
        authors=tuple(_name(family, given, style.initials) for family, given in paper.authors),
        journal=paper.journal[draw.random() * 100 < style.abbreviated],
        doi=paper.doi if draw.random() * 100 < style.doi else None,
    )


def mistyped(draw: random.Random, title: str) -> str:
    """The title with two letters swapped, one left out or one typed twice, inside a long word."""
    long = [word for word in title.split() if len(word) > 6 and word.isalpha()]
    if not long:
        return title
    word = draw.choice(long)
    at = draw.randint(2, len(word) - 3)
    wrong = draw.choice(
        (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:])
    )
    return title.replace(word, wrong, 1)


def _name(family: str, given: str, initials: bool) -> str:
    if not initials:
        return f"{family}, {given}"
    return f"{family} " + "".join(f"{part[0]}." for part in given.split())


def _capitals(title: str) -> str:
    small = ("a", "an", "and", "as", "at", "between", "by", "for", "from", "in", "of", "on", "the", "to", "with")
    return " ".join(word if word in small else word[0].upper() + word[1:] for word in title.split())


def _shuffled(draw: random.Random, some: list[Record]) -> list[Record]:
    draw.shuffle(some)
    return some
