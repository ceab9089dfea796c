"""What stands in each box of the PRISMA 2020 diagram (Page et al., BMJ 2021;372:n71), and in the boxes of work under way."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.publish.pages.flow_numbers import ARMS, Flow

HEADINGS = {
    "databases": "Identification of studies via databases and registers",
    "other": "Identification of studies via other methods",
}
NEW_HEADINGS = {arm: heading.replace("of studies", "of new studies") for arm, heading in HEADINGS.items()}
PREVIOUS = "Previous studies"
_FROM = {"databases": "databases and registers", "other": "other methods"}


@dataclass(frozen=True, slots=True)
class Said:
    """A box before it has a place: its name and number, what the number consists of, and whether it is of work under way."""

    id: str
    label: str
    n: int
    consists: tuple[tuple[str, int], ...] = ()
    waits: bool = False

    @property
    def head(self) -> str:
        """Its first line."""
        return counted(self.label, self.n)

    @property
    def parts(self) -> tuple[str, ...]:
        """The lines under it."""
        return tuple(counted(label, n) for label, n in self.consists)

    @property
    def sentence(self) -> str:
        """The box as it is read aloud."""
        return self.head + (": " + "; ".join(self.parts) if self.parts else "")


@dataclass(frozen=True, slots=True)
class Step:
    """A box of the way down, and those that branch off to its side."""

    main: Said
    sides: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the diagram with its boxes, in the order of reading."""

    id: str
    heading: str
    boxes: tuple[Said, ...]


def groups(flow: Flow) -> tuple[Group, ...]:
    """All boxes, by arm, and then those of both arms together."""
    included, total, mapped = ends(flow)
    before = previous(flow)
    ways = [
        Group(arm, heading(flow, arm), tuple(box for step in steps(flow, arm) for box in (step.main, *step.sides)))
        for arm in drawn_arms(flow)
    ]
    first = [Group("previous", PREVIOUS, (before,))] if before else []
    return (*first, *ways, Group("both", "Both together", (included, *([total] if total else []), mapped.main, *mapped.sides)))


def heading(flow: Flow, arm: str) -> str:
    """What stands above an arm."""
    return (NEW_HEADINGS if flow.updates else HEADINGS)[arm]


def previous(flow: Flow) -> Said | None:
    """What the baseline included and is included still; none where the diagram has no baseline."""
    if not flow.updates:
        return None
    gone = ("no longer included, or one with another", flow.n("both", "previous_gone"))
    reports = ("Reports of them", flow.n("both", "previous_reports"))
    return Said(
        "previous",
        flow.labels["both", "previous_studies"],
        flow.n("both", "previous_studies"),
        (reports, *([gone] if gone[1] else [])),
    )


def drawn_arms(flow: Flow) -> list[str]:
    """The arms that are drawn: the other methods only where any were used."""
    return [arm for arm in ARMS if arm == "databases" or flow.has(arm)]


def steps(flow: Flow, arm: str) -> tuple[Step, ...]:
    """The way of one arm from its sources to the reports that were assessed."""

    def said(box: str, label: str, consists: tuple[tuple[str, int], ...] = (), waits: bool = False) -> Said:
        return Said(f"{arm}-{box}", label, flow.n(arm, box), consists, waits)

    def waiting(box: str, label: str) -> tuple[Said, ...]:
        return (said(box, label, waits=True),) if flow.n(arm, box) else ()

    def parts(box: str) -> tuple[tuple[str, int], ...]:
        # a source that brought nothing is told; a reason that was never given is not
        listed = tuple((label, n) for label, n in flow.parts(arm, box) if n or box == "identified")
        known = flow.n(arm, "known_before") if box == "identified" else 0
        return (*listed, *([("of them known before, and waiting then or decided on again", known)] if known else []))

    return (
        Step(
            said("identified", f"Records identified from {_FROM[arm]}", parts("identified")),
            (_removed(flow, arm), *waiting("awaiting_screening", "Records awaiting screening")),
        ),
        Step(said("screened", "Records screened"), (said("excluded", "Records excluded", parts("excluded")),)),
        Step(
            said("sought", "Reports sought for retrieval"),
            (said("not_retrieved", "Reports not retrieved"), *waiting("awaiting_retrieval", "Reports awaiting retrieval")),
        ),
        Step(
            said("assessed", "Reports assessed for eligibility"),
            (
                said("report_excluded", "Reports excluded", parts("report_excluded")),
                *waiting("awaiting_decision", "Reports awaiting a decision"),
                *waiting("awaiting_classification", "Reports awaiting classification"),
                *waiting("ongoing", "Reports of ongoing studies"),
            ),
        ),
    )


def ends(flow: Flow) -> tuple[Said, Said | None, Step]:
    """What both arms lead to: the included studies, with those of the baseline all; on the map, and waiting to be coded."""
    arms = [arm for arm in ARMS if flow.has(arm)]
    by_arm = tuple((f"of them via {_FROM[arm]}", flow.n(arm, "included")) for arm in arms) if len(arms) > 1 else ()
    included = Said(
        "included",
        "New studies included in the review" if flow.updates else "Studies included in the review",
        flow.n("both", "studies"),
        (("New reports" if flow.updates else "Reports of included studies", flow.n("both", "reports")), *by_arm),
    )
    reports = (("Reports of them", flow.n("both", "total_reports")),)
    total = (
        Said("total", "Total studies included in the review", flow.n("both", "total_studies"), reports)
        if flow.updates
        else None
    )
    uncoded = flow.n("both", "awaiting_coding")
    side = Said("awaiting_coding", "Included studies awaiting coding", uncoded, waits=True)
    return (
        included,
        total,
        Step(Said("mapped", "Included studies on the map", flow.n("both", "mapped")), (side,) if uncoded else ()),
    )


def _removed(flow: Flow, arm: str) -> Said:
    boxes = {
        "duplicates": "Duplicate records",
        "automation": "Marked as ineligible by automation tools",
        "removed_other": "For other reasons",
    }
    consists = tuple((label, flow.n(arm, box)) for box, label in boxes.items() if box == "duplicates" or flow.n(arm, box))
    return Said(f"{arm}-removed", "Records removed before screening", sum(flow.n(arm, box) for box in boxes), consists)


def counted(words: str, n: int) -> str:
    """``Records screened (n = 4,810)``, with spaces that do not break within the bracket."""
    return f"{words} (n\u00a0=\u00a0{n:,})"
