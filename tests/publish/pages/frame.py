"""A review in the model review's frame, with invented sources, rules and words about itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from warehouse.configuration.amendments import Amendment, Amendments
from warehouse.configuration.codebook import Code, Codebook, Dimension
from warehouse.configuration.not_applicable import NotApplicable
from warehouse.configuration.protocol import Eligibility, FullTextRules, MapSettings, Protocol, Reason, Release, Screening, View
from warehouse.configuration.searches import Searches
from warehouse.configuration.sources import Source
from warehouse.review import Review

THEMES = {
    "skills-training": "Family or child skills training",
    "service-integration": "Service integration or coordination",
    "worker-practice": "Change in what a worker does",
    "therapeutic-approach": "Change in, or new, therapeutic approach",
    "system-structure": "Structure change in the child welfare system",
    "family-meetings": "Meetings that include the family and relevant workers",
    "family-finances": "Interventions that change a family's finances",
    "mentors": "Mentors",
    "supervision": "Supervision of social workers",
}
LEVELS = {name: name.title() for name in ("community", "policy", "organisation", "family", "child")}
OUTCOMES = {"entry": "Initial entry to care", "re-entry": "Re-entry to care", "reunification": "Post-care reunification"}
EMMIE = {
    "effectiveness": "Effectiveness",
    "mechanisms": "Mechanisms of change",
    "moderators": "Moderators",
    "implementation": "Implementation",
    "economic": "Economic evaluation",
}
DESIGNS = {"rct": "Randomised controlled trial", "cohort": "Cohort", "qualitative": "Qualitative"}
REASONS = {
    "not-intervention": "Not about an intervention",
    "wrong-outcome": "Outcome is not care entry, re-entry or reunification",
}
SYNTHETIC = "Everything on this page was made up to test it. Do not cite it as evidence."
SOURCES = (
    Source(id="psycinfo", database="PsycINFO", platform="Ovid"),
    Source(id="assia", database="Applied Social Sciences Index & Abstracts (ASSIA)", platform="ProQuest"),
    Source(id="trust", database="Northmoor Children's Trust", box="organisation"),
    Source(id="experts", database="Suggestions of experts", box="expert"),
)
VIEWS = (
    View(id="level-outcome", title="Levels, outcomes and types of evidence", rows=("level",), columns=("outcome", "emmie")),
    View(id="level-theme", title="Levels and themes", rows=("level",), columns=("theme",)),
    View(
        id="all-four",
        title="Levels, themes, outcomes and types of evidence",
        rows=("level", "theme"),
        columns=("outcome", "emmie"),
    ),
    View(id="plain-pair", title="Designs and outcomes", rows=("design", "level", "theme"), columns=("outcome",)),
)
MODEL_VIEWS = (
    *VIEWS[:2],
    View(id="theme-outcome", title="Themes, outcomes and types of evidence", rows=("theme",), columns=("outcome", "emmie")),
)
"""Those of the example review."""


def coded(name: str, label: str, codes: dict[str, str], **more: Any) -> Dimension:
    return Dimension(id=name, label=label, codes=tuple(Code(id=code, label=text) for code, text in codes.items()), **more)


def a_review(views: tuple[View, ...] = VIEWS, never: tuple[dict[str, str], ...] = (), **release: Any) -> Review:
    """``never``: combinations that are not applicable, as the protocol has them."""
    book = Codebook(
        version="1.0",
        dimensions=(
            coded(
                "theme",
                "Theme",
                THEMES,
                role="theme",
                multiple=True,
                grouped=True,
                definition="What kind of intervention it is.",
            ),
            coded("level", "Level", LEVELS, multiple=True, grouped=True, definition="At which level it acts."),
            coded("outcome", "Outcome", OUTCOMES, multiple=True, grouped=True),
            coded("emmie", "Type of evidence (EMMIE)", EMMIE, multiple=True, grouped=True),
            Dimension(
                id="kind",
                label="Kind of study",
                role="kind",
                codes=(
                    Code(id="primary", label="Primary study", kind="primary"),
                    Code(id="review", label="Systematic review", kind="review"),
                ),
            ),
            coded("design", "Design", DESIGNS),
            Dimension(id="summary", label="Summary", text=True, required=False),
        ),
    )
    told = {
        "licence": "CC0-1.0",
        "cite_as": "The invented review of reducing care entry.",
        "contact": "maps@northmoor.example",
        "synthetic": SYNTHETIC,
        "about": "The method is that of a scoping review.\n\nTypes of evidence say what is present, not how good it is.",
    }
    return Review(
        folder=Path("/review"),
        protocol=Protocol(
            review="care",
            version="1.2",
            title="Safely reducing the need for children to enter care",
            question="What research exists on interventions that aim to reduce safely the need for children to enter care?",
            sources=SOURCES,
            eligibility=Eligibility(include=("Research of any design on an intervention",), exclude=("Opinion and news",)),
            screening=Screening(
                full_text=FullTextRules(reasons=tuple(Reason(id=one, label=text) for one, text in REASONS.items()))
            ),
            map=MapSettings(views=views, not_applicable=tuple(NotApplicable.model_validate(one) for one in never)),
            release=Release(**(told | release)),
        ),
        codebook=book,
        amendments=Amendments(
            amendments=(
                Amendment(
                    date=date(2018, 5, 28), change="Websites were added.", reason="Local services seldom reach journals."
                ),
            )
        ),
        searches=Searches(),
    )
