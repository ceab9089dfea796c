"""Invents the papers: each with a title of its own, authors, a journal, an abstract, and the fate that awaits it in the review.

Everything follows from the seed. DOIs lie under 10.5555, a prefix reserved for tests, and every abstract says what it is.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import frame
import vocabulary as words
from truth import Study, studies

SEED = 2018


@dataclass(frozen=True, slots=True)
class Paper:
    """One invented paper. ``fate``: irrelevant, not_retrieved, included, ongoing, awaiting_classification or a reason."""

    number: int
    fate: str
    study: Study | None
    title: str
    authors: tuple[tuple[str, str], ...]  # family and given names
    year: int
    month: int
    type: str
    journal: tuple[str, str]  # full and abbreviated
    volume: int
    issue: int
    pages: tuple[int, int]
    doi: str | None
    abstract: str
    keywords: tuple[str, ...]
    language: str

    @property
    def main_title(self) -> str | None:
        """The title without its subtitle, where it is long enough to stand alone as some databases let it."""
        main, colon, _ = self.title.partition(": ")
        return main if colon and len(main) >= 48 else None


@cache
def key(title: str) -> str:
    """Letters and digits of a title without case and accents: what all ways to type it have in common."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    return re.sub(r"[\W_]+", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


@cache
def papers(seed: int = SEED) -> tuple[Paper, ...]:
    """All papers that the searches can find. No title, with or without its subtitle, belongs to two of them."""
    draw = random.Random(f"papers {seed}")
    taken: set[str] = set()
    made: list[Paper] = []
    for number, (fate, study) in enumerate(_fates(draw, seed)):
        for _ in range(200):
            paper = _paper(draw, number, fate, study)
            keys = {key(paper.title), key(paper.main_title or paper.title)}
            if not keys & taken:
                break
        else:
            raise RuntimeError(f"the vocabulary is too small for {number} papers")
        taken |= keys
        made.append(paper)
    return tuple(made)


def pick(draw: random.Random, weights: dict[str, int]) -> str:
    """One key, by weight."""
    return draw.choices(tuple(weights), tuple(weights.values()))[0]


def _fates(draw: random.Random, seed: int) -> Iterator[tuple[str, Study | None]]:
    """The fate of every paper, in an order that gives nothing away."""
    fates: list[tuple[str, Study | None]] = [("included", study) for study in studies(seed)]
    for fate, count in {**frame.EXCLUDED, **frame.WAITING, "not_retrieved": frame.NOT_RETRIEVED}.items():
        fates += [(fate, None)] * count
    fates += [("irrelevant", None)] * (frame.PAPERS - len(fates))
    draw.shuffle(fates)
    return iter(fates)


def _paper(draw: random.Random, number: int, fate: str, study: Study | None) -> Paper:
    country = study.country if study else pick(draw, frame.COUNTRIES)
    design = study.design if study else pick(draw, frame.DESIGNS)
    near = fate != "irrelevant" or draw.random() < 0.06
    title, subject = _near_title(draw, study, country, design) if near else _far_title(draw, country)
    year = min(2018, 1991 + int(28 * draw.random() ** 0.6))
    start = draw.randint(1, 1400)
    kind = draw.choices(("article", "chapter", "thesis", "report"), (86, 5, 5, 4))[0] if fate == "irrelevant" else "article"
    return Paper(
        number=number,
        fate=fate,
        study=study,
        title=title[0].upper() + title[1:],
        authors=tuple(_author(draw) for _ in range(draw.choices((1, 2, 3, 4, 5, 6), (16, 28, 25, 16, 10, 5))[0])),
        year=year,
        month=draw.randint(1, 12) if year < 2018 else draw.randint(1, 5),
        type=kind,
        journal=draw.choice(words.JOURNALS),
        volume=year - 1991 + draw.randint(1, 30),
        issue=draw.randint(1, 6),
        pages=(start, start + draw.randint(5, 24)),
        doi=f"10.5555/evimap.{year}.{number:05d}" if draw.random() < 0.3 + (year - 1991) / 40 else None,
        abstract=_abstract(draw, subject, country, design),
        keywords=tuple(draw.sample((*words.TOPICS, "child welfare", "family support", "foster care", "social work"), 3)),
        language=draw.choice(("German", "Spanish", "Norwegian")) if fate == "not-english" else "English",
    )


