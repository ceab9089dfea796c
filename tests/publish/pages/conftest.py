"""Fixtures of the page tests: an invented release, and the release with something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tasks.publish.pages.map_page import map_page
from tests.publish.pages.browsing import CHROMIUM, FLAGS
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address(tables: Tables, review: Review, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the map page is opened from: the disk."""
    path = tmp_path_factory.mktemp("release") / "map.html"
    path.write_text(map_page(tables, review), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The map page, opened; in the end it has complained of nothing and asked for nothing but itself."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    opened = context.new_page()
    opened.requests, opened.faults = [], []
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("console", lambda message: opened.faults.append(message.text) if message.type in ("error", "warning") else None)
    opened.goto(address)
    yield opened
    assert opened.faults == []
    assert {url.split("#")[0] for url in opened.requests if not url.startswith("blob:")} == {address}
    context.close()
