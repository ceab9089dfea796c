"""One small review whose tables agree with each other, as rows to be bent and as Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.expectations.small_review import Rows
from tests.expectations.tables import clean
from warehouse.tables.catalogue import table

Write = Callable[[Mapping[str, list[dict[str, Any]]]], dict[str, Path]]


@pytest.fixture
def rows() -> Rows:
    return clean("care")


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory) -> Write:
    """Writes rows as the Parquet files of a release, in a folder whose name has to be quoted."""

    def written(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, Path]:
        folder = tmp_path_factory.mktemp("it's a release")
        paths = {name: folder / f"{name}.parquet" for name in rows}
        for name, path in paths.items():
            pq.write_table(table(name).of_rows(rows[name]), path)
        return paths

    return written