def _author(draw: random.Random) -> tuple[str, str]:
    given = draw.choice(words.GIVEN)
    middle = f" {draw.choice('ABCDEFGHJKLMPRSTW')}." if draw.random() < 0.4 else ""
    return draw.choice(words.FAMILY_STARTS) + draw.choice(words.FAMILY_ENDS), given + middle


def _near_title(draw: random.Random, study: Study | None, country: str, design: str) -> tuple[str, str]:
    """A title about an intervention and care, and its subject for the abstract."""
    theme = study.groups[0].theme[0] if study else pick(draw, frame.THEME_TOTALS)
    aim = study.primary_outcome if study else pick(draw, frame.OUTCOMES)
    action, aimed = draw.choice(words.INTERVENTIONS[theme]), draw.choice(words.OUTCOMES[aim])
    who, how = draw.choice(words.FAMILIES), draw.choice(words.SUBTITLES[design])
    if design == "review":
        plain = f"{action} and {aimed} among {who}: {how}"
        return draw.choice((plain, f"What is known about {action} for {who} and {aimed}: {how}")), f"{action} for {who}"
    town = draw.choice(words.TOWNS[country])
    titles = (
        f"{action} and {aimed} among {who} in {town}: {how}",
        f"{action} for {who} in {town}: {how}",
        f"Can {action} change {aimed}? {how[0].upper()}{how[1:]} with {who} in {town}",
        f"{aimed} after {action}: {how} with {who} in {town}",
        f"“{draw.choice(words.QUOTES)}”: {who} on {action} in {town}",
        f"Working towards {aimed} in {town}: {action} for {who}",
        f"What {action} meant for {who} and {aimed} in {town}: {how}",
    )
    return draw.choice(titles), f"{action} for {who}"


def _far_title(draw: random.Random, country: str) -> tuple[str, str]:
    """A title that the searches catch although the paper is about something else, and its subject for the abstract."""
    topic, other = draw.sample(words.TOPICS, 2)
    who, town = draw.choice(words.GROUPS), draw.choice(words.TOWNS[country])
    how = draw.choice(words.SUBTITLES[draw.choice(("cohort", "qualitative", "mixed-methods", "before-after"))])
    titles = (
        f"{topic} among {who} in {town}: {how}",
        f"{topic} and {other} in {who}: {how}",
        f"Predictors of {topic} among {who} and the role of {other} in {town}",
        f"How {who} in {town} see {topic}: {how}",
        f"Understanding {topic}: perspectives of {who} in {town}",
        f"From {topic} to {other}: what {who} in {town} report",
        f"{topic}, {other} and the everyday work of {who} in {town}",
        f"Measuring {topic} in {who}: a scale tried out in {town}",
        f"{other} as a mediator between {topic} and wellbeing of {who}",
        f"“{draw.choice(words.QUOTES)}”: {who} in {town} on {topic}",
    )
    return draw.choice(titles), f"{topic} in {who}"


def _abstract(draw: random.Random, subject: str, country: str, design: str) -> str:
    number, years = draw.randint(18, 2400), draw.randint(2, 9)
    opening = (
        f"Little is known about {subject}.",
        f"Services have long debated {subject}.",
        f"Policy has turned to {subject}.",
    )
    method = words.SUBTITLES[design][0]
    place = words.COUNTRY_NAMES[country]
    middle = (
        f"We report {method} in {place} with {number} participants followed for {years} years.",
        f"Using {method}, records of {number} cases in {place} were examined over {years} years.",
    )
    end = (
        "Groups differed less than staff had expected.",
        "Results varied with age and with earlier contact with services.",
        "Participants described what helped and what stood in the way.",
        "Missing data limit what can be said.",
    )
    return " ".join((draw.choice(opening), draw.choice(middle), *draw.sample(end, 2), words.SYNTHETIC))
