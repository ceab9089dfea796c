"""``codebook.yaml``: the coding frame, and what became of codes of its earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from warehouse.configuration import number
from warehouse.configuration.names import Id, Version, unique
from warehouse.yaml import Model

NOT_REPORTED = "not reported"
"""The answer that a report does not say it. No code is called so: an id has no space."""

Answer = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,63}(: \S.*)?|not reported)$")]
"""A code, with a coder's words if it is one to be specified (``other: housing first``); or not reported."""


class Code(Model):
    """A value that a study can be given in a dimension. A study with one that is ``within`` another counts there, too."""

    id: Id
    label: str
    definition: str | None = None
    kind: Literal["primary", "review"] | None = None
    within: Id | None = None
    specify: bool = False  # coders write what it is: "other: housing first"


Unit = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s\d;:\".,+\-\u2212][^\s;:\"]*( [^\s;:\"]+)*$", max_length=40)
]
"""What a number counts: no digit begins it, and nothing in it parts answers."""


class Number(Model):
    """A dimension whose answers are numbers. Without ``units`` they are plain (how many took part)."""

    units: tuple[Unit, ...] = ()

    @model_validator(mode="after")
    def _units_unique(self) -> Number:
        unique("unit", [unit.casefold() for unit in self.units])
        return self


class Dimension(Model):
    """One question of the coding frame. ``theme`` and ``kind`` are the two roles that the pipeline itself knows."""

    id: Id
    label: str
    definition: str | None = None
    role: Literal["theme", "kind"] | None = None
    multiple: bool = False
    grouped: bool = False  # coded once per group of things that belong together
    text: bool = False
    number: Number | None = None
    required: bool = True
    not_reported: bool = False  # "not reported" is an answer: somebody has looked, and the report does not say
    appraisers: Literal[1, 2] = 1  # 2: two people judge it of every study, each alone, whatever the double-coded sample
    codes: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _codes_fit(self) -> Dimension:
        unique("code", [code.id for code in self.codes])
        if sum((self.text, self.number is not None, bool(self.codes))) != 1:
            raise ValueError("a dimension has codes, or text: true, or number, and just one of these")
        if self.role and self.number:
            raise ValueError(f"with role: {self.role} a dimension has codes, and is no number")
        if self.role == "kind" and (self.multiple or any(code.kind is None for code in self.codes)):
            raise ValueError("with role: kind a study has one code, and every code says kind: primary or kind: review")
        return self

    @model_validator(mode="after")
    def _not_reported_fits(self) -> Dimension:
        if self.not_reported and self.role:
            raise ValueError(f"with role: {self.role} every study has a code: not_reported is for other dimensions")
        same = next((code.id for code in self.codes if " ".join(code.label.split()).casefold() == NOT_REPORTED), None)
        if self.not_reported and same:
            raise ValueError(f"code {same} is called {NOT_REPORTED!r}: keep that code, or not_reported: true, and not both")
        return self

    @model_validator(mode="after")
    def _appraised_as_a_whole(self) -> Dimension:
        if self.appraisers == 2 and self.role:
            raise ValueError(f"with role: {self.role} a dimension is no appraisal: appraisers: 2 is for other dimensions")
        if self.appraisers == 2 and self.grouped:
            raise ValueError("with appraisers: 2 the study is judged as a whole: a dimension with grouped: true cannot have it")
        return self

    @model_validator(mode="after")
    def _codes_are_a_tree(self) -> Dimension:
        open_codes: list[Code] = []  # the code before and those that it is within, the widest first
        for code in self.codes:
            while open_codes and open_codes[-1].id != code.within:
                open_codes.pop()
            if code.within and not open_codes:
                raise ValueError(
                    f"code {code.id} is within {code.within}: list it below {code.within} and what else is within that, before "
                    "any other code"
                )
            if open_codes and open_codes[-1].kind != code.kind:
                raise ValueError(f"code {code.id} is within {code.within}, and so of the same kind")
            open_codes.append(code)
        return self

    def wider(self, code: str) -> tuple[str, ...]:
        """The codes that one is within, the widest first: none for a code that is within none, or is not of this dimension."""
        within = {one.id: one.within for one in self.codes}
        found: list[str] = []
        while above := within.get(found[0] if found else code.partition(": ")[0]):
            found.insert(0, above)
        return tuple(found)

    def narrowest(self, codes: Collection[str]) -> frozenset[str]:
        """``codes`` without those that another of them is within: beside it, a wider code says nothing more."""
        return frozenset(codes) - {above for code in codes for above in self.wider(code)}

    def named(self, text: str) -> str | None:
        """The answer that ``text`` names by id or label, whatever its case and spaces; none if there is no such answer."""
        wanted = " ".join(text.split()).casefold()
        if self.not_reported and wanted == NOT_REPORTED:
            return NOT_REPORTED
        by_id = next((code.id for code in self.codes if code.id.casefold() == wanted), None)
        return by_id or next((code.id for code in self.codes if " ".join(code.label.split()).casefold() == wanted), None)

    def meant(self, answer: str) -> str:
        """The code that an answer stands for: the one that its words name, if there is one by now, else the one before them."""
        code, _, words = answer.partition(": ")
        return answer if self.text or self.number or not words else self.named(words) or code


