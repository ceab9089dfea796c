"""Fixtures of the page tests: an invented release, and the release with something changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.publish.pages.frame import a_review
from tests.publish.pages.world import Tables, World, check
from warehouse.configuration.amendments import Amendments
from warehouse.configuration.protocol import Release
from warehouse.review import Review
from warehouse.tables.catalogue import table


@pytest.fixture(scope="session")
def review() -> Review:
    return a_review()


@pytest.fixture(scope="session")
def tables(review: Review) -> Tables:
    return World(review).tables()


@pytest.fixture
def world(review: Review) -> World:
    return World(review)


@pytest.fixture
def altered(tables: Tables) -> Callable[..., Tables]:
    """The tables with the rows of one of them changed by a function of a row."""

    def alter(name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Tables:
        return tables | {name: table(name).of_rows(change(row) for row in tables[name].to_pylist())}

    return alter


@pytest.fixture
def checks(tables: Tables) -> Callable[..., Tables]:
    """The tables with these quality checks: by name, what differs from one that holds."""
    return lambda **named: (
        tables
        | {
            "meta.quality_check": table("meta.quality_check").of_rows(
                check(name.replace("__", "."), **more) for name, more in named.items()
            )
        }
    )


@pytest.fixture
def unsaid(review: Review) -> Review:
    """The review without what it may leave unsaid."""
    protocol = review.protocol.model_copy(update={"release": Release()})
    return replace(review, protocol=protocol, amendments=Amendments())
