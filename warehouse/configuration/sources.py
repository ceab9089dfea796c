"""Where a review searches: databases, websites and people, and how the pipeline asks them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from warehouse.configuration.names import Id, unique
from warehouse.yaml import Model

Box = Literal["database", "register", "website", "organisation", "expert", "citation"]
ConnectorName = Literal[
    "openalex", "pubmed", "europepmc", "crossref", "semanticscholar", "core", "doaj", "eric", "scopus", "wos", "datacite",
    "clinicaltrials", "citations", "govuk", "wordpress", "feed", "sitemap", "pages", "notices",
]  # fmt: skip


class Line(Model):
    """One line of a search strategy with the hits that it alone brought."""

    text: str
    hits: Annotated[int, Field(ge=0)] | None = None


class Strategy(Model):
    """A search that the pipeline itself runs at a source, in the source's own syntax."""

    id: Id = "main"
    query: str = ""
    filters: dict[str, str] = Field(default_factory=dict)  # the source's own filters, by their own names
    from_year: Annotated[int, Field(ge=1000, le=2999)] | None = None
    to_year: Annotated[int, Field(ge=1000, le=2999)] | None = None
    direction: Literal["backward", "forward"] | None = None  # citations: of what included papers cite, or of what cites them
    searcher: Id | None = None
    translated_from: Id | None = None
    peer_reviewer: Id | None = None

    @property
    def limits(self) -> str | None:
        """Years and filters in words, for the search log; None where there is no limit."""
        years = f"years {self.from_year or ''}-{self.to_year or ''}" if self.from_year or self.to_year else ""
        parts = [years, *(f"{name}={value}" for name, value in sorted(self.filters.items()))]
        return "; ".join(part for part in parts if part) or None


class Selectors(Model):
    """CSS selectors of a page of search results: ``hit`` finds each result, the others look inside it."""

    hit: str
    title: str = "a"
    link: str = "a"
    date: str | None = None
    authors: str | None = None
    abstract: str | None = None
    next: str | None = None  # link to the next page of results
    empty: str | None = None  # what a page shows that has no results; without it, a page where nothing is found is an error


class Site(Model):
    """A website and which of its pages to look at."""

    url: str  # may have {query} in it, and {page} for the number of a page of results
    include: tuple[str, ...] = ()  # regular expressions: an address has to match one of them, if there are any
    exclude: tuple[str, ...] = ()
    selectors: Selectors | None = None
    first: Annotated[int, Field(ge=0)] = 1  # what {page} is on the first page of results
    step: Annotated[int, Field(ge=1)] = 1  # by how much {page} grows; sites that count results need the size of a page
    depth: Annotated[int, Field(ge=0, le=20)] = 5  # links away from ``url``
    pages: Annotated[int, Field(ge=1, le=50_000)] = 500  # requests at most


class Source(Model):
    """A database, website or group of experts, and the box of the PRISMA diagram in which its records count.

    With a ``connector`` the pipeline itself asks it; without, its exports come as files in ``imports/``.
    """

    id: Id
    database: str
    platform: str | None = None
    box: Box = "database"
    connector: ConnectorName | None = None
    endpoint: str | None = None  # another address of the same interface: a mirror
    site: Site | None = None
    strategies: tuple[Strategy, ...] = ()
    required: bool = True  # False: where it cannot be had, the refresh goes on without it and says so
    every_days: Annotated[int, Field(ge=0)] = 0  # searched again after so many days at the earliest
    per_second: Annotated[float, Field(gt=0)] | None = None  # requests a second, where your key or the site has another limit
    page_size: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _connector_fits(self) -> Source:
        unique("strategy", [strategy.id for strategy in self.strategies])
        asked = self.strategies or self.endpoint or (self.site and not self.site.selectors)
        if self.connector is None and asked:
            raise ValueError("strategies, site and endpoint are for a source with a connector; site.selectors read saved pages")
        if self.connector is not None and not self.strategies:
            raise ValueError("a source with a connector needs at least one strategy")
        return self

    @property
    def arm(self) -> str:
        """Databases and registers are one arm of PRISMA 2020, all other methods the other."""
        return "databases" if self.box in ("database", "register") else "other"


class Searching(Model):
    """How searches of the sources with a connector are run and judged."""

    overlap_days: Annotated[int, Field(ge=0)] = 14  # a refresh asks for what changed since so many days before the last search
    shortfall_warns: Annotated[float, Field(ge=0, le=1)] = 0.0  # share of the reported hits that did not come
    shortfall_stops: Annotated[float, Field(ge=0, le=1)] = 0.02
