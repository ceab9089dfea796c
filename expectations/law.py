"""What a law is: a SQL file that selects the rows that break it, and what to say and do when there are any."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

LAWS = Path(__file__).parent / "laws"
_TABLE = re.compile(r"\b(?:log|staging|marts|meta)\.[a-z_]+\b")
_COMMENT = re.compile(r"--[^\n]*")


class Severity(StrEnum):
    """Whether a failure keeps the release back, or is only told."""

    STOP = "stop"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Law:
    """A domain law of one table, in ``expectations/laws/<name>.sql``.

    ``optional``: left out where one of its tables is not given. Laws that compare with a log are; a stage that cannot be judged
    without a table must not pass for want of it.
    """

    name: str
    table: str
    severity: Severity
    remedy: str
    optional: bool = False

    @property
    def file(self) -> Path:
        """Its SQL file, named as the law is."""
        return LAWS / f"{self.name}.sql"

    @property
    def sql(self) -> str:
        """Plain SQL that selects the failing rows, with the numbers that do not agree."""
        return self.file.read_text(encoding="utf-8").strip()

    @property
    def meaning(self) -> str:
        """What it expects, in words: the comment at the head of its SQL."""
        head = takewhile(lambda line: line.startswith("--"), self.sql.splitlines())
        return " ".join(line.removeprefix("--").strip() for line in head)

    @property
    def reads(self) -> frozenset[str]:
        """The tables that its SQL names, comments apart."""
        return frozenset(_TABLE.findall(_COMMENT.sub("", self.sql)))


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation about one table, ready to be run.

    ``sql`` selects the failing rows, and is the expectation unless Great Expectations has one of its own: ``expectation``, a
    class of `great_expectations.expectations` that is made with ``arguments``.
    """

    name: str
    table: str
    severity: Severity
    meaning: str
    remedy: str
    sql: str
    expectation: str | None = None
    arguments: Mapping[str, object] = field(default_factory=dict)
