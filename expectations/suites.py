"""The laws of every stage, in the order of the data."""

from __future__ import annotations

from expectations import dedup, extraction, marts, publish, records, screening, sources
from expectations.law import Law
from warehouse.contract import Stage

LAWS: dict[Stage, tuple[Law, ...]] = {
    Stage.SOURCES: sources.LAWS,
    Stage.RECORDS: records.LAWS,
    Stage.DEDUP: dedup.LAWS,
    Stage.SCREENING: screening.LAWS,
    Stage.EXTRACTION: extraction.LAWS,
    Stage.MARTS: marts.LAWS,
    Stage.PUBLISH: publish.LAWS,
}
