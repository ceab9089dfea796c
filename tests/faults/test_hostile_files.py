"""Files that are made to do harm: XML that is too deep or too long, databases that want to be opened, SQL from strangers."""

import re
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.formats.detect import read
from tests.shared import ROOT
from warehouse.archive import Raw
from warehouse.files import sha256

ARTICLE = b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>%s</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"  # noqa: E501
ENDNOTE = b"<xml><records><record><titles><title>%s</title></titles></record></records></xml>"
FEED = b'<rss version="2.0"><channel><item><title>%s</title></item></channel></rss>'


@pytest.mark.fault(44)
@pytest.mark.parametrize("document", [ARTICLE, ENDNOTE, FEED], ids=["pubmed", "endnote", "feed"])
@pytest.mark.parametrize("inside", [b"<b>" * 100_000 + b"x" + b"</b>" * 100_000, b"<b>" * 100_000], ids=["closed", "open"])
def test_deep_xml_is_read_or_rejected_in_time(document, inside):
    began = time.process_time()
    parsed = read(document % inside)
    assert parsed.starts == len(parsed.references) + len(parsed.rejected) >= 1
    assert time.process_time() - began < 20


@pytest.mark.soak
@pytest.mark.fault(44)
@pytest.mark.parametrize("document", [ARTICLE, ENDNOTE, FEED], ids=["pubmed", "endnote", "feed"])
def test_a_text_of_thirty_megabytes_is_read_or_rejected_in_time(document):
    began = time.process_time()
    parsed = read(document % (b"long words " * (30_000_000 // 11)))
    assert parsed.starts == len(parsed.references) + len(parsed.rejected) >= 1
    assert time.process_time() - began < 20


def database(folder: Path) -> bytes:
    path = folder / "theirs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE citation AS SELECT 'Kites' AS title")
    return path.read_bytes()


def parquet(folder: Path) -> bytes:
    pq.write_table(pa.table({"title": ["Kites"]}), folder / "theirs.parquet")
    return (folder / "theirs.parquet").read_bytes()


@pytest.mark.fault(48)
@pytest.mark.parametrize("made", [database, parquet])
def test_a_database_among_the_exports_is_rejected_whole(made, tmp_path):
    data = made(tmp_path)
    parsed = read(data)
    assert (parsed.references, [piece.data for piece in parsed.rejected]) == ((), [data])


@pytest.mark.fault(47)
def test_what_is_kept_is_called_by_its_hash(tmp_path):
    data = b"whatever its name was"
    address = Raw(tmp_path).put(data)
    assert [path.name for path in tmp_path.rglob("*.*")] == [f"{sha256(data)}.zst"]
    assert address == sha256(data)


SETTINGS = re.search(r"```python\n(import duckdb\n\nclosed = .*?)```", (ROOT / "docs" / "warehouse.md").read_text(), re.DOTALL)


@pytest.mark.fault(51)
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "FROM '/etc/passwd'",
        "COPY marts.study TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "EXPORT DATABASE 'out'",
        "INSTALL httpfs",
        "LOAD 'httpfs'",
        "CREATE TABLE marts.more AS SELECT 1",
        "DELETE FROM marts.study",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '1TB'",
        "SELECT * FROM closed",
    ],
)
def test_strangers_read_the_tables_and_nothing_else(sql, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copy").mkdir()
    with duckdb.connect("copy/warehouse.duckdb") as connection:
        connection.execute("CREATE SCHEMA marts; CREATE TABLE marts.study AS SELECT 1 AS n")
    names: dict[str, object] = {}
    exec(SETTINGS[1], names)  # as the page says it
    warehouse = names["warehouse"]
    assert warehouse.execute("SELECT n FROM marts.study").fetchall() == [(1,)]
    with pytest.raises(duckdb.Error):
        warehouse.execute(sql).fetchall()
    warehouse.close()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["copy", "warehouse.duckdb"]
