"""The faults of `faults.yaml` with the tests that show each: ``python -m tests.faults.table > docs/reliability.md``.

Tests are read, not run or imported: that takes a second instead of half a minute, and finds those of the browser too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from tests.shared import ROOT

FAULTS = Path(__file__).with_name("faults.yaml")
PAGE = ROOT / "docs" / "reliability.md"
HEAD = """# Faults and attacks that are survived

What may happen to an installation, what must happen then, and the tests that make it happen. The rows are those of
`tests/faults/faults.yaml`; `make reliability` writes this page from them and from the marks of the tests, and a test holds it
against both. *(soak)*: a slow proof, run by `make soak` and not by `make test`.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A test that shows a fault: its file from the project's folder, its name, whether it is one of the slow proofs."""

    path: str
    name: str
    slow: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A row: what happens, what must happen then, parameters of tests that have to be there, and why no test shows it."""

    number: int
    part: str
    fault: str
    must: str
    cases: tuple[str, ...] = ()
    untested: str | None = None


def faults() -> list[Fault]:
    """The rows of the table, as they stand in the file."""
    parts: list[dict[str, Any]] = yaml.safe_load(FAULTS.read_text(encoding="utf-8"))
    return [
        Fault(number, part["part"], row["fault"], row["must"], tuple(row.get("cases", ())), row.get("untested"))
        for part in parts
        for number, row in part["faults"].items()
    ]


@cache
def shown() -> tuple[dict[int, list[Shown]], dict[str, set[str]]]:
    """The tests by the fault that they show, and the texts that each of their files has."""
    found: dict[int, list[Shown]] = {}
    texts: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = path.relative_to(ROOT).as_posix()
        texts[name] = {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        for test in ast.walk(tree):
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                slow = any(_marks(one, "soak") for one in test.decorator_list)
                for number in _numbers(test):
                    found.setdefault(number, []).append(Shown(name, test.name, slow))
    return found, texts


def _numbers(test: ast.FunctionDef) -> Iterator[int]:
    for one in test.decorator_list:
        if isinstance(one, ast.Call) and _marks(one.func, "fault"):
            yield from (ast.literal_eval(number) for number in one.args)


def _marks(node: ast.expr, name: str) -> bool:
    return ast.unparse(node) == f"pytest.mark.{name}"


def page() -> str:
    """The page, as it has to be."""
    tests, _ = shown()
    lines = [HEAD]
    for part, rows in groupby(faults(), key=lambda one: one.part):
        lines += [f"## {part}\n", "| | fault or attack | what must happen | shown by |", "|---|---|---|---|"]
        for one in rows:
            by = "<br>".join([*map(_linked, tests.get(one.number, ())), *([one.untested] if one.untested else [])])
            lines.append(f"| {one.number} | {one.fault} | {one.must} | {by} |")
        lines.append("")
    return "\n".join(lines)


def _linked(one: Shown) -> str:
    said = one.name.removeprefix("test_").replace("_", " ")
    return f"[{said}](../{one.path}){' *(soak)*' if one.slow else ''}"


if __name__ == "__main__":
    sys.stdout.write(page())
