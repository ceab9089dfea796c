"""What a played source is, and the invented papers that it holds."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a played source sees it; ``path`` begins after the place where the source is mounted, with a slash."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)  # the last value of each name
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a played source answers."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


Played = Callable[[Asked], Answer]


@dataclass(frozen=True, slots=True)
class Paper:
    """An invented paper; ``changed`` is the day of its last change at the source."""

    number: int  # from 1; the source's own id is made of it
    title: str
    authors: tuple[tuple[str, str], ...]  # family, given
    year: int
    journal: str
    volume: int
    issue: int
    first: int
    last: int
    doi: str
    abstract: str
    keywords: tuple[str, ...]
    changed: date
    retracted: bool = False


_FAMILIES = ("Okafor", "Lindqvist", "Ó Briain", "Müller-Haas", "Nakamura", "de la Cruz", "Adeyemi", "Šimić", "Larsen",
             "Whitlock")  # fmt: skip
_GIVEN = ("A. M.", "Bea", "Chidi", "D.", "Erik", "Fatou", "G. H.", "Hana", "Íris", "Jo")
_WHAT = ("Kinship placements", "Peer advocacy", "Respite <i>at home</i>", "Debt advice & housing", "Family meetings",
         "Mentoring", "Night-time helplines", "Shared training", "Substance use courts", "Early visits by nurses")  # fmt: skip
_JOURNALS = ("Journal of Invented Care", "Invented Review of Family Policy", "Zeitschrift für Erfundenes")
_WHERE = ("coastal towns", "rural councils", "two cities", "border regions", "post-war estates", "island communities")


def papers(count: int, seed: int = 1, start: int = 1) -> tuple[Paper, ...]:
    """Invented papers, the same for the same numbers; titles differ from one another."""
    chance = random.Random(seed)
    made = []
    for number in range(start, start + count):
        what, where = chance.choice(_WHAT), chance.choice(_WHERE)
        year = chance.randint(1991, 2025)
        first = chance.randint(1, 800)
        made.append(
            Paper(
                number=number,
                title=f"{what} in {where}: invented study {number} of “care” and return",
                authors=tuple((chance.choice(_FAMILIES), chance.choice(_GIVEN)) for _ in range(chance.randint(1, 4))),
                year=year,
                journal=chance.choice(_JOURNALS),
                volume=year - 1980,
                issue=chance.randint(1, 6),
                first=first,
                last=first + chance.randint(4, 20),
                doi=f"10.5555/played.{number}",
                abstract=f"Background: invented. Methods: {chance.randint(20, 900)} families in {where}. Results: none, since "
                + "nothing of this happened. " * chance.randint(3, 12),
                keywords=("foster care", where),
                changed=date(2025, 1, 1) + timedelta(days=chance.randint(0, 300)),
                retracted=number % 97 == 0,
            )
        )
    return tuple(made)
