"""What a figure is, and what the figures share: kinds of study with their colours, names on axes, numbers in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tasks.publish.pages.drawing import ONGOING, PRIMARY, REVIEW, SIZE, Spec
from tasks.publish.pages.lettering import width
from tasks.publish.pages.plain import plain

KINDS = (("studies", "Primary studies", PRIMARY), ("reviews", "Reviews", REVIEW), ("ongoing", "Ongoing studies", ONGOING))
STAGES = {"title_abstract": "title and abstract", "full_text": "full text"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its text alternative: a sentence, and the numbers that it draws."""

    id: str
    title: str
    says: str
    svg: Markup
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def labels(names: Sequence[object], most: float = 380) -> tuple[str, int]:
    """An expression of Vega that names the place on an axis, and the room that the longest name takes in any usual font."""
    shown = [cut(plain(name), most) for name in names]
    return f"{json.dumps(shown)}[datum.value]", round(max((width(name, SIZE) for name in shown), default=0)) + 8


def cut(name: str, most: float) -> str:
    """``name`` if it is no wider than ``most``, else as much of its beginning as is."""
    if width(name, SIZE) <= most:
        return name
    while width(name + "…", SIZE) > most:
        name = name[:-1]
    return name.rstrip() + "…"


def colours(kinds: Sequence[tuple[str, str, str]]) -> Spec:
    """The colour of each kind, with a legend where there are several."""
    scale = {"domain": [label for _, label, _ in kinds], "range": [colour for _, _, colour in kinds]}
    legend = None if len(kinds) == 1 else {"symbolType": "square", "symbolOpacity": 1}
    return {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}


def quoted(label: object) -> str:
    """A name within a sentence."""
    return f"“{plain(label, 160)}”"


def lower_first(label: str) -> str:
    """A name that goes on in a sentence: ``outcome``."""
    return plain(label[:1].lower() + label[1:])


def counted(n: int, one: str, many: str) -> str:
    """``1 study``, ``2 studies``."""
    return f"{n:,} {one if n == 1 else many}"
