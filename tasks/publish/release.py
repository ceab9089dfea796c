"""A finished build becomes a release: pages, warehouse file, manifest; then it goes live in one step."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from tasks.publish.citing import licence_text
from tasks.publish.datapackage import LICENCE_FILE, package
from tasks.publish.pages.dictionary import dictionary
from tasks.publish.pages.map_page import map_page
from tasks.publish.pages.prisma import prisma_csv, prisma_svg
from tasks.publish.pages.prisma_rows import prisma_rows
from tasks.publish.pages.quality_page import quality_page
from tasks.publish.pages.report_page import counts_of, report_page
from tasks.publish.pages.search_report import search_report, search_table
from warehouse import files
from warehouse.account import LINE, account, batches_of
from warehouse.build import Build, Inputs
from warehouse.engine import Engine
from warehouse.recall import made_of
from warehouse.release import DATABASE, make_database, write_manifest
from warehouse.storage import Published, Storage
from warehouse.tables.catalogue import TABLES, table


def describe(build: Build, inputs: Inputs) -> dict[str, pa.Table]:
    """meta.release, meta.column and meta.code: what the release says of itself."""
    review = build.review
    release = {
        "review": review.id, "release_id": inputs.release_id, "title": review.protocol.title, "pipeline": inputs.pipeline,
        "protocol": review.protocol.version, "codebook": review.codebook.version, "as_of": build.as_of(),
        "predecessor": inputs.predecessor, "compared": _compared(build, inputs),
        "synthetic": review.protocol.release.synthetic,
    }  # fmt: skip
    described = [(declared, column) for declared in TABLES.values() if declared.schema != "log" for column in declared.columns]
    columns = [
        {"table": declared.qualified, "column": column.name, "type": column.type, "nullable": column.nullable,
         "meaning": column.meaning, "audience": str(declared.audience_of(column))}
        for declared, column in described
    ]  # fmt: skip
    codes: list[dict[str, object]] = [
        {"table": declared.qualified, "column": column.name, "code": code, "label": column.labels.get(code), "position": at}
        for declared, column in described
        for at, code in enumerate(column.among, 1)
    ]
    return {
        "meta.release": table("meta.release").of_rows([release]),
        "meta.column": table("meta.column").of_rows(columns),
        "meta.code": table("meta.code").of_rows(codes),
    }


def _compared(build: Build, inputs: Inputs) -> str:
    """What the release is compared with, in words."""
    if inputs.predecessor is None:
        return "This is the first release: there is none to compare it with."
    of_that = [row for row in build.log_rows("published_box").to_pylist() if row["release_id"] == inputs.predecessor]
    if not of_that:
        return f"Release {inputs.predecessor}, which was live before, did not leave in the log what it said."
    return f"Compared with release {inputs.predecessor}, as of {of_that[0]['as_of'].date().isoformat()}."


def finish(build: Build, inputs: Inputs) -> None:
    """Adds pages, warehouse file and manifest to a build whose tables are all made and checked."""
    made = build.made()
    for name, data in {
        "map.html": map_page(made, build.review).encode(),
        "report.html": report_page(made, build.review).encode(),
        "prisma.svg": prisma_svg(made, build.review, counts_of, alone=True).encode(),
        "prisma.csv": prisma_csv(made),
        **prisma_rows(made, build.review),
        "quality/index.html": quality_page(made, build.review).encode(),
        "docs/dictionary.html": dictionary(made, TABLES.values(), build.review).encode(),
        "docs/search-report.html": search_report(made, build.review).encode(),
        "docs/search-report.csv": search_table(made),
    }.items():
        files.write(build.folder / name, data)
    files.write(build.folder / LICENCE_FILE, licence_text(build.review))
    described = {name: table(name) for name in made}
    as_of = f"{build.as_of().isoformat()}Z"
    packaged = package(build.folder, described, made, build.review, inputs.release_id, as_of)
    files.write(build.folder / "datapackage.json", packaged)
    make_database(build.folder / DATABASE, made)
    write_manifest(build.folder, build.review.id, inputs, build.as_of())


def go_live(build: Build, storage: Storage, inputs: Inputs, as_of: datetime) -> Published:
    """Places the build among the releases, logs its publication, and makes it the live one by one atomic swap."""
    with Engine(build.read("staging.record", "staging.citation", "marts.study")) as engine:
        [counts] = engine.rows(
            """SELECT (SELECT count(*) FROM staging.record) AS records, (SELECT count(*) FROM staging.citation) AS citations,
               count(*) FILTER (state <> 'ongoing') AS studies, count(*) FILTER (mapped AND state <> 'ongoing') AS mapped
               FROM marts.study"""
        )
    said = account(build.made() | build.read(*(f"log.{name}" for name in LINE)), build.review.id, build.named())
    release = storage.place(build.folder, inputs.release_id)
    for name, rows in said.items():  # before the publication is logged, so that a release that was published has all of them
        if not batches_of(storage.log, name, inputs.release_id):
            storage.log.append(name, rows)
    logged = {(row["release_id"], row["as_of"]) for row in storage.log.read("publication").to_pylist()}
    if (inputs.release_id, as_of) not in logged:
        row = {
            "review": build.review.id,
            "release_id": inputs.release_id,
            "predecessor": inputs.predecessor,
            "as_of": as_of,
            "pipeline": inputs.pipeline,
            "made_of": made_of(inputs),
            **counts,
        }
        storage.log.append("publication", table("log.publication").of_rows([row]))
    storage.swap(inputs.predecessor, inputs.release_id)
    return release
