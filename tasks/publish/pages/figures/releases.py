"""What became of the funnel from release to release."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter

from tasks.publish.pages.drawing import PRIMARY, SIZE, drawn
from tasks.publish.pages.figures.figure import Figure, labels
from tasks.publish.pages.plain import day
from tasks.publish.pages.reading import Row

FUNNEL = (
    ("identified", "Records identified"),
    ("screened", "Records screened"),
    ("assessed", "Reports assessed"),
    ("studies", "Studies included"),
    ("mapped", "Studies on the map"),
)


def of_releases(history: list[Row]) -> Figure | None:
    """The funnel in each release up to this one; ``history`` has release, as_of, box and n, both arms together."""
    by_box = {box: [row for row in history if row["box"] == box] for box, _ in FUNNEL}
    releases = [(number, next(rows)["as_of"]) for number, rows in groupby(by_box["studies"], itemgetter("number"))]
    if len(releases) < 2:
        return None
    values = [
        {"step": place, "number": row["number"], "n": row["n"]} for place, (box, _) in enumerate(FUNNEL) for row in by_box[box]
    ]
    first, last = releases[0], releases[-1]
    n = {(row["box"], row["number"]): row["n"] for row in history}
    numbers = [number for number, _ in releases]
    dates = f"{json.dumps([day(as_of) for _, as_of in releases])}[indexof({json.dumps(numbers)}, datum.value)]"
    return Figure(
        "releases",
        "The funnel over releases",
        f"From {day(first[1])} to {day(last[1])}, in {len(releases)} releases: records identified from "
        f"{n['identified', first[0]]:,} to {n['identified', last[0]]:,}, "
        f"studies included from {n['studies', first[0]]:,} to {n['studies', last[0]]:,}. "
        "Each step has a scale of its own.",
        drawn(
            {
                "data": {"values": values},
                "facet": {
                    "field": "step",
                    "type": "ordinal",
                    "header": {"labelExpr": labels([label for _, label in FUNNEL])[0], "title": None, "labelAnchor": "start"},
                },
                "columns": 1,
                "spacing": 10,
                "resolve": {"scale": {"y": "independent"}},
                "spec": {
                    "width": 620,
                    "height": 50,
                    "encoding": {
                        "x": {
                            "field": "number",
                            "type": "ordinal",
                            "title": None,
                            "scale": {"domain": numbers},
                            "axis": {"labelExpr": dates, "labelAngle": 0, "labelOverlap": True},
                        },
                        "y": {
                            "field": "n",
                            "type": "quantitative",
                            "title": None,
                            "scale": {"zero": True},
                            "axis": {"tickCount": 2, "format": ",d"},
                        },
                    },
                    "layer": [
                        {"mark": {"type": "line", "color": PRIMARY}},
                        {"mark": {"type": "circle", "color": PRIMARY, "size": 40, "opacity": 1}},
                        {
                            "mark": {"type": "text", "dy": -9, "fontSize": SIZE - 1},
                            "encoding": {"text": {"field": "n", "format": ","}},
                        },
                    ],
                },
            },
            "figure-releases",
            "The funnel over releases",
        ),
        ("Release", "As of", *(label for _, label in FUNNEL)),
        [(number, day(as_of), *(n.get((box, number), 0) for box, _ in FUNNEL)) for number, as_of in releases],
    )
