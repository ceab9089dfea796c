"""The studies of a release in the form that other programs take: EPPI-Mapper, reference managers, spreadsheets.

Only what is for everybody is read: no abstract, no subject heading, no quote, nobody's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from tasks.formats import eppi_mapper, ris, study_table
from tasks.formats.eppi_mapper import Attribute, Item
from tasks.formats.reference import Reference
from warehouse.configuration.codebook import NOT_REPORTED, Dimension
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables import words

STUDIES = """
    SELECT study_id, reference, kind, kind_label, state_label, mapped, reports, type, title, authors, year, journal, volume,
        issue, pages, doi, pmid, language, publisher, url, notices, synthetic
    FROM marts.study
    ORDER BY year DESC NULLS LAST, reference, study_id
"""
# each code that was given once, whatever the groups, in the order of the codebook
CODES = """
    WITH held AS (SELECT DISTINCT study_id, dimension, code, label FROM marts.study_code WHERE NOT implied)
    SELECT held.study_id, held.dimension, list(held.code ORDER BY book.position, held.code) AS codes,
        list(held.label ORDER BY book.position, held.code) AS labels
    FROM held
    LEFT JOIN staging.code AS book ON book.dimension = held.dimension AND book.code = held.code  -- n:1
    GROUP BY ALL
    ORDER BY ALL
"""
RELEASE = "SELECT release_id, as_of, synthetic FROM meta.release"
NEEDED = ("marts.study", "marts.study_code", "staging.code", "meta.release")

Row = dict[str, Any]


def eppi_mapper_json(tables: Tables, review: Review) -> bytes:
    """Studies on the map for EPPI-Mapper: the coding frame as one code set; what a study counts as has a heading of its own.

    What ties codes of a study together in groups has no place there: its maps count a study in each crossing of its codes.
    """
    studies, codes, release = _read(tables)
    coded = [one for one in review.codebook.dimensions if one.codes]
    frame = [
        Attribute((one.id,), one.label, one.definition or "", False, (*_within(one, None), *_not_reported(one)))
        for one in coded
    ]
    kinds = Attribute(("",), "Counted as", "", False, tuple(Attribute(("", kind), name) for kind, name in words.KIND.items()))
    items = [
        Item(
            one["study_id"], one["title"] or one["reference"], one["reference"], one["type"], _texts(one),
            [("", one["kind"])] * (one["kind"] is not None)
            + [(name.id, code) for name in coded for code in codes.get((one["study_id"], name.id), ((), ()))[0]],
        )
        for one in studies
        if one["mapped"]
    ]  # fmt: skip
    return eppi_mapper.write(review.protocol.title, " ".join(_told(review, release)), [kinds, *frame], items)


def studies_ris(tables: Tables, review: Review) -> bytes:
    """Included and ongoing studies as RIS: the id as accession number, kind and codes by name as keywords, and notices."""
    studies, codes, release = _read(tables)
    names = {one.id: one.label for one in review.codebook.dimensions if one.codes}
    return ris.write(
        Reference(
            0, 0, type=one["type"], title=one["title"], authors=tuple(one["authors"]), year=one["year"],
            journal=one["journal"], volume=one["volume"], issue=one["issue"], pages=one["pages"], doi=one["doi"],
            pmid=one["pmid"], language=one["language"], publisher=one["publisher"], urls=(one["url"],) if one["url"] else (),
            accession=one["study_id"], notices=tuple(one["notices"] or ()),
            keywords=tuple(_keywords(one, names, codes)), notes=(str(release["synthetic"]),) if one["synthetic"] else (),
        )
        for one in studies
    )  # fmt: skip


def studies_xlsx(tables: Tables, review: Review) -> bytes:
    """Included and ongoing studies as a workbook: one row a study, a column a dimension of the coding frame."""
    studies, codes, release = _read(tables)
    fixed = (
        ("study_id", "study"), ("reference", "reference"), ("kind_label", "kind"), ("state_label", "coding"),
        ("title", "title"), ("authors", "authors"), ("year", "year"), ("journal", "journal"), ("volume", "volume"),
        ("issue", "issue"), ("pages", "pages"), ("type", "type"), ("doi", "doi"), ("pmid", "pmid"), ("url", "url"),
        ("reports", "reports"), ("notices", "notices"),
    )  # fmt: skip
    dimensions = [(one.id, one.label) for one in review.codebook.dimensions]
    rows = [
        [_cell(one[name]) for name, _ in fixed]
        + ["; ".join(codes.get((one["study_id"], name), ((), ()))[1]) for name, _ in dimensions]
        for one in studies
    ]
    about = [
        *_told(review, release),
        "One row a study, included or ongoing. Cells have the codes that it was given, whatever the groups.",
        "Codes are given of studies on the map: those whose coding is reconciled or verified, and ongoing ones.",
        "Primary studies, reviews and ongoing studies are never added together; a study can have several themes.",
    ]
    as_of = release["as_of"]
    assert isinstance(as_of, datetime)
    columns = [*fixed, *((f"code.{name}", label) for name, label in dimensions)]
    return study_table.write(review.protocol.title, columns, rows, about, as_of)


FORMS: Mapping[str, tuple[str, Callable[[Tables, Review], bytes]]] = {
    "eppi-mapper": ("eppi-mapper.json", eppi_mapper_json),
    "ris": ("studies.ris", studies_ris),
    "xlsx": ("studies.xlsx", studies_xlsx),
}
"""By form: the name of the file in a bundle, and what makes it."""


def _read(tables: Tables) -> tuple[list[Row], dict[tuple[str, str], tuple[list[str], list[str]]], Row]:
    """Studies in the order of the map's list, their codes and names by study and dimension, and the release."""
    with Engine({name: tables[name] for name in NEEDED}) as engine:
        [release] = engine.rows(RELEASE)
        codes: list[Row] = engine.rows(CODES)
        studies: list[Row] = engine.rows(STUDIES)
    return studies, {(row["study_id"], row["dimension"]): (row["codes"], row["labels"]) for row in codes}, release


