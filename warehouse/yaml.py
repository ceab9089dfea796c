"""YAML files as validated models; an error names file, line, key and what was expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class ConfigurationError(Exception):
    """A configuration file is not what it has to be. The message is for the person who wrote the file."""


class Misplaced(ValueError):
    """What a validator finds wrong with a key further inside; ``location`` is the way to it from the validated model."""

    def __init__(self, message: str, *location: int | str) -> None:
        super().__init__(message)
        self.location = location


class Model(BaseModel):
    """Base of every configuration model: immutable, and a key that nobody declared is an error, not a wish that is ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


M = TypeVar("M", bound="Model")

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where PyYAML was built with it: ten times as fast
DEEPEST = 50
"""Levels of lists and mappings within each other that a file may have."""
LONGEST = 1_000_000
"""Characters that the aliases of a file may stand for."""


def read(path: Path, model: type[M]) -> M:
    """The file at ``path`` as ``model``. Raises `ConfigurationError` with one line per fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: no such file; `evimap init DIR` makes a review folder with all of them") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    try:
        _refuse_bombs(text)
        loader = _LOADER(text)
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ConfigurationError(f"{path}: {where}not valid YAML ({getattr(error, 'problem', error)})") from None
    try:
        return model.model_validate({} if data is None else data)
    except ValidationError as error:
        faults = [(_location(fault), fault) for fault in error.errors()]
        lines = [f"{path}: line {_line(root, location)}: {_key(location)}: {_said(fault)}" for location, fault in faults]
        raise ConfigurationError("\n".join(lines)) from None


def _refuse_bombs(text: str) -> None:
    """Raises `yaml.YAMLError` for what would take the process with it: thousands of levels, aliases of aliases, or of much.

    The events of a file are read one by one; its nodes are built one within the other, and checked once for each alias.
    """
    within: list[yaml.CollectionStartEvent] = []
    lengths: dict[str | None, int] = {}
    more = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            within.append(event)
            if len(within) > DEEPEST:
                raise _Bomb(f"more than {DEEPEST} levels within each other", event)
        elif isinstance(event, yaml.CollectionEndEvent | yaml.ScalarEvent):
            begun = event if isinstance(event, yaml.ScalarEvent) else within.pop()
            lengths[begun.anchor] = _length(begun.start_mark, event.end_mark)
        elif isinstance(event, yaml.AliasEvent):
            if any(one.anchor for one in within):
                raise _Bomb("an alias within what has an anchor itself; write it out", event)
            more += lengths.get(event.anchor, 0)
            if more > LONGEST:
                raise _Bomb(f"aliases for more than {LONGEST:,} characters", event)


def _length(start: Any, end: Any) -> int:
    length: int = end.index - start.index
    return length


class _Bomb(yaml.YAMLError):
    """A file that is small and would be huge."""

    def __init__(self, problem: str, event: yaml.Event) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark = problem, event.start_mark


def _location(fault: Any) -> tuple[int | str, ...]:
    found = fault.get("ctx", {}).get("error")
    return (*fault["loc"], *found.location) if isinstance(found, Misplaced) else fault["loc"]


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The 1-based line of the innermost node on the way to ``location`` (a missing key has only its parent's line)."""
    line = 1
    for step in location:
        if node is None:
            break
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, found = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            line = node.value[step].start_mark.line + 1
        node = found
    return line


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "(the whole file)"


def _said(fault: Any) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        return "no such key is known here; check its spelling"
    if fault["type"] == "missing":
        return "this key is required"
    value = fault.get("input")
    return f"{message}, got {value!r}" if isinstance(value, str | int | float | bool) else message
