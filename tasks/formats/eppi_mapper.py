"""A coding report as EPPI-Reviewer exports it (JSON), of which EPPI-Mapper makes maps: code sets, references with their codes.

The shape was read off EPPI-Reviewer's own reports and off published EPPI-Mapper pages, which embed the same references.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_FIRST = 1000  # ids only have to differ within the file
_TYPES = {
    "article": "Journal, Article", "book": "Book, Whole", "chapter": "Book, Chapter", "report": "Report",
    "thesis": "Dissertation", "conference": "Conference Proceedings", "webpage": "Internet Site", "dataset": "Generic",
    "other": "Generic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribute:
    """A code of the set, or a heading that is none (``selectable`` false), with what stands under it."""

    key: tuple[str, ...]
    name: str
    description: str = ""
    selectable: bool = True
    under: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A study: its id with us, what it says of itself (by EPPI-Reviewer's names), and the keys of its codes."""

    id: str
    title: str
    short: str
    type: str | None = None
    texts: dict[str, str] = field(default_factory=dict)
    codes: Sequence[tuple[str, ...]] = ()


def write(name: str, description: str, attributes: Sequence[Attribute], items: Iterable[Item]) -> bytes:
    """The report. Codes of an item that are no attribute raise KeyError; the same input gives the same bytes."""
    ids: dict[tuple[str, ...], int] = {}
    tree = [_attribute(one, ids) for one in attributes]
    code_set = {
        "SetName": name, "ReviewSetId": 1, "SetId": 1,
        "SetType": {"SetTypeName": "Standard", "SetTypeDescription": "", "SetTypeId": 3},
        "SetDescription": description, "Attributes": {"AttributesList": tree}, "OriginalSetId": 0, "OldestKnownId": 0,
    }  # fmt: skip
    references = [_reference(number, one, ids) for number, one in enumerate(items, 1)]
    return json.dumps({"CodeSets": [code_set], "References": references}, ensure_ascii=False, indent=1).encode(
        "utf-8", "replace"
    )


def _attribute(one: Attribute, ids: dict[tuple[str, ...], int]) -> dict[str, object]:
    ids[one.key] = number = _FIRST + len(ids)
    made: dict[str, object] = {
        "AttributeId": number, "AttributeSetId": number, "AttributeName": one.name,
        "AttributeSetDescription": one.description, "AttributeDescription": one.description,
        "AttributeType": "Selectable (show checkbox)" if one.selectable else "Not selectable (no checkbox)",
        "AttributeTypeId": 2 if one.selectable else 1, "OriginalAttributeID": 0, "OldestKnownId": 0, "ExtURL": "",
        "ExtType": "",
    }  # fmt: skip
    if one.under:
        made["Attributes"] = {"AttributesList": [_attribute(child, ids) for child in one.under]}
    return made


def _reference(number: int, one: Item, ids: dict[tuple[str, ...], int]) -> dict[str, object]:
    codes = [
        {"AttributeId": ids[key], "AdditionalText": "", "ArmId": 0, "ArmTitle": "", "ItemAttributeFullTextDetails": []}
        for key in one.codes
    ]
    return {
        "ItemId": number, "OldItemId": one.id, "Title": one.title, "ShortTitle": one.short, "ParentTitle": "", "Abstract": "",
        "TypeName": _TYPES.get(one.type or "", "Generic"), "ItemStatus": "I", **one.texts, "Codes": codes, "Outcomes": [],
    }  # fmt: skip
