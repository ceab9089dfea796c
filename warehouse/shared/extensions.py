"""Extensions of DuckDB that are on the machine: installed by hand, or as a package (`make lake`). Nothing is downloaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.engine import literal


def load(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Loads an extension into a connection; false where it is not on the machine, or is of another version of DuckDB."""
    connection.execute("SET autoinstall_known_extensions = false")
    sources = [name]
    package = find_spec(f"duckdb_extension_{name}")
    for folder in package.submodule_search_locations or () if package else ():
        sources += map(str, sorted(Path(folder).glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension")))
    for source in sources:
        try:
            connection.execute(f"LOAD {literal(source)}")
        except duckdb.Error:
            continue
        return True
    return False
