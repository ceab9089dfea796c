"""The numbers of the PRISMA 2020 diagram, and the laws that they have to keep before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.publish.pages.plain import plain
from tasks.publish.pages.reading import Row

ARMS = ("databases", "other")
# What a whole consists of; a living review has work under way in every one of them.
LAWS = (
    ("identified", ("duplicates", "automation", "removed_other", "screened", "awaiting_screening")),
    ("screened", ("excluded", "sought")),
    ("sought", ("not_retrieved", "assessed", "awaiting_retrieval")),
    ("assessed", ("report_excluded", "included", "awaiting_decision", "awaiting_classification", "ongoing")),
)
DETAILED = ("identified", "excluded", "report_excluded")


class DoesNotBalance(Exception):
    """The numbers contradict each other; the message says which. A diagram of them would mislead, so there is none."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Numbers by arm (``databases``, ``other``, ``both``) and box, and what the numbers consist of."""

    boxes: dict[tuple[str, str], int]
    details: dict[tuple[str, str], list[tuple[str, int]]]
    labels: dict[tuple[str, str], str]

    def n(self, arm: str, box: str) -> int:
        """A number; a box without a row is 0."""
        return self.boxes.get((arm, box), 0)

    def parts(self, arm: str, box: str) -> list[tuple[str, int]]:
        """Sources or reasons of a box with their numbers, in order."""
        return self.details.get((arm, box), [])

    @property
    def updates(self) -> bool:
        """Whether the numbers are those since a baseline: of an updated review."""
        return ("both", "total_studies") in self.boxes

    def has(self, arm: str) -> bool:
        """Whether anything was searched in this arm."""
        return self.n(arm, "identified") > 0 or bool(self.parts(arm, "identified"))


def flow(rows: list[Row]) -> Flow:
    """The numbers of marts.prisma_flow, or of marts.prisma_since.

    Raises `DoesNotBalance` naming each law that does not hold, with its numbers.
    """
    boxes = {(row["arm"], row["box"]): row["n"] for row in rows if not row["detail"]}
    details: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for row in rows:
        if row["detail"]:
            details.setdefault((row["arm"], row["box"]), []).append((plain(row["label"], 160), row["n"]))
    labels = {(row["arm"], row["box"]): plain(row["label"], 160) for row in rows if not row["detail"]}
    numbers = Flow(boxes, details, labels)
    broken = [*_broken_laws(numbers), *_broken_details(numbers), *_broken_ends(numbers)]
    if broken:
        raise DoesNotBalance("the PRISMA diagram does not balance: " + "; ".join(broken) + " (marts.prisma_flow)")
    return numbers


def _broken_laws(flow: Flow) -> list[str]:
    broken = []
    for arm in ARMS:
        for whole, parts in LAWS:
            numbers = [flow.n(arm, part) for part in parts]
            if flow.n(arm, whole) != sum(numbers):
                listed = " + ".join(f"{part} {n:,}" for part, n in zip(parts, numbers, strict=True))
                broken.append(f"{arm}: {whole} {flow.n(arm, whole):,} is not {listed} = {sum(numbers):,}")
    return broken


def _broken_details(flow: Flow) -> list[str]:
    return [
        f"{arm}: {box} {flow.n(arm, box):,} is not the {sum(n for _, n in parts):,} of its parts"
        for (arm, box), parts in sorted(flow.details.items())
        if box in DETAILED and flow.n(arm, box) != sum(n for _, n in parts)
    ]


def _broken_ends(flow: Flow) -> list[str]:
    broken = []
    included = sum(flow.n(arm, "included") for arm in ARMS)
    if flow.n("both", "reports") != included:
        broken.append(f"reports {flow.n('both', 'reports'):,} is not the {included:,} included of the two arms")
    if flow.updates:
        for one in ("studies", "reports"):
            before, new, total = (flow.n("both", box) for box in (f"previous_{one}", one, f"total_{one}"))
            if total != before + new:
                broken.append(f"total_{one} {total:,} is not previous_{one} {before:,} + {one} {new:,}")
    all_studies = "total_studies" if flow.updates else "studies"
    studies, mapped, waiting = (flow.n("both", box) for box in (all_studies, "mapped", "awaiting_coding"))
    if studies != mapped + waiting:
        broken.append(f"studies {studies:,} is not mapped {mapped:,} + awaiting_coding {waiting:,}")
    return broken
