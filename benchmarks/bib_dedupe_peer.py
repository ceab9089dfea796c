"""Groups a labelled set with bib-dedupe: ``PYTHON benchmarks/bib_dedupe_peer.py SET.csv.gz``, by an interpreter that has it.

Needs bib-dedupe and what it brings, and nothing of this project. Prints one JSON object: ``clusters`` (lists of ids of two
records and more), ``seconds`` of its own work and ``peak`` memory in MB, of itself and the largest of its processes.
"""

from __future__ import annotations

import json
import resource
import sys
import time


def main(path: str) -> None:
    """Reads the set, runs the four steps of bib-dedupe on 2 processes, prints what came of it."""
    import pandas as pd
    from bib_dedupe.bib_dedupe import block, cluster, match, prep

    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table.rename(columns={"id": "ID", "authors": "author", "issue": "number"}).assign(ENTRYTYPE="article")
    started = time.perf_counter()
    matched = match(block(prep(table, cpu=2, verbosity_level=0), cpu=2, verbosity_level=0), cpu=2, verbosity_level=0)
    groups = cluster(matched, verbosity_level=0)
    seconds = time.perf_counter() - started
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"clusters": [list(group) for group in groups], "seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(sys.argv[1])
