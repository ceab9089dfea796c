"""A review as a folder of configuration: protocol, codebook, amendments, and the searches whose exports are in ``imports/``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from warehouse.yaml import ConfigurationError, Model, read

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")]
Role = Literal["reviewer", "adjudicator", "coder", "librarian", "expert", "searcher", "peer_reviewer", "coordinator"]
Box = Literal["database", "register", "website", "organisation", "expert", "citation"]


def _unique(what: str, ids: list[str]) -> None:
    twice = [one for one, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"{what} {', '.join(twice)} given more than once")


class Person(Model):
    """Somebody who takes part: reviewers, a librarian, experts. Only the id enters tables; names stay in this file."""

    id: Id
    name: str | None = None
    roles: tuple[Role, ...] = ("reviewer",)
    known_as: tuple[str, ...] = ()
    """Names and e-mail addresses that other tools have for this person; like the name they enter no table."""


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
        _unique("strategy", [strategy.id for strategy in self.strategies])
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


Versions = Literal["together", "apart"]
"""Later versions of a review (Cochrane updates): one citation that shows the newest, or a citation each."""


class Dedup(Model):
    """What counts as the same paper, where that is a question of method and not of fact."""

    versions: Versions = "together"


class Eligibility(Model):
    """Who decides by which rules; a change of the rules is a new version."""

    version: Version = "1.0"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Reason(Model):
    """A reason for exclusion at full text. The order in the protocol is the order in which reasons are to be considered."""

    id: Id
    label: str


class ScreeningRules(Model):
    """How one screening stage decides."""

    reviewers: Literal[1, 2] = 2
    conflicts: Literal["third", "discussion", "either"] = "third"


class FullTextRules(ScreeningRules):
    """Full-text screening also needs the ordered reasons for exclusion."""

    reasons: tuple[Reason, ...] = ()


class Screening(Model):
    """Screening rules by stage."""

    title_abstract: ScreeningRules = ScreeningRules()
    full_text: FullTextRules = FullTextRules()

    @model_validator(mode="after")
    def _reasons_unique(self) -> Screening:
        _unique("exclusion reason", [reason.id for reason in self.full_text.reasons])
        return self


class Extraction(Model):
    """How studies are coded: a share by two people independently, the rest by one and verified by another."""

    double_share: Annotated[float, Field(ge=0, le=1)] = 0.10
    seed: int = 1
    stratify_by: Literal["none", "year", "type"] = "none"


class Exchange(Model):
    """How work goes out. What comes back may be either, whatever went out."""

    worklists: Literal["xlsx", "csv"] = "xlsx"
    minimum: Annotated[int, Field(ge=1)] = 1
    """Rows from which on a worklist of first decisions, codings or verifications goes out."""
    unasked: Literal["taken", "refused"] = "taken"
    """What becomes of the vote of somebody who was not asked for it."""


class View(Model):
    """One view of the map: up to four dimensions of the codebook, on rows and columns."""

    id: Id
    title: str
    rows: Annotated[tuple[Id, ...], Field(min_length=1)]
    columns: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _at_most_four(self) -> View:
        axes = [*self.rows, *self.columns]
        if len(axes) > 4:
            raise ValueError(f"a view has at most four dimensions, got {len(axes)}")
        _unique("dimension", list(axes))
        return self


class MapSettings(Model):
    """What the map shows."""

    views: Annotated[tuple[View, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _views_unique(self) -> MapSettings:
        _unique("view", [view.id for view in self.views])
        return self


class Synthesis(Model):
    """When a theme has enough studies to be synthesised."""

    minimum_studies: Annotated[int, Field(ge=1)] = 5


class Release(Model):
    """What a published release says of itself."""

    licence: str = "not stated"
    cite_as: str | None = None
    contact: str | None = None
    synthetic: str | None = None  # notice shown wherever a person could take made-up data for real
    about: str | None = None  # method in a paragraph or more, for the map's "About"
    sign_off: Literal["required", "none"] = "required"
    """Whether a person has to sign off a release before its map is the public one."""


class Protocol(Model):
    """``protocol.yaml``."""

    review: Id
    version: Version
    title: str
    question: str
    people: tuple[Person, ...] = ()
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    searching: Searching = Searching()
    dedup: Dedup = Dedup()
    eligibility: Eligibility = Eligibility()
    screening: Screening = Screening()
    extraction: Extraction = Extraction()
    exchange: Exchange = Exchange()
    map: MapSettings
    synthesis: Synthesis = Synthesis()
    release: Release = Release()

    @model_validator(mode="after")
    def _ids_unique(self) -> Protocol:
        _unique("person", [person.id for person in self.people])
        _unique("known_as", [name.casefold() for person in self.people for name in {one.casefold() for one in person.known_as}])
        _unique("source", [source.id for source in self.sources])
        return self

    def with_role(self, role: str) -> tuple[str, ...]:
        """Ids of the people with a role, in the protocol's order."""
        return tuple(person.id for person in self.people if role in person.roles)


