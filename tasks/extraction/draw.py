"""The draw of the double-coded sample: made before anybody codes, seeded, and never changed afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor
from pathlib import Path

import pyarrow as pa

from tasks.extraction.standing import locate, with_logs
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent


def draw(tables: Tables, review: Review, as_of: datetime) -> pa.Table:
    """Rows for log.draw: one for each included study that has none, all in one new batch.

    Needs staging.citation, staging.citation_record, staging.funnel and log.draw. Within a stratum the lowest hashes of seed and
    founding record are coded twice, so the draw depends neither on the order of rows nor on what the studies are about.
    """
    rules = review.protocol.extraction
    with Engine(with_logs(tables)) as engine:
        locate(engine)
        fresh = engine.run(_HERE / "draw.sql", seed=rules.seed, stratify_by=rules.stratify_by).to_pylist()
        batch = int(engine.run("SELECT coalesce(max(batch), 0) + 1 AS batch FROM log.draw").to_pylist()[0]["batch"])
    left = quotas(Counter(row["stratum"] for row in fresh), rules.double_share, f"{rules.seed}{batch}")
    rows = []
    for row in fresh:  # ordered by lot within its stratum
        double = left[row["stratum"]] > 0
        left[row["stratum"]] -= double
        rows.append({
            "review": review.id, "citation_id": row["citation_id"], "record_ids": row["record_ids"], "batch": batch,
            "stratum": row["stratum"], "double": double, "seed": rules.seed, "as_of": as_of,
        })  # fmt: skip
    return table("log.draw").of_rows(sorted(rows, key=lambda row: str(row["citation_id"])))


def quotas(sizes: Mapping[str, int], share: float, salt: str) -> dict[str, int]:
    """How many of each stratum are coded twice: the batch's share, rounded up once, spread by largest remainders.

    Rounding up in every stratum would double the work where strata are many and small. ``salt`` breaks ties, so that they do
    not always favour the same stratum. The share is taken as the decimal that the protocol says: 0.1 of 30 is 3, not 4.
    """
    total = sum(sizes.values())
    if not total:
        return {}
    wanted = ceil(Fraction(str(share)) * total)
    exact = {name: Fraction(wanted * size, total) for name, size in sizes.items()}
    given = {name: floor(part) for name, part in exact.items()}
    order = sorted(exact, key=lambda name: (given[name] - exact[name], sha256(f"{salt}{name}".encode()).digest()))
    for name in order[: wanted - sum(given.values())]:
        given[name] += 1
    return given
