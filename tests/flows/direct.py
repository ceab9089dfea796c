"""The refresh without Prefect and without Great Expectations: a quarter of the time, the same files.

The stages, their order and everything that is written are those of the flow. With ``gate`` each check is made by its SQL alone;
that Great Expectations comes to the same is for tests/expectations and for the whole ways of tests/flows to show.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from expectations.law import Check

STAGES = ("sources", "records", "dedup", "screening", "extraction", "marts", "publish")


@contextmanager
def directly(gate: bool = False, by_great_expectations: bool = False) -> Iterator[None]:
    """Runs the stages of `flows.refresh` as plain functions; with ``gate`` every law is checked."""
    from flows import refresh as flow

    with ExitStack() as stack:
        for stage in STAGES:
            plain = getattr(flow, stage).fn
            stack.enter_context(patch.object(plain, "fn", plain, create=True))  # a rebuild calls that
            stack.enter_context(patch.object(flow, stage, plain))
        stack.enter_context(patch.object(flow, "get_run_logger", lambda: logging.getLogger("evimap")))
        for shown in ("publish_artifacts", "announce_release"):
            stack.enter_context(patch.object(flow, shown, lambda *given: None))
        if not by_great_expectations:
            stack.enter_context(laws_asked() if gate else without_gate())
        yield


def without_gate() -> AbstractContextManager[object]:
    """Refreshes find that every law holds, without looking."""
    return patch("expectations.gate._validate", lambda checks, tables: {})


def laws_asked() -> AbstractContextManager[object]:
    """Refreshes check every law by its SQL, without Great Expectations."""
    return patch("expectations.gate._validate", _asked)


def _asked(checks: list[Check], tables: Mapping[str, Path]) -> dict[int, str | None]:
    from warehouse.engine import Engine

    failed: dict[int, str | None] = {}
    with Engine(tables) as engine:
        for position, one in enumerate(checks):
            try:
                if engine.run(f"SELECT 1 FROM (\n{one.sql}\n) LIMIT 1").num_rows:
                    failed[position] = None
            except Exception as error:
                failed[position] = str(error)
    return failed


def refresh(review: Path, root: Path, as_of: datetime | None):  # type: ignore[no-untyped-def]  # importing its type costs seconds
    """A refresh inside `directly`."""
    from flows.refresh import refresh as flow

    return flow.fn(str(review), str(root), as_of)


def broken_laws(release) -> list[str]:  # type: ignore[no-untyped-def]  # as above
    """Laws that stop a release and do not hold of this one: those that need none of the logs, without Great Expectations."""
    from expectations.suites import LAWS
    from warehouse.engine import Engine
    from warehouse.tables.catalogue import TABLES

    tables = {name: release.path(name) for name in TABLES if release.path(name).exists()}
    stopping = [law for laws in LAWS.values() for law in laws if law.severity == "stop" and law.reads <= set(tables)]
    assert len(stopping) > 80
    with Engine(tables) as engine:
        return [law.name for law in stopping if engine.rows(law.sql)]