class Code(Model):
    """A value that a study can be given in a dimension."""

    id: Id
    label: str
    definition: str | None = None
    kind: Literal["primary", "review"] | None = None


class Dimension(Model):
    """One question of the coding frame. ``theme`` and ``kind`` are the two roles that the pipeline itself knows."""

    id: Id
    label: str
    definition: str | None = None
    role: Literal["theme", "kind"] | None = None
    multiple: bool = False
    grouped: bool = False  # coded once per group of things that belong together
    text: bool = False
    required: bool = True
    codes: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _codes_fit(self) -> Dimension:
        _unique("code", [code.id for code in self.codes])
        if self.text == bool(self.codes):
            raise ValueError("a dimension has codes, or text: true, and not both")
        if self.role == "kind" and (self.multiple or any(code.kind is None for code in self.codes)):
            raise ValueError("with role: kind a study has one code, and every code says kind: primary or kind: review")
        return self


class Became(Model):
    """What became of a code: one code (renamed, or merged with others), several (split), or none (no longer asked)."""

    dimension: Id
    code: Id
    becomes: tuple[Id, ...]


class Renamed(Model):
    """What became of a dimension: another name, or none (no longer asked)."""

    dimension: Id
    becomes: Id | None


class Change(Model):
    """What version ``to`` of the codebook did to codes that were given before."""

    to: Version
    dimensions: tuple[Renamed, ...] = ()
    codes: tuple[Became, ...] = ()
    """With the names that dimensions have in version ``to``."""
    ask: tuple[Id, ...] = ()
    """Dimensions that studies coded before are to be coded in as well."""


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


class Codebook(Model):
    """``codebook.yaml``: the coding frame, and what became of codes of its earlier versions."""

    version: Version
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _dimensions_fit(self) -> Codebook:
        _unique("dimension", [dimension.id for dimension in self.dimensions])
        for role in ("theme", "kind"):
            if sum(dimension.role == role for dimension in self.dimensions) > 1:
                raise ValueError(f"at most one dimension has role: {role}")
        return self

    @model_validator(mode="after")
    def _changes_in_order(self) -> Codebook:
        versions = [_number(change.to) for change in self.changes]
        if versions != sorted(set(versions)) or (versions and versions[-1] > _number(self.version)):
            raise ValueError("changes are listed from the oldest version to the newest, and none is to one that is yet to come")
        for change in self.changes:
            _unique(f"change of code to {change.to}:", [f"{one.dimension}.{one.code}" for one in change.codes])
            _unique(f"change of dimension to {change.to}:", [one.dimension for one in change.dimensions])
        return self

    def since(self, version: str) -> tuple[Change, ...]:
        """What changed after ``version``, in order."""
        return tuple(change for change in self.changes if _number(change.to) > _number(version))

    def now(self, version: str, dimension: str, code: str) -> tuple[str | None, tuple[str, ...]]:
        """What a code of an earlier version is called: its dimension (none if that is no longer asked), and its codes.

        No code: it is no longer asked; several: somebody has to say which.
        """
        named: str | None = dimension
        codes: tuple[str, ...] = (code,)
        for change in self.since(version):
            named = next((one.becomes for one in change.dimensions if one.dimension == named), named)
            became = {one.code: one.becomes for one in change.codes if one.dimension == named}
            codes = tuple(dict.fromkeys(new for old in codes for new in became.get(old, (old,))))
        return named, codes

    def former(self, dimension: str) -> dict[str, tuple[str, ...]]:
        """Codes of earlier versions of a dimension, with what they are called today: forms that were sent before come back."""
        found = {}
        for change in self.changes:
            for one in change.codes:
                told = [self.now(change.to, one.dimension, code) for code in one.becomes]
                if all(named == dimension for named, _ in told):
                    found[one.code] = tuple(dict.fromkeys(code for _, codes in told for code in codes))
        return found

    def untold(self, version: str, dimension: str, code: str) -> str | None:
        """Why a code of an earlier version means nothing today, unless ``changes`` says what became of it."""
        named, codes = self.now(version, dimension, code)
        today = self.dimension(named) if named else None
        if named is None or (today and today.text):
            return None
        if today is None:
            return f"dimension {named!r} is not in version {self.version}"
        lost = sorted(set(codes) - {known.id for known in today.codes})
        return f"code {lost[0]!r} of {named} is not in version {self.version}" if lost else None

    def dimension(self, name: str) -> Dimension | None:
        """The dimension called ``name``, if there is one."""
        return next((one for one in self.dimensions if one.id == name), None)


