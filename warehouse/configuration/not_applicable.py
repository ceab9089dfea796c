"""``map.not_applicable`` in ``protocol.yaml``: combinations of codes that make no sense, and are no gap where no study is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from warehouse.configuration.codebook import Codebook
from warehouse.configuration.names import Id
from warehouse.yaml import Model

MOST_AXES = 4
"""Dimensions that a view has at most: a combination of more would be of no cell."""


class NotApplicable(Model):
    """One combination: ``why`` it makes no sense, and beside that key a code for each of its dimensions.

    A code stands for those within it, too. A dimension that is called ``why`` can be in none.
    """

    model_config = ConfigDict(frozen=True, extra="allow", str_strip_whitespace=True)
    __pydantic_extra__: dict[str, Id] = Field(init=False)

    why: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _of_several_dimensions(self) -> NotApplicable:
        if not 2 <= len(self.codes) <= MOST_AXES:
            found = ", ".join(self.codes) or "none"
            raise ValueError(f"a combination has a code of each of 2 to {MOST_AXES} dimensions beside why; it has {found}")
        return self

    @property
    def codes(self) -> Mapping[str, str]:
        """The code of each dimension, in the order in which they are written."""
        return self.__pydantic_extra__

    def covers(self, codes: Mapping[str, str], codebook: Codebook) -> bool:
        """Whether ``codes``, one of each of their dimensions, are of this combination or within it."""
        dimensions = {one.id: one for one in codebook.dimensions}
        return all(
            name in codes and code in (codes[name], *dimensions[name].wider(codes[name])) for name, code in self.codes.items()
        )


def faults(combinations: Sequence[NotApplicable], codebook: Codebook) -> Iterator[tuple[str, str]]:
    """What is wrong with combinations as the codebook is today: where, from ``map`` on, and what."""
    sound: list[tuple[int, NotApplicable]] = []
    for position, one in enumerate(combinations):
        at = f"not_applicable.{position}"
        found = [(f"{at}.{name}", fault) for name, code in one.codes.items() if (fault := _fault(name, code, codebook))]
        yield from found
        if found:
            continue
        for earlier, other in sound:
            if other.covers(one.codes, codebook):
                yield at, f"not_applicable.{earlier} says this already; leave this one out"
            elif one.covers(other.codes, codebook):
                yield at, f"this says all that not_applicable.{earlier} says; leave that one out"
        sound.append((position, one))


def _fault(name: str, code: str, codebook: Codebook) -> str | None:
    dimension = codebook.dimension(name)
    if dimension is None:
        have = ", ".join(one.id for one in codebook.dimensions if one.codes)
        return f"no dimension {name!r} in codebook.yaml (with codes there are {have})"
    if not dimension.codes:
        return f"{name!r} is {'free text' if dimension.text else 'a number'}; a combination is of codes"
    known = [one.id for one in dimension.codes]
    if code in known:
        return None
    today = codebook.former(name).get(code, ())
    remedy = f"since then it is {' or '.join(today)}" if today else f"there are {', '.join(known)}"
    return f"no code {code!r} of {name} in codebook.yaml ({remedy})"
