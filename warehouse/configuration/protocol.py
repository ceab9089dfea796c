"""``protocol.yaml``: the question, who takes part, the rules by which a review is made, and what its release says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from warehouse.configuration.names import Id, Version, unique
from warehouse.configuration.not_applicable import MOST_AXES, NotApplicable
from warehouse.configuration.sources import Searching, Source
from warehouse.yaml import Misplaced, Model

Role = Literal[
    "reviewer", "adjudicator", "coder", "librarian", "expert", "searcher", "peer_reviewer", "coordinator", "stakeholder"
]


class Person(Model):
    """Somebody who takes part: reviewers, a librarian, experts. Only the id enters tables; names stay in this file."""

    id: Id
    name: str | None = None
    roles: tuple[Role, ...] = ("reviewer",)
    known_as: tuple[str, ...] = ()
    """Names and e-mail addresses that other tools have for this person; like the name they enter no table."""


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


Blindable = Literal["authors", "year", "journal", "doi"]


class ScreeningRules(Model):
    """How one screening stage decides, and who is asked."""

    reviewers: Literal[1, 2] = 2
    conflicts: Literal["third", "discussion", "either"] = "third"
    pairs: tuple[tuple[Id, Id], ...] = ()
    """Reviewers who screen together; without any, each reviewer with each."""
    shares: Mapping[Id, Annotated[int, Field(ge=0, le=100)]] = Field(default_factory=dict)
    """What each takes in relation to the others: 2 is twice as much as 1, which is the share of who is not named."""
    blind: tuple[Blindable, ...] = ()
    """Columns of the reference that nobody is shown who decides at this stage."""
    pilot: Annotated[int, Field(ge=0)] = 0
    """Papers that all reviewers screen before any other of the stage goes out."""

    @model_validator(mode="after")
    def _work_is_shared_out(self) -> Self:
        if self.pairs and self.reviewers == 1:
            raise Misplaced("two screen together, and the stage asks for one reviewer", "pairs")
        for position, (one, other) in enumerate(self.pairs):
            if one == other:
                raise Misplaced("a pair is of two people", "pairs", position)
            if {one, other} in [set(pair) for pair in self.pairs[:position]]:
                raise Misplaced(f"{one} and {other} are a pair already; shares say who takes more", "pairs", position)
        if self.pairs and not any(self.share_of(pair) for pair in self.pairs):
            raise Misplaced("no pair has a share", "shares")
        return self

    def share_of(self, pair: tuple[str, str]) -> int:
        """What a pair takes: the share that is given for its members, the smaller one where there are two."""
        return min((self.shares[one] for one in pair if one in self.shares), default=1)


class Prioritised(Model):
    """Papers are screened in the order in which a model expects them to be included. It decides nothing."""

    batch: Annotated[int, Field(ge=1)] = 200
    """Papers that somebody has open at most: those after them go out by what was decided on these."""
    recall: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """Share of the relevant papers of which a release tells how surely they are found."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1


class TitleAbstractRules(ScreeningRules):
    """Title and abstract may be screened with a tool, as one of the two voices, and in the order of a model."""

    prioritised: Prioritised | None = None

    tool: str | None = None
    """Tool whose votes count as one of the two voices."""
    tool_decides: Literal["nothing", "exclude"] = "nothing"
    """What the tool decides alone, as long as nobody has voted."""

    @field_validator("prioritised", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object) -> object:
        return ({} if value else None) if isinstance(value, bool) else value

    @model_validator(mode="after")
    def _tool_has_a_voice(self) -> Self:
        if self.tool_decides != "nothing" and self.tool is None:
            raise Misplaced("no tool is named that could decide; tool: says which", "tool_decides")
        if self.tool is not None and self.reviewers == 1 and self.tool_decides == "nothing":
            raise Misplaced(
                "one reviewer decides, so a tool is no second voice; reviewers: 2, or tool_decides: exclude", "tool"
            )
        return self


class FullTextRules(ScreeningRules):
    """Full-text screening also needs the ordered reasons for exclusion."""

    reasons: tuple[Reason, ...] = ()


class Screening(Model):
    """Screening rules by stage."""

    title_abstract: TitleAbstractRules = TitleAbstractRules()
    full_text: FullTextRules = FullTextRules()
    automation: tuple[str, ...] = ()
    """Tools by whose word a paper may be taken out before anybody screens it."""

    @property
    def stages(self) -> dict[str, ScreeningRules]:
        """The rules by stage, in the order of the stages."""
        return {"title_abstract": self.title_abstract, "full_text": self.full_text}

    @model_validator(mode="after")
    def _reasons_unique(self) -> Screening:
        unique("exclusion reason", [reason.id for reason in self.full_text.reasons])
        return self


