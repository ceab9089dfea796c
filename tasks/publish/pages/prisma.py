"""The PRISMA 2020 flow diagram as SVG, with what a living review has under way; and its numbers for R's PRISMA2020."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from tasks.formats.worklist import neutral
from tasks.publish.pages.flow_boxes import groups
from tasks.publish.pages.flow_layout import LEADING, LEFT, SIZE, Text, layout
from tasks.publish.pages.flow_numbers import flow
from tasks.publish.pages.lettering import wrapped
from tasks.publish.pages.plain import day, plain
from tasks.publish.pages.reading import RELEASE, drawn_rows, some_rows
from tasks.publish.pages.rendering import render, source
from warehouse.engine import Tables
from warehouse.review import Review

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
VOCABULARY = f"SELECT {', '.join(COLUMNS)} FROM marts.prisma_vocabulary ORDER BY position"


def prisma_svg(
    tables: Tables,
    review: Review,
    link: Callable[[str], str] | None = None,
    *,
    alone: bool = False,
    named: bool = True,
    cumulative: bool = False,
) -> str:
    """The diagram of a release: the same tables and review give the same bytes.

    ``link`` gives the address that a box leads to, by the box's id (``databases-screened``). Colours are attributes of the
    elements, so that it also stands within a page whose policy allows no other style; what it is in the dark is ``flow.css``,
    which a page takes among its own styles, and a file that stands ``alone`` has within it. Where the page itself says what the
    release is, and that it is synthetic, it need not be ``named`` in the picture. Where the protocol names a
    baseline, the diagram is that of an updated review, unless it is to be ``cumulative``.
    Raises `flow_numbers.DoesNotBalance` where the numbers contradict one another.
    """
    numbers = flow(drawn_rows(tables, cumulative))
    [release] = some_rows(tables, "meta.release", RELEASE)
    top = LEFT
    room = layout(numbers, 0).w - 2 * LEFT
    told = named and release["synthetic"]
    notice = wrapped(f"Synthetic: {plain(release['synthetic'])}", room - 24, SIZE, bold=True) if told else []
    notice_height = len(notice) * LEADING + 14 if notice else 0
    drawn = layout(numbers, top + notice_height + (14 if notice else 0))
    what = f"{plain(review.protocol.title, 300)}. Release {plain(release['release_id'], 80)}, as of {day(release['as_of'])}. "
    caption = (what if named else "") + "Dashed boxes: work under way. After PRISMA 2020 (Page et al., BMJ 2021;372:n71)."
    lines = wrapped(caption, room, 11.5)
    below = drawn.h + 30
    return render(
        "flow.svg.j2",
        title=f"PRISMA 2020 flow diagram: {plain(review.protocol.title, 300)}",
        description=[f"{group.heading}. {'. '.join(box.sentence for box in group.boxes)}." for group in groups(numbers)],
        synthetic=plain(release["synthetic"]),
        notice=[Text(LEFT + 12, top + 20 + n * LEADING, text, True) for n, text in enumerate(notice)],
        notice_box=(LEFT, top, room, notice_height),
        drawn=drawn,
        links={box.id: link(box.id) for box in drawn.boxes} if link else {},
        styles=source("flow.css") if alone else "",
        size=SIZE,
        caption=[Text(LEFT, below + n * 15, text) for n, text in enumerate(lines)],
        height=below + len(lines) * 15,
    )


def prisma_csv(tables: Tables) -> bytes:
    """The numbers as the R package PRISMA2020 reads them; what is not there is R's ``NA``."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in some_rows(tables, "marts.prisma_vocabulary", VOCABULARY):
        writer.writerow("NA" if cell is None else neutral(plain(cell, 20_000)) for cell in row.values())
    return buffer.getvalue().encode()