class Again(Model):
    """Decisions of a stage that a change of the rules has put in question."""

    stage: Literal["title_abstract", "full_text"]
    decision: Literal["include", "exclude", "awaiting_classification", "ongoing"] = "exclude"
    reasons: tuple[Id, ...] = ()  # of exclusions at full text, only those for one of these reasons

    @model_validator(mode="after")
    def _fits_its_stage(self) -> Again:
        if self.reasons and (self.stage, self.decision) != ("full_text", "exclude"):
            raise ValueError("reasons are of exclusions at full text")
        if self.stage == "title_abstract" and self.decision not in ("include", "exclude"):
            raise ValueError(f"{self.decision} is decided on the full text")
        return self


class Amendment(Model):
    """A change of the protocol after it was agreed; shown in the map's "About".

    From ``date`` on, what was decided before that day and as ``screen_again`` says is asked for anew in a new round.
    """

    date: date
    change: str
    reason: str
    screen_again: tuple[Again, ...] = ()


class Amendments(Model):
    """``amendments.yaml``; the file may be absent."""

    amendments: tuple[Amendment, ...] = ()


class ImportedOutcome(Model):
    """Decisions that were made elsewhere on every record of a file, without votes of named people."""

    stage: Literal["title_abstract", "full_text"]
    decision: Literal["include", "exclude"]
    reason: Id | None = None
    tool: str | None = None
    decided_on: date | None = None


class Asked(Model):
    """Somebody who was asked for papers that searches may miss, and whether an answer came."""

    person: Id
    asked_on: date
    how: str  # by e-mail, at a meeting …
    replied: bool = False


class Search(Model):
    """One run of one strategy at one source, exported to files (PRISMA-S: Rethlefsen et al., Syst Rev 2021;10:39)."""

    source: Id
    files: tuple[str, ...] = ()
    strategy: str | None = None
    lines: tuple[Line, ...] = ()  # the strategy line by line, with the hits of each
    limits: str | None = None
    coverage: str | None = None
    searched_on: date | None = None
    searcher: Id | None = None
    translated_from: Id | None = None
    peer_reviewer: Id | None = None
    hits: Annotated[int, Field(ge=0)] | None = None
    outcome: ImportedOutcome | None = None
    asked: tuple[Asked, ...] = ()

    @model_validator(mode="after")
    def _something_came(self) -> Search:
        if not self.files and not self.asked:
            raise ValueError("a search needs files, or the people who were asked")
        return self

    @property
    def string(self) -> str | None:
        """The strategy as one text."""
        return self.strategy or "\n".join(line.text for line in self.lines) or None


class Searches(Model):
    """``imports/searches.yaml``."""

    searches: tuple[Search, ...] = ()
    known: tuple[str, ...] = ()  # files of papers that are known to be relevant: each strategy is tried on them


class Leave(Model):
    """Days on which somebody gets no work, the first and the last among them."""

    person: Id
    since: date
    until: date

    @model_validator(mode="after")
    def _in_order(self) -> Leave:
        if self.until < self.since:
            raise ValueError(f"until {self.until} is before since {self.since}")
        return self


class Leaves(Model):
    """``leave.yaml``. No part of the protocol: it changes who is asked, and nothing that is published."""

    leave: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A review folder that was read whole and is consistent within itself."""

    folder: Path
    protocol: Protocol
    codebook: Codebook
    amendments: Amendments
    searches: Searches
    leaves: Leaves = field(default_factory=Leaves)

    @property
    def id(self) -> str:
        """The review's id: first part of every key."""
        return self.protocol.review

    @property
    def imports(self) -> Path:
        """Where exported files lie."""
        return self.folder / "imports"

    def without_the_absent(self, day: date) -> Review:
        """The review as it would be if people who are away on that day did not take part."""
        away = {leave.person for leave in self.leaves.leave if leave.since <= day <= leave.until}
        present = tuple(person for person in self.protocol.people if person.id not in away)
        return replace(self, protocol=self.protocol.model_copy(update={"people": present}))

    def source(self, name: str) -> Source:
        """The source called ``name``; `load` has made sure that it exists."""
        return next(source for source in self.protocol.sources if source.id == name)


