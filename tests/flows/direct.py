"""The refresh without Prefect and, if nothing is said, without Great Expectations: a third of the time, the same files.

The stages, their order and everything that is written are those of the flow.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

STAGES = ("sources", "records", "dedup", "screening", "extraction", "marts", "publish")


@contextmanager
def directly(gate: bool = False) -> Iterator[None]:
    """Runs the stages of `flows.refresh` as plain functions; with ``gate`` every law is checked as in a real one."""
    from flows import refresh as flow

    with ExitStack() as stack:
        for stage in STAGES:
            plain = getattr(flow, stage).fn
            stack.enter_context(patch.object(plain, "fn", plain, create=True))  # a rebuild calls that
            stack.enter_context(patch.object(flow, stage, plain))
        stack.enter_context(patch.object(flow, "get_run_logger", lambda: logging.getLogger("evimap")))
        for shown in ("publish_artifacts", "announce_release"):
            stack.enter_context(patch.object(flow, shown, lambda *given: None))
        if not gate:
            stack.enter_context(without_gate())
        yield


def without_gate() -> AbstractContextManager[object]:
    """Refreshes find that every law holds, without looking."""
    return patch("expectations.gate._validate", lambda checks, tables: {})


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
