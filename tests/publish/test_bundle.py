"""The public bundle has what is for everybody, all of it, and nothing else; other programs read it."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import frictionless
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from rocrate.rocrate import ROCrate

from tasks.formats.worklist import neutral, restored
from tasks.publish import bundle as bundling
from tasks.publish.bundle import fill
from tasks.publish.datapackage import package
from tests.publish.conftest import HOSTILE
from warehouse import files, public
from warehouse.contract import Audience, ContractError
from warehouse.engine import quoted
from warehouse.public import Refused, public_tables, withheld
from warehouse.tables.catalogue import TABLES, table

BESIDE = (
    "map.html", "report.html", "prisma.svg", "prisma.csv", "search-report.html", "search-report.csv", "dictionary.html",
    "README.md", "LICENSE.txt", "CITATION.cff", "datapackage.json", "ro-crate-metadata.json", "SHA256SUMS",
    "studies.ris", "studies.xlsx", "eppi-mapper.json",
)  # fmt: skip
PRIVATE = ("marts.agreement_of_pair", "marts.work_queue", "marts.framework", "marts.prisma_row", "meta.quality_check")


def names(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def test_the_bundle_has_these_files_and_each_public_table_three_times(home: Path) -> None:
    tables = {f"{kind}/{name}.{kind}" for name in public_tables() for kind in ("csv", "parquet")}
    assert names(home) == {*BESIDE, *tables, "warehouse.duckdb"}


@pytest.mark.fault(58)
def test_no_table_or_column_is_in_it_that_is_not_for_everybody(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    assert {name.split(".")[0] for name, _ in columns} == {"marts", "meta"}
    assert not {name for name, _ in columns} & set(PRIVATE)
    for name, column in columns:
        assert table(name).audience_of(table(name).column(column)) is Audience.PUBLIC, f"{name}.{column}"
    for path in home.rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path
    described = pq.read_table(home / "parquet" / "meta.column.parquet").to_pylist()
    assert {row["audience"] for row in described} == {"public"}
    assert {row["table"].split(".")[0] for row in described} == {"marts", "meta"}


def test_rows_and_texts_are_those_of_the_release(home: Path, release) -> None:
    for name, shown in public_tables().items():
        ours = pq.read_table(release.path(name)).select(list(shown.column_names))
        theirs = pq.read_table(home / "parquet" / f"{name}.parquet")
        if name not in ("meta.column", "meta.code"):
            assert theirs.to_pylist() == ours.sort_by([(key, "ascending") for key in shown.key]).to_pylist()
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
            assert connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchall() == [(theirs.num_rows,)]
        with (home / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            read = list(csv.DictReader(lines))
        assert len(read) == theirs.num_rows
        for row, told in zip(read, theirs.to_pylist(), strict=True):
            for column in shown.columns:
                if column.type == "VARCHAR":
                    text = told[column.name] or ""
                    assert row[column.name] == neutral(text.replace("\0", ""))


@pytest.mark.fault(54)
def test_no_cell_of_a_table_is_a_formula(home: Path) -> None:
    for path in (home / "csv").glob("*.csv"):
        declared = table(path.stem)
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                texts = [cell for name, cell in row.items() if declared.column(name).type.startswith("VARCHAR")]
                assert not [cell for cell in texts if cell[:1] in "=+-@\t\r\n" and cell]
    with (home / "csv" / "marts.study.csv").open(encoding="utf-8", newline="") as lines:
        titles = {restored(row["title"]) for row in csv.DictReader(lines)}
    assert {title.replace("\0", "").strip() for title in HOSTILE} <= titles


def test_the_data_package_holds_by_the_rules_of_frictionless(home: Path) -> None:
    package = frictionless.Package.from_descriptor(str(home / "datapackage.json"))
    report = package.validate()
    assert report.flatten(["name", "rowNumber", "fieldName", "type", "message"]) == []
    assert report.valid
    assert {one.title: one.schema.primary_key for one in package.resources} == {
        name: list(one.key) for name, one in public_tables().items()
    }
    assert (package.version, package.licenses) == ("5e1ec7ed0badcafe", [{"name": "CC0-1.0"}])
    assert not package.contributors
    assert {field.description for one in package.resources for field in one.schema.fields} >= {"The study; stable for ever."}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda text: text + text.splitlines(keepends=True)[-1], "primary-key"),
        (lambda text: text.replace("absolute", "somehow", 1), "constraint-error"),
        (lambda text: text.replace(",0,", ",none,", 1), "type-error"),
    ],
)
def test_the_data_package_sees_a_changed_table(home: Path, tmp_path: Path, change, error: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    path = copy / "csv" / "marts.gap.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    report = frictionless.Package.from_descriptor(str(copy / "datapackage.json")).validate()
    faults = {task.name: {fault.type for fault in task.errors} for task in report.tasks if task.errors}
    assert list(faults) == ["marts.gap"]
    assert faults["marts.gap"] >= {"hash-count", error}


def test_the_crate_is_read_and_names_every_file(home: Path) -> None:
    crate = ROCrate(home)
    assert crate.name == "Safely reducing the need for children to enter care"
    listed = {part.id: part for part in crate.root_dataset["hasPart"]}
    assert set(listed) == names(home) - {"ro-crate-metadata.json", "SHA256SUMS"}
    for name, part in listed.items():
        assert part["sha256"] == hashlib.sha256((home / name).read_bytes()).hexdigest()
        assert part["contentSize"] == str((home / name).stat().st_size)


def test_sums_are_those_that_sha256sum_reads(home: Path) -> None:
    lines = [line.split("  ", 1) for line in (home / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    assert {name for _, name in lines} == names(home) - {"SHA256SUMS"}
    assert all(digest == hashlib.sha256((home / name).read_bytes()).hexdigest() for digest, name in lines)


def test_how_to_cite_it_names_no_person(home: Path) -> None:
    told = yaml.safe_load((home / "CITATION.cff").read_text(encoding="utf-8"))
    assert (told["cff-version"], told["type"], told["license"], told["version"]) == (
        "1.2.0", "dataset", "CC0-1.0", "5e1ec7ed0badcafe",
    )  # fmt: skip
    assert told["date-released"] == "2018-11-01"
    assert told["abstract"].startswith("Synthetic. ")
    assert [list(author) for author in told["authors"]] == [["name"]]


def test_the_readme_says_what_an_analyst_has_to_know(home: Path) -> None:
    text = (home / "README.md").read_text(encoding="utf-8")
    for told in (
        "**Synthetic.**",
        "sha256sum -c SHA256SUMS",
        "COUNT(DISTINCT study_id)",
        "apostrophe",
        "Licence: CC0-1.0",
        "5e1ec7ed",
    ):
        assert told in text
    assert "$" not in text, "every place is filled in"


def test_a_licence_in_words_is_told_in_words(release, wide_review, tmp_path: Path) -> None:
    said = wide_review.protocol.release.model_copy(update={"licence": "Ask $us first", "synthetic": None, "contact": None})
    fill(tmp_path / "b", release, replace(wide_review, protocol=wide_review.protocol.model_copy(update={"release": said})))
    described = json.loads((tmp_path / "b" / "datapackage.json").read_text(encoding="utf-8"))
    assert described["licenses"] == [{"title": "Ask $us first", "path": "LICENSE.txt"}]
    assert "license" not in yaml.safe_load((tmp_path / "b" / "CITATION.cff").read_text(encoding="utf-8"))
    assert "Ask $us first" in (tmp_path / "b" / "LICENSE.txt").read_text(encoding="utf-8")
    assert frictionless.Package.from_descriptor(str(tmp_path / "b" / "datapackage.json")).validate().valid


def plant_csv(home: Path) -> None:
    path = home / "csv" / "marts.theme.csv"
    path.write_text("reviewer," + path.read_text(encoding="utf-8"), encoding="utf-8")


def plant_parquet(home: Path) -> None:
    path = home / "parquet" / "marts.theme.parquet"
    data = pq.read_table(path)
    path.write_bytes(files.parquet_bytes(data.append_column("quotes", pa.array(["q"] * data.num_rows))))


def plant_column(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("ALTER TABLE marts.study ADD COLUMN abstract VARCHAR")


def plant_view(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("CREATE SCHEMA staging; CREATE VIEW staging.vote AS SELECT 'r1' AS reviewer")


def plant_table(home: Path) -> None:
    shutil.copy(home / "csv" / "marts.theme.csv", home / "csv" / "marts.framework.csv")


def plant_file(home: Path) -> None:
    (home / "votes.csv").write_text("reviewer\nr1\n", encoding="utf-8")


def plant_link(home: Path) -> None:
    (home / "map.html").unlink()
    (home / "map.html").symlink_to("/etc/hostname")


@pytest.mark.fault(58)
@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (plant_csv, "csv/marts.theme.csv: marts.theme.reviewer is not for everybody"),
        (plant_parquet, "parquet/marts.theme.parquet: marts.theme.quotes is not for everybody"),
        (plant_column, "warehouse.duckdb: marts.study.abstract is not for everybody"),
        (plant_view, "warehouse.duckdb: staging.vote is not for everybody"),
        (plant_table, "csv/marts.framework.csv: marts.framework is not for everybody"),
        (plant_file, "votes.csv: is no file of a bundle"),
        (plant_link, "map.html: is a link"),
    ],
)
def test_what_is_not_for_everybody_is_found_however_it_came_in(home: Path, tmp_path: Path, plant, said: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    assert withheld(copy, BESIDE) == []
    plant(copy)
    assert withheld(copy, BESIDE) == [said]


def test_a_bundle_with_a_private_column_is_refused(release, wide_review, tmp_path: Path, monkeypatch) -> None:
    """Whoever writes the tables by another list is stopped by the look at the files."""
    team = replace(table("marts.study"), audience=Audience.PUBLIC)
    everything = {name: TABLES[name] for name in public_tables()} | {"marts.study": team}
    allowed = public_tables()
    written = public.write_public

    def careless(*arguments):
        with monkeypatch.context() as patched:
            patched.setattr(public, "public_tables", lambda: everything)
            return written(*arguments)

    monkeypatch.setattr(bundling, "write_public", careless)
    with pytest.raises(Refused, match=r"csv/marts\.study\.csv: marts\.study\.abstract is not for everybody") as refused:
        fill(tmp_path / "b", release, wide_review)
    assert "warehouse.duckdb: marts.study.keywords is not for everybody" in str(refused.value)
    assert "abstract" not in allowed["marts.study"].column_names


def test_a_table_whose_key_is_not_public_is_no_table_for_everybody() -> None:
    declared = table("marts.theme")
    columns = tuple(replace(one, audience=Audience.TEAM) if one.name == "theme" else one for one in declared.columns)
    with pytest.raises(ContractError, match="theme of its key is not public"):
        public.public(replace(declared, columns=columns))


def test_a_release_of_another_version_is_not_bundled(release, wide_review, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(release.folder, older)
    path = older / "marts" / "gap.parquet"
    data = pq.read_table(path).drop_columns(["kind_label"])
    path.unlink()
    path.write_bytes(files.parquet_bytes(data))
    with pytest.raises(Refused, match=r"another version of evimap: marts\.gap has no kind_label"):
        fill(tmp_path / "b", replace(release, folder=older), wide_review)


def test_the_same_release_gives_the_same_bytes_but_for_the_database(home: Path, release, wide_review, tmp_path: Path) -> None:
    again = tmp_path / home.name
    fill(again, release, wide_review)
    of_database = {"warehouse.duckdb", "ro-crate-metadata.json", "SHA256SUMS"}  # the last two hold its sum
    for name in names(home) - of_database:
        assert (home / name).read_bytes() == (again / name).read_bytes(), name
    first, second = (bundling._zipped(one, tmp_path / f"{n}.zip") for n, one in enumerate((home, home)))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.filename for entry in packed.infolist()} == {f"{home.name}/{name}" for name in names(home)}


def test_pandas_reads_every_file_of_a_table_alike(home: Path) -> None:
    whole = pd.read_parquet(home / "parquet" / "marts.theme.parquet")
    text = pd.read_csv(home / "csv" / "marts.theme.csv")
    assert whole["studies"].tolist() == text["studies"].tolist()
    assert whole["label"].tolist() == text["label"].tolist()


def test_the_release_itself_has_a_data_package_of_its_parquet_files(release, wide_review) -> None:
    paths = {f"{path.parent.name}.{path.stem}": path for path in sorted(release.folder.glob("*/*.parquet"))}
    shown = {name: table(name) for name in paths}
    made = json.loads(package(release.folder, shown, paths, wide_review, release.id, "2018-11-01T09:30:00Z"))
    assert frictionless.Package.from_descriptor(made, basepath=str(release.folder)).to_descriptor()["id"] == release.id
    assert {one["title"] for one in made["resources"]} == set(paths)
    for one in made["resources"]:
        data = pq.read_table(release.folder / one["path"])
        assert one["hash"] == f"sha256:{files.sha256_of_file(release.folder / one['path'])}"
        assert [field["name"] for field in one["schema"]["fields"]] == data.column_names
        frictionless.Schema.from_descriptor(one["schema"])
        for field in one["schema"]["fields"]:
            # staged rows of the invented release say only what its pages need
            if field.get("constraints", {}).get("required") and not one["title"].startswith("staging."):
                assert data.column(field["name"]).null_count == 0, f"{one['title']}.{field['name']}"
    assert {"staging.code", "meta.quality_check"} <= set(paths), "the team's tables too"
