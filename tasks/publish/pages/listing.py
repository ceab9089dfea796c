"""The list of studies: each stands once in the page, for readers and for the page's script alike."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.publish.pages.plain import plain, web_address
from tasks.publish.pages.reading import Row
from warehouse.configuration.codebook import Codebook

NAMED = 6  # authors that are shown; the others are in the page for the downloads


@dataclass(frozen=True, slots=True)
class Item:
    """A study in words. ``told`` are texts of the coders, each with what it answers."""

    id: str
    badge: str
    notice: str
    title: str
    link: str | None
    authors: str
    more_authors: str
    year: int | None
    journal: str
    told: list[tuple[str, str]]
    abstract: str


def items(studies: list[Row], codes: list[Row], book: Codebook) -> list[Item]:
    """The studies, in their order."""
    asked = {dimension.id: dimension.label for dimension in book.dimensions if not dimension.codes}
    told: dict[str, dict[str, list[str]]] = {}
    for row in codes:
        if row["dimension"] in asked:
            told.setdefault(row["study_id"], {}).setdefault(asked[row["dimension"]], []).append(plain(row["code"]))
    return [_item(row, {label: "; ".join(texts) for label, texts in told.get(row["study_id"], {}).items()}) for row in studies]


def _item(row: Row, told: dict[str, str]) -> Item:
    # "; " divides the authors, so none of them may have it in the name
    authors = [plain(author, 200).replace("; ", ", ") for author in row["authors"] or ()]
    kind = row["kind"] or "kind not stated"
    return Item(
        id=row["study_id"],
        badge="" if kind == "primary" else kind,
        notice=row["notice_label"] or "",
        title=plain(row["title"]) or "Untitled",
        link=web_address(row["doi"], row["url"]),
        authors="; ".join(authors[:NAMED]),
        more_authors="".join(f"; {author}" for author in authors[NAMED:]),
        year=row["year"],
        journal=plain(row["journal"]),
        told=sorted(told.items()),
        abstract=plain(row["abstract"], 5_000),
    )
