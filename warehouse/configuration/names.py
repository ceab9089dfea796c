"""What ids and versions look like in a review's configuration."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from pydantic import StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")]


def unique(what: str, ids: list[str]) -> None:
    """Raises ValueError, with the ids, where some are given more than once; ``what`` says what they are."""
    twice = [one for one, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"{what} {', '.join(twice)} given more than once")
