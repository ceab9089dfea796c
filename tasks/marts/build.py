"""The marts of a release: each is one plain SQL file of `warehouse/marts`, run in the order in which they read one another."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import pyarrow as pa

from warehouse import engine
from warehouse.engine import Engine, Tables
from warehouse.review import Review

SQL = Path(engine.__file__).with_name("marts")

NORMAL_95 = NormalDist().inv_cdf(0.975)
"""Standard errors on either side of an estimate that make its 95 % interval: 1.96."""

# a mart comes after those that its file reads
ORDER = ("study", "study_report", "study_code", "evidence_map", "theme", "gap", "synthesis_readiness", "prisma_flow",
         "prisma_row", "prisma_vocabulary",
         "agreement_of_pair", "agreement", "decision_basis", "coding_agreement", "verification", "framework",
         "synthesis_text", "source_yield", "source_overlap", "notice")  # fmt: skip


def marts(tables: Tables, review: Review) -> dict[str, pa.Table]:
    """All marts by qualified name, from the staging tables of one review.

    Only the review's id and its threshold are bound as values: codebook, views and reasons come from the tables that were
    staged with the rest, so that a release is made of one version of them.
    """
    minimum = review.protocol.synthesis.minimum_studies
    made: dict[str, pa.Table] = {}
    with Engine(tables) as db:
        for mart in ORDER:
            name = f"marts.{mart}"
            data = db.produce(name, SQL / f"{mart}.sql", review=review.id, minimum_studies=minimum, normal_95=NORMAL_95)
            made[name] = db.keep(name, data)
    return made