def _told(review: Review, release: Row) -> list[str]:
    """What a file says of itself: where it comes from, whether it is real, under which licence, how to cite it."""
    said = review.protocol.release
    lines = [f"{review.protocol.title}: release {release['release_id']}, as of {release['as_of']:%Y-%m-%d}."]
    if release["synthetic"]:
        lines.append(f"Synthetic. {release['synthetic']}")
    lines.append(f"Licence: {said.licence}.")
    if said.cite_as:
        lines.append(f"Cite as: {said.cite_as}")
    return lines


def _within(dimension: Dimension, wider: str | None) -> tuple[Attribute, ...]:
    """The codes of a dimension directly within ``wider``, each with those within it."""
    return tuple(
        Attribute((dimension.id, code.id), code.label, code.definition or "", under=_within(dimension, code.id))
        for code in dimension.codes
        if code.within == wider
    )


def _not_reported(dimension: Dimension) -> tuple[Attribute, ...]:
    return (Attribute((dimension.id, NOT_REPORTED), "Not reported"),) if dimension.not_reported else ()


def _texts(one: Row) -> dict[str, str]:
    """A study by EPPI-Reviewer's names of fields."""
    given = {
        "ParentTitle": one["journal"], "Year": one["year"], "Authors": "; ".join(one["authors"]), "Volume": one["volume"],
        "Issue": one["issue"], "Pages": one["pages"], "DOI": one["doi"], "URL": one["url"], "Publisher": one["publisher"],
        "Comments": "; ".join(one["notices"] or ()),
    }  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in given.items()}


def _keywords(one: Row, names: dict[str, str], codes: dict[tuple[str, str], tuple[list[str], list[str]]]) -> Iterator[str]:
    if one["kind_label"]:
        yield f"Counted as: {one['kind_label']}"
    for name, label in names.items():
        for code in codes.get((one["study_id"], name), ((), ()))[1]:
            yield f"{label}: {code}"


def _cell(value: Any) -> str | int | None:
    if isinstance(value, list):
        return "; ".join(value)
    return value if value is None or isinstance(value, int) else str(value)