class Became(Model):
    """What became of a code: one code (renamed, or merged with others), several (split), or none (no longer asked)."""

    dimension: Id
    code: Answer
    becomes: tuple[Answer, ...]


class Renamed(Model):
    """What became of a dimension: another name, or none (no longer asked)."""

    dimension: Id
    becomes: Id | None


class Reworded(Model):
    """A unit that is called otherwise now; what is counted is the same."""

    dimension: Id
    unit: Unit
    becomes: Unit


class Change(Model):
    """What version ``to`` of the codebook did to codes that were given before."""

    to: Version
    dimensions: tuple[Renamed, ...] = ()
    codes: tuple[Became, ...] = ()
    """With the names that dimensions have in version ``to``; so are units."""
    units: tuple[Reworded, ...] = ()
    ask: tuple[Id, ...] = ()
    """Dimensions that studies coded before are to be coded in as well."""


def _became(answer: str, changed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What became of an answer: what was said of it with its words, else of its code, which then takes the words along."""
    if answer.casefold() in changed:
        return changed[answer.casefold()]
    code, _, words = answer.partition(": ")
    became = changed.get(code, (answer,)) if words else (answer,)
    return (f"{became[0]}: {words}",) if len(became) == 1 and became[0] not in (answer, NOT_REPORTED) else became


def _counted(answer: str, units: Mapping[str, str]) -> str:
    """A number in a unit that is called otherwise now."""
    count, unit = number.parts(answer)
    return f"{count} {units[unit]}" if unit in units else answer


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


class Codebook(Model):
    """``codebook.yaml``: the coding frame, and what became of codes of its earlier versions."""

    version: Version
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _dimensions_fit(self) -> Codebook:
        unique("dimension", [dimension.id for dimension in self.dimensions])
        for role in ("theme", "kind"):
            if sum(dimension.role == role for dimension in self.dimensions) > 1:
                raise ValueError(f"at most one dimension has role: {role}")
        return self

    @model_validator(mode="after")
    def _appraisals_can_be_told(self) -> Codebook:
        if self.appraised and not any(dimension.required for dimension in self.appraised):
            raise ValueError(
                "no dimension with appraisers: 2 is required: an appraisal without an answer would be owed for ever"
            )
        if len(self.appraised) == len(self.dimensions):
            raise ValueError("every dimension has appraisers: 2: at least one has to be coded by one person, and verified")
        return self

    @model_validator(mode="after")
    def _changes_in_order(self) -> Codebook:
        versions = [_number(change.to) for change in self.changes]
        if versions != sorted(set(versions)) or (versions and versions[-1] > _number(self.version)):
            raise ValueError("changes are listed from the oldest version to the newest, and none is to one that is yet to come")
        for change in self.changes:
            unique(f"change of code to {change.to}:", [f"{one.dimension}.{one.code}" for one in change.codes])
            unique(f"change of unit to {change.to}:", [f"{one.dimension}.{one.unit}" for one in change.units])
            unique(f"change of dimension to {change.to}:", [one.dimension for one in change.dimensions])
        return self

    @property
    def appraised(self) -> tuple[Dimension, ...]:
        """The dimensions that two people judge of every study."""
        return tuple(dimension for dimension in self.dimensions if dimension.appraisers == 2)

    def of_two(self, appraised: bool) -> Codebook:
        """The codebook with the dimensions alone that two people judge of every study, or with the others alone."""
        return self.only(lambda dimension: (dimension.appraisers == 2) == appraised)

    def only(self, kept: Callable[[Dimension], bool]) -> Codebook:
        """The codebook with some of its dimensions alone."""
        return self.model_copy(update={"dimensions": tuple(one for one in self.dimensions if kept(one))})

    def since(self, version: str) -> tuple[Change, ...]:
        """What changed after ``version``, in order."""
        return tuple(change for change in self.changes if _number(change.to) > _number(version))

    def asks_again(self, version: str, appraised: bool) -> bool:
        """Whether a dimension was added after ``version`` for all studies: one that two people judge, or one of the others."""
        asked = (self.now(change.to, name, "")[0] for change in self.since(version) for name in change.ask)
        found = [self.dimension(name) for name in asked if name]
        return any(one is not None and (one.appraisers == 2) == appraised for one in found)

    def now(self, version: str, dimension: str, code: str) -> tuple[str | None, tuple[str, ...]]:
        """What a code of an earlier version is called: its dimension (none if that is no longer asked), and its codes.

        No code: it is no longer asked; several: somebody has to say which.
        """
        named: str | None = dimension
        codes: tuple[str, ...] = (code,)
        for change in self.since(version):
            named = next((one.becomes for one in change.dimensions if one.dimension == named), named)
            became = {one.code.casefold(): one.becomes for one in change.codes if one.dimension == named}
            units = {one.unit: one.becomes for one in change.units if one.dimension == named}
            codes = tuple(_counted(one, units) for one in codes)
            codes = tuple(dict.fromkeys(new for old in codes for new in _became(old, became)))
        return named, codes

    def former(self, dimension: str) -> dict[str, tuple[str, ...]]:
        """Codes of earlier versions of a dimension, with what they are called today: forms that were sent before come back."""
        found = {}
        for change in self.changes:
            for one in change.codes:
                told = [self.now(change.to, one.dimension, code) for code in one.becomes]
                if all(named == dimension for named, _ in told):
                    found[one.code.casefold()] = tuple(dict.fromkeys(code for _, codes in told for code in codes))
        return found

    def former_units(self, dimension: str) -> dict[str, str]:
        """What units of earlier versions are called today: forms that were sent before come back with them."""
        found: dict[str, str] = {}
        for change in self.changes:
            for one in change.units:
                named, (answer,) = self.now(change.to, one.dimension, f"1 {one.becomes}")
                if named == dimension:
                    found[one.unit.casefold()] = number.parts(answer)[1]
        return found

    def untold(self, version: str, dimension: str, code: str) -> str | None:
        """Why a code of an earlier version means nothing today, unless ``changes`` says what became of it."""
        named, codes = self.now(version, dimension, code)
        today = self.dimension(named) if named else None
        if named is None or (today and today.text):
            return None
        if today is None:
            return f"dimension {named!r} is not in version {self.version}"
        if today.number:
            units, kept = today.number.units, {NOT_REPORTED} if today.not_reported else set()
            odd = [one for one in codes if one not in kept and not number.is_valid(one, units)]
            return f"{odd[0]!r} of {named} is no number with a unit of version {self.version}" if odd else None
        known = {code.id for code in today.codes} | ({NOT_REPORTED} if today.not_reported else set())
        lost = sorted({today.meant(one) for one in codes} - known)
        return f"code {lost[0]!r} of {named} is not in version {self.version}" if lost else None

    def dimension(self, name: str) -> Dimension | None:
        """The dimension called ``name``, if there is one."""
        return next((one for one in self.dimensions if one.id == name), None)
