"""The PRISMA 2020 flow diagram as SVG, with what a living review has under way."""

from __future__ import annotations

from tasks.publish.pages.flow_layout import LEADING, LEFT, SIZE, Text, layout
from tasks.publish.pages.flow_numbers import flow
from tasks.publish.pages.lettering import wrapped
from tasks.publish.pages.plain import day, plain
from tasks.publish.pages.reading import FLOW, RELEASE, some_rows
from tasks.publish.pages.rendering import render
from warehouse.engine import Tables
from warehouse.review import Review


def prisma_svg(tables: Tables, review: Review) -> str:
    """The diagram of a release: the same tables and review give the same bytes.

    Its style is in attributes of the elements, so that it also stands within a page whose policy allows no other style.
    Raises `flow_numbers.DoesNotBalance` where the numbers contradict one another.
    """
    numbers = flow(some_rows(tables, "marts.prisma_flow", FLOW))
    [release] = some_rows(tables, "meta.release", RELEASE)
    top = LEFT
    room = layout(numbers, 0).w - 2 * LEFT
    notice = wrapped(f"Synthetic: {plain(release['synthetic'])}", room - 24, SIZE, bold=True) if release["synthetic"] else []
    notice_height = len(notice) * LEADING + 14 if notice else 0
    drawn = layout(numbers, top + notice_height + (14 if notice else 0))
    caption = (
        f"{plain(review.protocol.title, 300)}. Release {plain(release['release_id'], 80)}, as of {day(release['as_of'])}. "
        "Dashed boxes: work under way. After PRISMA 2020 (Page et al., BMJ 2021;372:n71)."
    )
    lines = wrapped(caption, room, 11.5)
    below = drawn.h + 30
    return render(
        "flow.svg.j2",
        title=f"PRISMA 2020 flow diagram: {plain(review.protocol.title, 300)}",
        description=[f"{heading}. {'. '.join(box.sentence for box in boxes)}." for heading, boxes in drawn.said],
        synthetic=plain(release["synthetic"]),
        notice=[Text(LEFT + 12, top + 20 + n * LEADING, text, True) for n, text in enumerate(notice)],
        notice_box=(LEFT, top, room, notice_height),
        drawn=drawn,
        size=SIZE,
        caption=[Text(LEFT, below + n * 15, text) for n, text in enumerate(lines)],
        height=below + len(lines) * 15,
    )
