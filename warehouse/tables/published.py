"""What each release said, kept in the log when it is published: a later release is compared with that, and not with files that
may have been pruned. Narrow and slow to change, as a log is for ever and marts come and go.
"""

from __future__ import annotations

from warehouse.contract import Audience, Column, Stage, Table
from warehouse.tables.log import REVIEW
from warehouse.tables.marts import KINDS, STUDY_ID

RELEASE_ID = Column("release_id", "VARCHAR", "The release that said it.")
CLOCK = Column("as_of", "TIMESTAMP", "The clock value of that release: of its latest input, so that the rows are a function of the release.")
NUMBER = Column("number", "INTEGER", "Place of the release in its line of releases, from 1.")


def _published(name: str, key: tuple[str, ...], meaning: str, *columns: Column) -> Table:
    return Table("log", f"published_{name}", Stage.PUBLISH, Audience.TEAM, ("review", "release_id", *key), meaning, (REVIEW, RELEASE_ID, *columns, CLOCK))


STUDY = _published("study", ("study_id",), "One row per release and included study.",
    STUDY_ID, Column("reference", "VARCHAR", "Short reference."), Column("kind", "VARCHAR", "What it counted as; null until it was coded.", nullable=True),
    Column("mapped", "BOOLEAN", "It was on the map."), Column("record_ids", "VARCHAR[]", "All records of its reports: a later release knows it again by them, whatever it is called by then. Null in what earlier versions of the pipeline left.", nullable=True),
    Column("notices", "VARCHAR[]", "Editorial notices on its reports, as marts.notice has them."))
CODE = _published("code", ("study_id", "group", "dimension", "code"), "One row per release and code of a study on the map.",
    STUDY_ID, Column("group", "INTEGER", "Codes with the same number belong together within the study; 0 is the study as a whole."), Column("dimension", "VARCHAR", "Dimension."),
    Column("dimension_label", "VARCHAR", "Its name."), Column("code", "VARCHAR", "Code, or text."), Column("label", "VARCHAR", "Its name."))
CITATION = _published("citation", ("citation_id",), "One row per release and citation.",
    Column("citation_id", "VARCHAR", "The citation."), Column("position", "VARCHAR", "Where it was in the PRISMA diagram."))
CELL = _published("cell", ("view", "dimensions", "codes"), "One row per release and cell of the map.",
    Column("view", "VARCHAR", "View."), Column("dimensions", "VARCHAR[]", "Dimensions on its axes, in their order."), Column("codes", "VARCHAR[]", "The cell's code on each of them."),
    Column("description", "VARCHAR", "The cell in words."), Column("gap", "VARCHAR", "Kind of gap that it was; null where it was none.", nullable=True),
    Column("not_applicable", "VARCHAR", "Why its codes do not go together, where the protocol said so, whether or not there were studies in it.", nullable=True),
    Column("studies", "VARCHAR[]", "Studies of any kind that were in it."))
BOX = _published("box", ("arm", "box", "detail"), "One row per release and number of the PRISMA diagram.",
    NUMBER, Column("arm", "VARCHAR", "Arm."), Column("box", "VARCHAR", "Box."), Column("detail", "VARCHAR", "Source or exclusion reason; empty for the whole box."),
    Column("n", "INTEGER", "The number."), Column("label", "VARCHAR", "Its name in words."), Column("position", "INTEGER", "Order in the diagram."))
THEME = _published("theme", ("theme",), "One row per release and theme, and one of the whole map.",
    NUMBER, Column("theme", "VARCHAR", "Code of the theme dimension; empty for the whole map."), Column("label", "VARCHAR", "Its name."), *KINDS,
    Column("all_kinds", "INTEGER", "Distinct studies of any kind."), Column("position", "INTEGER", "Order of the codebook; 0 for the whole map."))

PUBLISHED = (STUDY, CODE, CITATION, CELL, BOX, THEME)
