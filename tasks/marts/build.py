"""The marts of a release: each is one plain SQL file of `warehouse/marts`, run in the order in which they read one another."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from statistics import NormalDist

import pyarrow as pa

from tasks.marts.since.flow import since
from warehouse import engine
from warehouse.account import NOTHING, Named, before_and_after, put
from warehouse.baseline import Baseline
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

SQL = Path(engine.__file__).with_name("marts")

NORMAL_95 = NormalDist().inv_cdf(0.975)
"""Standard errors on either side of an estimate that make its 95 % interval: 1.96."""

# a mart comes after those that its file reads
ORDER = ("codebook", "notice", "study", "study_report", "study_code", "study_number", "evidence_map", "theme", "gap",
         "synthesis_readiness", "prisma_flow", "prisma_since", "prisma_row", "prisma_vocabulary",
         "agreement_of_pair", "agreement", "decision_basis", "coding_agreement", "verification", "framework",
         "synthesis_text", "consultation", "next_step", "source_yield", "source_overlap", "cell_study", "work_queue",
         "change", "citation_change", "release_history", "flow_history")  # fmt: skip
READS_LOGS = ("log.notice", "log.worklist", "log.override", "log.retrieval")
"""Logs that marts read, beside what earlier releases said."""
_FIRST_SINCE = "prisma_since"
_FIRST_TO_COMPARE = "change"
"""From here on marts compare this release with earlier ones."""

UNNAMED = Named("", None, datetime.max)


def marts(tables: Tables, review: Review, named: Named = UNNAMED, baseline: Baseline | None = None) -> dict[str, pa.Table]:
    """All marts by qualified name, from the staging tables of one review, and from what the releases before it said.

    Only ids, a few rules of the protocol and the release's name are bound as values: codebook, views and reasons come from the
    tables that were staged with the rest, so that a release is made of one version of them.
    """
    values = bound(review, named, baseline)
    made: dict[str, pa.Table] = {}
    with Engine({**NOTHING, **tables}) as db:
        for mart in ORDER:
            if mart == _FIRST_TO_COMPARE:
                before_and_after(db, review.id, named)
            if mart == _FIRST_SINCE:
                _since(db, {**tables, **made}, review, baseline)
            name = f"marts.{mart}"
            made[name] = db.keep(name, db.produce(name, SQL / f"{mart}.sql", **values))
    return made


def _since(db: Engine, tables: Tables, review: Review, baseline: Baseline | None) -> None:
    """Puts what the diagram since the baseline is made of as ``since.*``; without one, the sources of the whole review."""
    for name, rows in since(tables, SQL / "prisma_flow.sql", review.id, baseline).items():
        db.keep(name, rows)
    if baseline is None:
        for source in ("record", "search"):
            db.run(f"CREATE VIEW since.{source} AS SELECT * FROM staging.{source}")
        db.keep("since.flow", table("marts.prisma_flow").empty())
        db.keep("since.tally", table("marts.prisma_flow").empty())


def bound(review: Review, named: Named, baseline: Baseline | None = None) -> dict[str, object]:
    """The values of the parameters that marts name."""
    return {"review": review.id, "minimum_studies": review.protocol.synthesis.minimum_studies, "normal_95": NORMAL_95,
            **_asked_for(review), "as_of": named.as_of, "baseline": baseline.name if baseline else ""}  # fmt: skip


def _asked_for(review: Review) -> dict[str, object]:
    """Who may be waited for, for how many answers and for how long."""
    rules = review.protocol.screening
    return {
        "people": [person.id for person in review.protocol.people],
        **review.protocol.waited_for,
        "voters_title_abstract": rules.title_abstract.reviewers,
        "voters_full_text": rules.full_text.reviewers,
        "tool": rules.title_abstract.tool,
        "overdue_days": review.protocol.exchange.overdue_days,
    }


def compare(before: Tables, after: Tables, review: str) -> tuple[pa.Table, pa.Table]:
    """marts.change and marts.citation_change between any two releases, from what they said (`account.said_by`)."""
    with Engine({}) as db:
        put(db, "before", before)
        put(db, "after", after)
        change, citation_change = (
            db.produce(f"marts.{mart}", SQL / f"{mart}.sql", review=review) for mart in ("change", "citation_change")
        )
    return change, citation_change