def load(folder: Path) -> Review:
    """The review in ``folder``. Raises `ConfigurationError` before anything runs, with a line for every fault."""
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: no such folder; `evimap init {folder}` makes one")
    amendments, searches, leave = folder / "amendments.yaml", folder / "imports" / "searches.yaml", folder / "leave.yaml"
    review = Review(
        folder=folder,
        protocol=read(folder / "protocol.yaml", Protocol),
        codebook=read(folder / "codebook.yaml", Codebook),
        amendments=read(amendments, Amendments) if amendments.exists() else Amendments(),
        searches=read(searches, Searches) if searches.exists() else Searches(),
        leaves=read(leave, Leaves) if leave.exists() else Leaves(),
    )
    faults = list(_inconsistencies(review))
    if faults:
        raise ConfigurationError("\n".join(faults))
    return review


def _inconsistencies(review: Review) -> list[str]:
    """Faults that no file has alone."""
    protocol = review.folder / "protocol.yaml"
    listed = review.imports / "searches.yaml"
    known_sources = {source.id for source in review.protocol.sources}
    people = {person.id for person in review.protocol.people}
    reasons = {reason.id for reason in review.protocol.screening.full_text.reasons}
    faults = []
    for source in review.protocol.sources:
        for strategy in source.strategies:
            for role, person in (("searcher", strategy.searcher), ("peer_reviewer", strategy.peer_reviewer)):
                if person and person not in people:
                    faults.append(f"{protocol}: sources.{source.id}.{strategy.id}: {role} {person!r} is not in protocol.people")
    faults += [
        f"{review.folder / 'leave.yaml'}: leave.{position}: {leave.person!r} is not in protocol.people"
        for position, leave in enumerate(review.leaves.leave)
        if leave.person not in people
    ]
    for position, amendment in enumerate(review.amendments.amendments):
        for again in amendment.screen_again:
            for reason in again.reasons:
                if reason not in reasons:
                    at = f"{review.folder / 'amendments.yaml'}: amendments.{position}.screen_again"
                    faults.append(
                        f"{at}: reason {reason!r} is not in protocol.screening.full_text.reasons; keep there what was given"
                    )
    for view in review.protocol.map.views:
        for name in (*view.rows, *view.columns):
            dimension = review.codebook.dimension(name)
            if dimension is None:
                faults.append(f"{protocol}: map.views.{view.id}: no dimension {name!r} in codebook.yaml")
            elif dimension.text:
                faults.append(f"{protocol}: map.views.{view.id}: {name!r} is free text; an axis needs codes")
    for position, search in enumerate(review.searches.searches):
        at = f"{listed}: searches.{position}"
        if search.source not in known_sources:
            faults.append(f"{at}: no source {search.source!r} in protocol.yaml (there are {', '.join(sorted(known_sources))})")
        for role, person in (("searcher", search.searcher), ("peer_reviewer", search.peer_reviewer)):
            if person and person not in people:
                faults.append(f"{at}: {role} {person!r} is not in protocol.people")
        if search.outcome and search.outcome.reason and search.outcome.reason not in reasons:
            faults.append(f"{at}: reason {search.outcome.reason!r} is not in protocol.screening.full_text.reasons")
        for one in search.asked:
            if one.person not in people:
                faults.append(f"{at}: asked {one.person!r}, who is not in protocol.people")
        for name in search.files:
            if Path(name).is_absolute() or ".." in Path(name).parts:
                faults.append(f"{at}: file {name!r} has to be inside imports/")
            elif not (review.imports / name).is_file():
                faults.append(f"{at}: file {name!r} is not in {review.imports}")
    for name in review.searches.known:
        if Path(name).is_absolute() or ".." in Path(name).parts or not (review.imports / name).is_file():
            faults.append(f"{listed}: known: file {name!r} is not in {review.imports}")
    if not any(one.role == "kind" for one in review.codebook.dimensions):
        book = review.folder / "codebook.yaml"
        faults.append(f"{book}: one dimension needs role: kind, so that primary studies and reviews are never added together")
    return faults
