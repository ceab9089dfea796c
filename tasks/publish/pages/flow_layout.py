"""Places for the boxes of the PRISMA diagram: steps of both arms stand level, each as high as its longest text."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.publish.pages.flow_boxes import PREVIOUS, Said, Step, drawn_arms, ends, heading, previous, steps
from tasks.publish.pages.flow_numbers import Flow
from tasks.publish.pages.lettering import wrapped

SIZE, LEADING, PADDING = 13.0, 17, 10
LEFT, BAR, MAIN, GUTTER, BETWEEN, GAP = 10, 26, 270, 34, 40, 30
INDENT = 12
BLOCK = MAIN + GUTTER + MAIN


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, ``x`` and ``y`` of its base line."""

    x: float
    y: float
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its lines; dashed where work is under way."""

    id: str
    x: float
    y: float
    w: float
    h: float
    lines: list[Text]
    dashed: bool = False
    spoken: str = ""

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w


@dataclass(frozen=True, slots=True)
class Arrow:
    """A path with a point at its end."""

    path: str
    dashed: bool = False


@dataclass(slots=True)
class Layout:
    """Everything that is drawn."""

    w: float
    h: float = 0
    headings: list[Box] = field(default_factory=list)
    stages: list[Box] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


def layout(flow: Flow, top: float) -> Layout:
    """The diagram of ``flow`` from ``top`` down: one arm alone where only databases were searched."""
    arms = drawn_arms(flow)
    before = previous(flow)
    first = LEFT + BAR + 14 + (MAIN + BETWEEN if before else 0)
    starts = [first + n * (BLOCK + BETWEEN) for n in range(len(arms))]
    made = Layout(w=starts[-1] + BLOCK + LEFT)
    for arm, x in zip(arms, starts, strict=True):
        made.headings.append(_centred(f"heading-{arm}", x, top, BLOCK, 30, heading(flow, arm)))
    ways = [steps(flow, arm) for arm in arms]
    y = top + 30 + 24
    column = _previous(made, before, top, y) if before else None
    above: list[Box] = []
    edges = [y]
    for level in zip(*ways, strict=True):
        placed = [_step(made, step, x, y) for step, x in zip(level, starts, strict=True)]
        made.arrows += [_down(upper, lower) for upper, (lower, _) in zip(above, placed, strict=bool(above))]
        above = [main for main, _ in placed]
        y = max(bottom for _, bottom in placed) + GAP
        edges.append(y)
    included, total, mapped = ends(flow)
    end = _box(included, starts[0], y, BLOCK)
    made.boxes.append(end)
    made.arrows.append(_down(above[0], end))
    for other in above[1:]:
        middle = other.x + other.w / 2
        made.arrows.append(Arrow(f"M{middle:g},{other.bottom:g} V{end.y + end.h / 2:g} H{end.right:g}"))
    if total and column:
        whole = _box(total, starts[0], end.bottom + GAP, BLOCK)
        made.boxes.append(whole)
        made.arrows.append(_down(end, whole))
        made.arrows.append(Arrow(f"M{column.x + column.w / 2:g},{column.bottom:g} V{whole.y + whole.h / 2:g} H{whole.x:g}"))
        end = whole
    below = end.bottom + GAP
    on_map, bottom = _step(made, mapped, starts[0], below)
    made.arrows.append(_down(end, on_map))
    for name, start, stop in (
        ("Identification", edges[0], edges[1]),
        ("Screening", edges[1], y),
        ("Included", y, bottom + GAP),
    ):
        made.stages.append(_centred(name.lower(), LEFT, start, BAR, stop - start - GAP, name))
    made.h = bottom
    return made


def _previous(made: Layout, said: Said, top: float, y: float) -> Box:
    """The column of the version before, level with the sources."""
    x = LEFT + BAR + 14
    made.headings.append(_centred("heading-previous", x, top, MAIN, 30, PREVIOUS))
    box = _box(said, x, y, MAIN)
    made.boxes.append(box)
    return box


def _step(made: Layout, step: Step, x: float, y: float) -> tuple[Box, float]:
    """Places a box of the way and its sides; the box, and how far down the step reaches."""
    main = _box(step.main, x, y, MAIN)
    made.boxes.append(main)
    bottom, side_y, start = main.bottom, y, 0.0
    for position, said in enumerate(step.sides):
        side = _box(said, x + MAIN + GUTTER, side_y, MAIN)
        made.boxes.append(side)
        middle = side.y + side.h / 2
        if position == 0:
            start = y + min(main.h, side.h) / 2
            made.arrows.append(Arrow(f"M{main.right:g},{start:g} H{side.x:g}", said.waits))
        else:
            made.arrows.append(Arrow(f"M{main.right + GUTTER / 2:g},{start:g} V{middle:g} H{side.x:g}", said.waits))
        bottom, side_y = max(bottom, side.bottom), side.bottom + 12
    return main, bottom


def _box(said: Said, x: float, y: float, w: float) -> Box:
    room = w - 2 * PADDING
    lines = [(0, text, True) for text in wrapped(said.head, room, SIZE, bold=True)]
    for part in said.parts:
        first, *rest = wrapped(part, room - INDENT, SIZE)
        lines += [(0, first, False), *((INDENT, text, False) for text in rest)]
    placed = [
        Text(x + PADDING + indent, y + PADDING + 12 + n * LEADING, text, bold) for n, (indent, text, bold) in enumerate(lines)
    ]
    return Box(said.id, x, y, w, 2 * PADDING + len(lines) * LEADING - 3, placed, said.waits, said.sentence)


def _centred(name: str, x: float, y: float, w: float, h: float, text: str) -> Box:
    return Box(name, x, y, w, h, [Text(x + w / 2, y + h / 2, text, True)])


def _down(upper: Box, lower: Box) -> Arrow:
    middle = upper.x + min(upper.w, lower.w) / 2
    return Arrow(f"M{middle:g},{upper.bottom:g} V{lower.y:g}")
