"""``consultation.yaml`` and ``next_steps.yaml``: whom the review was talked over with, and what is planned on its themes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from warehouse.configuration.codebook import Codebook
from warehouse.configuration.names import Id, unique
from warehouse.yaml import Model

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


class Consent(Model):
    """Who agreed, and when, that ``public_words`` are published."""

    by: Annotated[tuple[Id, ...], Field(min_length=1)]
    given_on: date


class Consultation(Model):
    """People, by their ids, who were asked about some themes (or the review as a whole), what they said and what changed.

    ``said`` stays with the team. ``public_words`` are published once all of the people have agreed; ``changed``, ``question``
    and ``how`` are the team's own words, and are published.
    """

    id: Id
    themes: tuple[Id, ...] = ()
    people: Annotated[tuple[Id, ...], Field(min_length=1)]
    asked_on: date
    how: Words
    question: Words
    said: Words | None = None
    changed: Words | None = None
    public_words: Words | None = None
    consent: Consent | None = None

    @model_validator(mode="after")
    def _consent_is_of_those_who_were_asked(self) -> Consultation:
        unique("theme", list(self.themes))
        unique("person", list(self.people))
        if self.consent is not None:
            strangers = sorted(set(self.consent.by) - set(self.people))
            if strangers:
                raise ValueError(f"consent of {', '.join(strangers)}, who are not among its people")
            if self.consent.given_on < self.asked_on:
                raise ValueError(f"consent of {self.consent.given_on}, before the people were asked on {self.asked_on}")
            if self.public_words is None:
                raise ValueError("consent to publish words, and no public_words")
        return self


class Consultations(Model):
    """``consultation.yaml``; the file may be absent."""

    consultations: tuple[Consultation, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> Consultations:
        unique("consultation", [one.id for one in self.consultations])
        return self


class NextStep(Model):
    """What is planned on some themes: a synthesis of what was found, or a project of the programme that the review is for."""

    id: Id
    themes: Annotated[tuple[Id, ...], Field(min_length=1)]
    kind: Literal["synthesis", "project"]
    title: Words
    description: Words | None = None
    url: str | None = None
    state: Literal["planned", "under_way", "done"] = "planned"

    @model_validator(mode="after")
    def _links_to_the_web(self) -> NextStep:
        unique("theme", list(self.themes))
        if self.url is not None and (urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname):
            raise ValueError(f"url {self.url!r} is no web address; it starts with https://")
        return self


class NextSteps(Model):
    """``next_steps.yaml``; the file may be absent."""

    next_steps: tuple[NextStep, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> NextSteps:
        unique("next step", [one.id for one in self.next_steps])
        return self


def unknown(folder: Path, asked: Consultations, planned: NextSteps, codebook: Codebook, people: Iterable[str]) -> list[str]:
    """Themes that the codebook does not have, and people whom the protocol does not have, a line each."""
    themes = {code.id for dimension in codebook.dimensions if dimension.role == "theme" for code in dimension.codes}
    known = set(people)
    have = ", ".join(sorted(themes)) or "none"

    def places() -> Iterator[tuple[str, tuple[Id, ...]]]:
        for position, one in enumerate(asked.consultations):
            yield f"{folder / 'consultation.yaml'}: consultations.{position}", one.themes
        for position, step in enumerate(planned.next_steps):
            yield f"{folder / 'next_steps.yaml'}: next_steps.{position}", step.themes

    faults = [
        f"{at}: no theme {theme!r} in codebook.yaml (there are {have})"
        for at, named in places()
        for theme in named
        if theme not in themes
    ]
    return faults + [
        f"{folder / 'consultation.yaml'}: consultations.{position}: {person!r} is not in protocol.people (by id)"
        for position, one in enumerate(asked.consultations)
        for person in one.people
        if person not in known
    ]
