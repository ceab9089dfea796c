"""What a release says of itself."""

from __future__ import annotations

from warehouse.contract import Audience, Column, Stage, Table
from warehouse.tables.log import AS_OF, REVIEW

QUALITY_CHECK = Table("meta", "quality_check", Stage.PUBLISH, Audience.TEAM, ("review", "check_id"), "One row per expectation that was checked before this release.",
    (REVIEW, Column("check_id", "VARCHAR", "Stage, table and expectation."), Column("stage", "VARCHAR", "Stage whose tables it is of."), Column("table", "VARCHAR", "Table."),
     Column("meaning", "VARCHAR", "What is expected, in words."), Column("severity", "VARCHAR", "Whether a failure stops the release or is reported.", among=("stop", "report")),
     Column("passed", "BOOLEAN", "Whether it held."), Column("failing", "INTEGER", "Rows that break it."), Column("examples", "VARCHAR", "Up to 20 of them, as JSON.", nullable=True), Column("remedy", "VARCHAR", "What to do.", nullable=True)))
RELEASE = Table("meta", "release", Stage.PUBLISH, Audience.PUBLIC, ("review",), "One row: the release that this warehouse is.",
    (REVIEW, Column("release_id", "VARCHAR", "Hash of everything that went in."), Column("title", "VARCHAR", "Title of the review."), Column("pipeline", "VARCHAR", "Version of the pipeline."),
     Column("protocol", "VARCHAR", "Version of the protocol."), Column("codebook", "VARCHAR", "Version of the codebook."), AS_OF,
     Column("predecessor", "VARCHAR", "The release that was live before it; null for the first.", nullable=True), Column("compared", "VARCHAR", "What marts.change compares this release with, or why with none."),
     Column("synthetic", "VARCHAR", "Notice where the review or part of it is made up.", nullable=True)))
COLUMN = Table("meta", "column", Stage.PUBLISH, Audience.PUBLIC, ("table", "column"), "One row per column of this warehouse: its meaning, once.",
    (Column("table", "VARCHAR", "Table with its schema."), Column("column", "VARCHAR", "Column."), Column("type", "VARCHAR", "DuckDB type."), Column("nullable", "BOOLEAN", "May be null."), Column("meaning", "VARCHAR", "What it means."), Column("audience", "VARCHAR", "Who may see it.")))

CODE = Table("meta", "code", Stage.PUBLISH, Audience.PUBLIC, ("table", "column", "code"), "One row per code of each closed list, with its name: what a column may hold. Codes of the review's own frame are in the codebook.",
    (Column("table", "VARCHAR", "Table with its schema."), Column("column", "VARCHAR", "Column."), Column("code", "VARCHAR", "Code."), Column("label", "VARCHAR", "Its name for people; null where the code is a word that needs none.", nullable=True, names="code"),
     Column("position", "INTEGER", "Order in the list, from 1.")))

META = (QUALITY_CHECK, RELEASE, COLUMN, CODE)
