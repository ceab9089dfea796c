"""The draw of the double-coded sample: made before anybody codes, seeded; what is in it stays in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor
from pathlib import Path

import pyarrow as pa

from tasks.extraction.growth import candidates
from tasks.extraction.standing import locate, with_logs
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table

_HERE = Path(__file__).parent


def draw(tables: Tables, review: Review, as_of: datetime) -> pa.Table:
    """Rows for log.draw: one for each included study that has none, all in one new batch.

    Needs staging.citation, staging.citation_record, staging.funnel and log.draw. Within a stratum the lowest hashes of seed and
    founding record are coded twice, so the draw depends neither on the order of rows nor on what the studies are about. Where
    coders agree too little (protocol: extraction.agreement), a batch of its own adds the next of those drawn before: this needs
    staging.dimension and the stage's other logs, too.
    """
    rules = review.protocol.extraction
    with Engine(with_logs(tables)) as engine:
        locate(engine)
        fresh = engine.run(_HERE / "draw.sql", seed=rules.seed, stratify_by=rules.stratify_by)
        batch = int(engine.run("SELECT coalesce(max(batch), 0) + 1 AS batch FROM log.draw").to_pylist()[0]["batch"])
    rows = _drawn(fresh, portion(rules.double_share, fresh.num_rows), rules.seed, batch)
    more, drawn = candidates(tables, review)
    if rules.agreement and more.num_rows:
        wanted = min(portion(rules.agreement.adds, drawn), more.num_rows)
        rows += [row for row in _drawn(more, wanted, rules.seed, batch + bool(rows)) if row["double"]]
    return table("log.draw").of_rows([{"review": review.id, "seed": rules.seed, "as_of": as_of, **row} for row in rows])


def _drawn(studies: pa.Table, doubled: int, seed: int, batch: int) -> list[dict[str, object]]:
    """A row for each of the studies, which are in the order of their lot within their stratum; ``doubled`` of them double."""
    found = studies.to_pylist()
    left = quotas(Counter(row["stratum"] for row in found), doubled, f"{seed}{batch}")
    rows = []
    for row in found:
        double = left[row["stratum"]] > 0
        left[row["stratum"]] -= double
        rows.append({name: row[name] for name in ("citation_id", "record_ids", "stratum")} | {"batch": batch, "double": double})
    return sorted(rows, key=lambda row: str(row["citation_id"]))


def portion(share: float, total: int) -> int:
    """A share of a batch, rounded up once. It is taken as the decimal that the protocol says: 0.1 of 30 is 3, not 4."""
    return ceil(Fraction(str(share)) * total)


def quotas(sizes: Mapping[str, int], wanted: int, salt: str) -> dict[str, int]:
    """How many of each stratum are coded twice of ``wanted`` in all, spread by largest remainders.

    Rounding up in every stratum would double the work where strata are many and small. ``salt`` breaks ties, so that they do
    not always favour the same stratum.
    """
    total = sum(sizes.values())
    exact = {name: Fraction(wanted * size, total) for name, size in sizes.items()}
    given = {name: floor(part) for name, part in exact.items()}
    order = sorted(exact, key=lambda name: (given[name] - exact[name], sha256(f"{salt}{name}".encode()).digest()))
    for name in order[: wanted - sum(given.values())]:
        given[name] += 1
    return given
