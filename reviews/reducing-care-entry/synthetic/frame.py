"""The coding frame as the invention needs it, and the published figures that the invented studies add up to.

The codes are those of ``codebook.yaml`` (a test holds the two together); the weights that tie levels, outcomes and evidence to
themes and designs are made up.
"""

from __future__ import annotations

# Executive summary of the model review; a study can have several themes, so they add up to more than the 170 included.
THEME_TOTALS = {
    "skills-training": 44,
    "service-integration": 43,
    "worker-practice": 42,
    "therapeutic-approach": 42,
    "system-structure": 18,
    "family-meetings": 16,
    "family-finances": 13,
    "mentors": 10,
    "supervision": 3,
}
INCLUDED = 170
THEMES_PER_STUDY = {3: 9, 2: 43, 1: 118}  # how many studies have so many themes: made up, but it has to fit the totals
REVIEWS = 14

EXCLUDED = {
    "not-intervention": 128,
    "wrong-outcome": 141,
    "not-research": 46,
    "wrong-population": 38,
    "duplicate-report": 11,
    "not-english": 26,
}
WAITING = {"ongoing": 2, "awaiting_classification": 1}
NOT_RETRIEVED = 139
PAPERS = 10_736  # unique papers that were identified

LEVELS = {
    "skills-training": {"family": 6, "child": 3, "community": 1},
    "service-integration": {"organisation": 6, "community": 3, "policy": 2},
    "worker-practice": {"organisation": 5, "family": 5},
    "therapeutic-approach": {"family": 5, "child": 5},
    "system-structure": {"policy": 6, "organisation": 4},
    "family-meetings": {"family": 9, "organisation": 1},
    "family-finances": {"policy": 4, "family": 4, "community": 2},
    "mentors": {"family": 5, "child": 2, "community": 3},
    "supervision": {"organisation": 1},
}
OUTCOMES = {"entry": 60, "re-entry": 18, "reunification": 38}
EVIDENCE = {  # share of studies of a design with evidence of a type
    "rct": {"effectiveness": 100, "moderators": 30, "implementation": 20, "mechanisms": 10},
    "quasi-experimental": {"effectiveness": 100, "moderators": 25, "implementation": 15},
    "cohort": {"effectiveness": 85, "moderators": 45},
    "before-after": {"effectiveness": 95, "implementation": 30, "mechanisms": 10},
    "qualitative": {"mechanisms": 80, "implementation": 65},
    "mixed-methods": {"effectiveness": 60, "mechanisms": 50, "implementation": 75, "moderators": 15},
    "economic": {"economic": 100, "effectiveness": 50},
    "review": {"effectiveness": 80, "mechanisms": 35, "moderators": 30, "implementation": 35},
}
DESIGNS = {
    "rct": 16,
    "quasi-experimental": 26,
    "cohort": 22,
    "before-after": 14,
    "qualitative": 12,
    "mixed-methods": 7,
    "economic": 3,
}
COUNTRIES = {
    "united-states": 52,
    "united-kingdom": 21,
    "australia": 9,
    "canada": 6,
    "netherlands": 4,
    "nordic": 5,
    "other": 3,
}

CODES = {
    "theme": tuple(THEME_TOTALS),
    "level": ("community", "policy", "organisation", "family", "child"),
    "outcome": tuple(OUTCOMES),
    "primary_outcome": tuple(OUTCOMES),
    "emmie": ("effectiveness", "mechanisms", "moderators", "implementation", "economic"),
    "study_kind": ("primary", "review"),
    "design": (*DESIGNS, "review"),
    "country": (*COUNTRIES, "several"),
}
FORMER = {  # what codes were called when coding began; the United Kingdom was two
    ("theme", "family-finances"): ("finances",),
    ("country", "united-kingdom"): ("england", "scotland-wales-northern-ireland"),
    ("country", "netherlands"): ("elsewhere",),
    ("country", "nordic"): ("elsewhere",),
    ("country", "other"): ("elsewhere",),
}
GROUPED = ("theme", "level", "outcome", "emmie")  # coded once for each group of things that belong together
MULTIPLE = GROUPED
WHOLE = ("primary_outcome", "study_kind", "design", "country")  # coded once for the study
TEXT = "summary"
