"""``amendments.yaml``: changes of the protocol after it was agreed, and the decisions that they put in question."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import model_validator

from warehouse.configuration.names import Id
from warehouse.yaml import Model


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