class Agreement(Model):
    """When two coders agree too little on a dimension, and what follows: more studies are coded by two."""

    least: Annotated[float, Field(gt=0, le=1)]
    """Share of the double-coded studies to which both have to give the same codes of each dimension."""
    studies: Annotated[int, Field(ge=1)] = 10
    """Double-coded studies from which on the share says something."""
    adds: Annotated[float, Field(gt=0, le=1)] = 0.10
    """Share of the studies drawn so far that the sample then grows by."""


class Extraction(Model):
    """How studies are coded: a share by two people independently, the rest by one and verified by another."""

    double_share: Annotated[float, Field(ge=0, le=1)] = 0.10
    agreement: Agreement | None = None
    seed: int = 1
    stratify_by: Literal["none", "year", "type"] = "none"


class Exchange(Model):
    """How work goes out. What comes back may be either, whatever went out."""

    worklists: Literal["xlsx", "csv"] = "xlsx"
    minimum: Annotated[int, Field(ge=1)] = 1
    """Rows from which on a worklist of first decisions, codings or verifications goes out."""
    unasked: Literal["taken", "refused"] = "taken"
    """What becomes of the vote of somebody who was not asked for it."""
    overdue_days: Annotated[int | None, Field(ge=1)] = None
    """Days after which work that somebody was sent is overdue; without them nothing is."""
    resolver: Annotated[str | None, Field(pattern=r"^https?://[^\s]+$")] = None
    """Address of the library's link resolver (OpenURL 1.0), for the list of full texts to get."""


class View(Model):
    """One view of the map: up to four dimensions of the codebook, on rows and columns."""

    id: Id
    title: str
    rows: Annotated[tuple[Id, ...], Field(min_length=1)]
    columns: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _at_most_four(self) -> View:
        axes = [*self.rows, *self.columns]
        if len(axes) > MOST_AXES:
            raise ValueError(f"a view has at most four dimensions, got {len(axes)}")
        unique("dimension", list(axes))
        return self


class MapSettings(Model):
    """What the map shows."""

    views: Annotated[tuple[View, ...], Field(min_length=1)]
    not_applicable: tuple[NotApplicable, ...] = ()
    """Combinations of codes that make no sense: where no study has them, that is no gap."""

    @model_validator(mode="after")
    def _views_unique(self) -> MapSettings:
        unique("view", [view.id for view in self.views])
        return self


class Prisma(Model):
    """How the PRISMA diagram counts."""

    baseline: Version | None = None
    """Version (1.0), or release, that was the review before this one: the diagram is then that of an updated review."""


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
    cautions: tuple[str, ...] = ()
    """What a reader could take the map to say, and it does not; beside what holds for every map."""
    abstracts: bool = False
    """Whether the map shows abstracts: databases license them, so only where each may be published."""
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
    prisma: Prisma = Prisma()
    synthesis: Synthesis = Synthesis()
    release: Release = Release()

    @model_validator(mode="after")
    def _ids_unique(self) -> Protocol:
        unique("person", [person.id for person in self.people])
        unique("known_as", [name.casefold() for person in self.people for name in {one.casefold() for one in person.known_as}])
        unique("source", [source.id for source in self.sources])
        return self

    @model_validator(mode="after")
    def _work_goes_to_reviewers(self) -> Protocol:
        reviewers = self.with_role("reviewer")
        for stage, rules in self.screening.stages.items():
            named = [((position, seat), one) for position, pair in enumerate(rules.pairs) for seat, one in enumerate(pair)]
            for at, person in [
                *((("pairs", *where), one) for where, one in named),
                *((("shares", one), one) for one in rules.shares),
            ]:
                if person not in reviewers:
                    known = any(one.id == person for one in self.people)
                    fault = "has not the role reviewer" if known else "is not in protocol.people"
                    raise Misplaced(f"{person!r} {fault}", "screening", stage, *at)
            if rules.shares and not rules.pairs and not any(rules.shares.get(one, 1) for one in reviewers):
                raise Misplaced("nobody has a share", "screening", stage, "shares")
        return self

    @model_validator(mode="after")
    def _a_batch_goes_out(self) -> Protocol:
        prioritised = self.screening.title_abstract.prioritised
        if prioritised and prioritised.batch < 2 * self.exchange.minimum:
            raise Misplaced(
                f"{prioritised.batch} papers are less than two lists of {self.exchange.minimum} (exchange.minimum): "
                "a few that somebody leaves open would hold up the next list",
                "screening", "title_abstract", "prioritised", "batch",
            )  # fmt: skip
        return self

    def with_role(self, role: str) -> tuple[str, ...]:
        """Ids of the people with a role, in the protocol's order."""
        return tuple(person.id for person in self.people if role in person.roles)

    @property
    def waited_for(self) -> dict[str, list[str]]:
        """Who can be asked to screen, to code, to settle what coders differ on, and to say which reports are of one study."""
        coders = list(self.with_role("coder"))
        settling = [*self.with_role("adjudicator"), *coders]
        reviewers = list(self.with_role("reviewer"))
        return {"reviewers": reviewers, "coders": coders, "settling": settling, "tying": settling or reviewers}
