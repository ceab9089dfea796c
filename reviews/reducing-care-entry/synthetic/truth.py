"""What is true of the invented included studies: the coding that the simulated team arrives at in the end."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

import frame


@dataclass(frozen=True, slots=True)
class Group:
    """Interventions, levels, outcomes and evidence that belong together within one study."""

    theme: tuple[str, ...]
    level: tuple[str, ...]
    outcome: tuple[str, ...]
    emmie: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """The true coding of one included study."""

    groups: tuple[Group, ...]
    primary_outcome: str
    study_kind: str
    design: str
    country: str

    def codes(self, dimension: str, group: int) -> tuple[str, ...]:
        """The codes of a dimension: those of group ``group`` (from 1), or of the study as a whole."""
        if dimension in frame.GROUPED:
            found: tuple[str, ...] = getattr(self.groups[group - 1], dimension)
            return found
        return (getattr(self, dimension),)


@cache
def studies(seed: int) -> tuple[Study, ...]:
    """The included studies; their themes add up to the published totals."""
    draw = random.Random(f"studies {seed}")
    themes = _themes(draw)
    common = set(list(frame.THEME_TOTALS)[:6])  # reviews of mentors or supervision would leave too few primary studies there
    reviews = set(draw.sample([place for place, some in enumerate(themes) if common.issuperset(some)], frame.REVIEWS))
    return tuple(_study(draw, some, place in reviews) for place, some in enumerate(themes))


def _themes(draw: random.Random) -> list[tuple[str, ...]]:
    """The themes of each study: studies with several first, so that what is left always fits those with one."""
    left = Counter(frame.THEME_TOTALS)
    sets = []
    for size, count in frame.THEMES_PER_STUDY.items():
        for _ in range(count):
            chosen: list[str] = []
            while len(chosen) < size:
                theme = draw.choices(tuple(left), tuple(left.values()))[0]
                if theme not in chosen:
                    chosen.append(theme)
            left.subtract(chosen)
            sets.append(tuple(chosen))
    draw.shuffle(sets)
    return sets


def _study(draw: random.Random, themes: tuple[str, ...], review: bool) -> Study:
    design = "review" if review else draw.choices(tuple(frame.DESIGNS), tuple(frame.DESIGNS.values()))[0]
    country = "several" if review else draw.choices(tuple(frame.COUNTRIES), tuple(frame.COUNTRIES.values()))[0]
    main = draw.choices(tuple(frame.OUTCOMES), tuple(frame.OUTCOMES.values()))[0]
    apart = len(themes) > 1 and draw.random() < 0.65  # else the interventions were one package
    parts = [(theme,) for theme in themes] if apart else [themes]
    return Study(
        groups=tuple(_group(draw, part, main, design) for part in parts),
        primary_outcome=main,
        study_kind="review" if review else "primary",
        design=design,
        country=country,
    )


def _group(draw: random.Random, themes: tuple[str, ...], main: str, design: str) -> Group:
    levels = {draw.choices(tuple(weights), tuple(weights.values()))[0] for weights in map(frame.LEVELS.__getitem__, themes)}
    outcomes = {main} | {outcome for outcome in frame.OUTCOMES if draw.random() < 0.12}
    chances = frame.EVIDENCE[design]
    evidence = {kind for kind, chance in chances.items() if draw.random() * 100 < chance} or {next(iter(chances))}
    return Group(
        theme=_ordered("theme", set(themes)),
        level=_ordered("level", levels),
        outcome=_ordered("outcome", outcomes),
        emmie=_ordered("emmie", evidence),
    )


def _ordered(dimension: str, chosen: set[str]) -> tuple[str, ...]:
    return tuple(code for code in frame.CODES[dimension] if code in chosen)
