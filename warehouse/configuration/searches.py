"""``imports/searches.yaml``: searches whose exports people brought, and the people who were asked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from warehouse.configuration.names import Id
from warehouse.configuration.sources import Line
from warehouse.yaml import Model


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
