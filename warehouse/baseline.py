"""The release that the PRISMA diagram starts from, where the protocol names one (prisma.baseline)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.account import accounted, said_by
from warehouse.archive import Log
from warehouse.edition import versions
from warehouse.engine import Tables
from warehouse.review import Review
from warehouse.yaml import ConfigurationError

SAID = ("published_study", "published_citation")


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier release: what the protocol calls it, its clock value, and what it said of its studies and citations."""

    name: str
    as_of: datetime
    said: Tables


def baseline(log: Log, review: Review) -> Baseline | None:
    """The baseline of a review; none where the protocol names none.

    A version keeps its release, and a release what it said, for ever: so what the protocol calls by name is no other input.
    Raises `ConfigurationError` naming a baseline that does not exist, or of which nothing was kept, and those that do.
    """
    wanted = review.protocol.prisma.baseline
    if wanted is None:
        return None
    told = dict(accounted(log))
    numbered = {one.number: one.release_id for one in versions(log)}
    found = [numbered[wanted]] if wanted in numbered else [one for one in told if one.startswith(wanted)]
    if len(found) != 1 or found[0] not in told:
        known = [f"{number} (release {one})" for number, one in numbered.items() if one in told]
        known += [one for one in told if one not in numbered.values()]
        what = "is the beginning of several releases" if len(found) > 1 else "is no version or release that left its numbers"
        raise ConfigurationError(
            f"{review.folder / 'protocol.yaml'}: prisma.baseline: {wanted!r} {what}; "
            f"{'there are ' + ', '.join(known) if known else 'there is none yet: leave it out until the first is signed off'}"
        )
    [release] = found
    said = said_by(log, release)
    return Baseline(wanted, told[release], {name: said[name] for name in SAID})
