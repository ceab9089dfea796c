"""Papers that are known to be relevant before anything is searched: each strategy is tried on them."""

from __future__ import annotations

from datetime import datetime

from tasks.formats.detect import read
from tasks.formats.text import title_key
from warehouse.archive import Log, Raw
from warehouse.files import sha256
from warehouse.review import Review
from warehouse.tables.catalogue import table
from warehouse.yaml import ConfigurationError


def log_known(review: Review, raw: Raw, log: Log, as_of: datetime) -> int:
    """Logs the list of known papers if it is another than before; how many there are.

    Raises `ConfigurationError` naming the file and the line of a piece that cannot be read: a paper that silently leaves the
    list would make a strategy look better than it is.
    """
    rows: list[dict[str, object]] = []
    contents = [(name, (review.imports / name).read_bytes()) for name in review.searches.known]
    for name, data in contents:
        parsed = read(data)
        for one in parsed.rejected:
            raise ConfigurationError(f"{review.imports / name}, line {one.line}: {one.reason}; mend or remove this known paper")
        rows += [
            {"review": review.id, "raw": sha256(data), "position": position, "title": one.title,
             "title_key": title_key(one.title), "year": one.year, "doi": one.doi, "pmid": one.pmid, "as_of": as_of}
            for position, one in enumerate(parsed.references, 1)
        ]  # fmt: skip
    logged = log.read("known").to_pylist()
    last = max((row["as_of"] for row in logged), default=None)
    before = {(row["raw"], row["position"]) for row in logged if row["as_of"] == last}
    if before != {(row["raw"], row["position"]) for row in rows}:
        for _, data in contents:
            raw.put(data)
        log.append("known", table("log.known").of_rows(rows))
    return len(rows)
