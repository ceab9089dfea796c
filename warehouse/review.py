"""A review as a folder of configuration: every file that people write, read whole and held against the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from warehouse.configuration.amendments import Amendments
from warehouse.configuration.codebook import Codebook
from warehouse.configuration.leave import Leaves
from warehouse.configuration.next_steps import Consultations, NextSteps, unknown
from warehouse.configuration.not_applicable import faults as of_combinations
from warehouse.configuration.protocol import Protocol
from warehouse.configuration.searches import Searches
from warehouse.configuration.sources import Source
from warehouse.configuration.synthesis import read_synthesis
from warehouse.yaml import ConfigurationError, read


@dataclass(frozen=True, slots=True)
class Review:
    """A review folder that was read whole and is consistent within itself."""

    folder: Path
    protocol: Protocol
    codebook: Codebook
    amendments: Amendments
    searches: Searches
    leaves: Leaves = field(default_factory=Leaves)
    synthesis: Mapping[str, str] = field(default_factory=dict)  # what people wrote, by theme
    consultations: Consultations = field(default_factory=Consultations)
    next_steps: NextSteps = field(default_factory=NextSteps)

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
    asked, planned = folder / "consultation.yaml", folder / "next_steps.yaml"
    codebook = read(folder / "codebook.yaml", Codebook)
    review = Review(
        folder=folder,
        protocol=read(folder / "protocol.yaml", Protocol),
        codebook=codebook,
        amendments=read(amendments, Amendments) if amendments.exists() else Amendments(),
        searches=read(searches, Searches) if searches.exists() else Searches(),
        leaves=read(leave, Leaves) if leave.exists() else Leaves(),
        synthesis=read_synthesis(folder / "synthesis", codebook),
        consultations=read(asked, Consultations) if asked.exists() else Consultations(),
        next_steps=read(planned, NextSteps) if planned.exists() else NextSteps(),
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
    faults = unknown(review.folder, review.consultations, review.next_steps, review.codebook, people)
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
            elif not dimension.codes:
                what = "free text" if dimension.text else "a number"
                faults.append(f"{protocol}: map.views.{view.id}: {name!r} is {what}; an axis needs codes")
    combinations = review.protocol.map.not_applicable
    faults += [f"{protocol}: map.{at}: {fault}" for at, fault in of_combinations(combinations, review.codebook)]
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
