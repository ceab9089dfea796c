import re
import subprocess

import pytest
import typer

from flows.cli import app
from tests.flows.direct import directly, refresh
from tests.flows.small import FEBRUARY, JANUARY, make_review, work
from tests.shared import ROOT
from warehouse.tables.catalogue import TABLES

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = {path.name: path.read_text(encoding="utf-8").strip() for path in sorted((ROOT / "docs" / "queries").glob("*.sql"))}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("queries")
    review, root = make_review(folder / "small"), folder / "data"
    with directly():
        refresh(review, root, JANUARY)
        work(review, root, rounds=4)  # coded, not yet verified: something waits, something is on the map
        refresh(review, root, FEBRUARY)
    return root / "small" / "warehouse.duckdb"


def test_the_readme_shows_the_queries_of_docs_word_for_word():
    shown = re.findall(r"```sql\n(.*?)\n```", README, re.DOTALL)
    assert len(shown) == len(set(shown)) == 8
    assert set(shown) <= set(QUERIES.values())


def test_the_page_for_analysts_leads_to_every_query_and_names_tables_that_are_there():
    page = (ROOT / "docs" / "warehouse.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(queries/([a-z-]+\.sql)\)", page)) == set(QUERIES)
    named = set(re.findall(r"`((?:marts|staging|meta)\.[a-z_]+)`", page))
    assert named <= set(TABLES)
    marts = {name for name in TABLES if name.startswith("marts.")}
    assert marts - named <= {"marts.agreement_of_pair", "marts.prisma_vocabulary"}, "each mart answers a question"


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_runs_on_a_released_warehouse(warehouse, name):
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(QUERIES[name]).fetchall()
    # the small review has no levels, no two themes, no countries, no notices, and was no review in 2018
    expected_empty = name in (
        "gaps-at-organisation-level.sql", "studies-in-a-cell.sql", "themes-together.sql", "countries-by-theme.sql",
        "notices-on-the-map.sql", "themes-at-a-time.sql",
    )  # fmt: skip
    assert bool(rows) is not expected_empty


def test_every_table_and_column_of_the_warehouse_carries_its_meaning(warehouse):
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        bare = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL "
            "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
        schemas = {row[0] for row in connection.execute("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall()}
    assert bare == []
    assert schemas == {"staging", "marts", "meta"}


def test_every_command_that_the_readme_names_exists():
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    code = " ".join(re.findall(r"`[^`]+`|```sh.*?```", README, re.DOTALL))
    named = set(re.findall(r"evimap (?!DIR)([a-z]+(?:-[a-z]+)*)\b", code))
    assert named - {"evimap"} <= known, named - known
    assert known <= named, f"not in the README: {known - named}"


def test_every_make_target_that_the_readme_names_exists():
    listed = subprocess.run(["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True).stdout
    for target in set(re.findall(r"`?make ([a-z]+)`?", README)) - {"are", "again"}:
        assert re.search(rf"(?m)^{target}\b", listed), target


def test_the_documents_that_the_readme_points_to_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
