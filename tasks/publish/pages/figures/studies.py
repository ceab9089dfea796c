"""What the studies are: by theme, and by year."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.publish.pages.drawing import PAPER, Spec, drawn
from tasks.publish.pages.figures.figure import KINDS, Figure, colours, counted, labels, lower_first, quoted
from tasks.publish.pages.plain import plain
from tasks.publish.pages.reading import Row


def of_themes(themes: list[Row]) -> Figure | None:
    """Studies by theme, the kinds beside one another: they are never added."""
    if not any(row[kind] for row in themes for kind, _, _ in KINDS):
        return None
    kinds = [one for one in KINDS if any(row[one[0]] for row in themes)]
    names, room = labels([row["label"] for row in themes])
    values = [{"place": place, "kind": label, "n": row[kind]} for place, row in enumerate(themes) for kind, label, _ in kinds]
    y = {
        "field": "place",
        "type": "ordinal",
        "title": None,
        "scale": {"paddingInner": 0.25},
        "axis": {"labelExpr": names, "minExtent": room, "domain": False, "ticks": False},
    }
    offset = {"field": "kind", "sort": [label for _, label, _ in kinds]}
    x = {"field": "n", "type": "quantitative", "axis": None}
    most = max(themes, key=lambda row: row["studies"])
    least = min(themes, key=lambda row: row["studies"])
    return Figure(
        "themes",
        "Studies by theme",
        f"Most primary studies are on {quoted(most['label'])} ({most['studies']:,}), fewest on {quoted(least['label'])} "
        f"({least['studies']:,}). A study can have several themes.",
        drawn(
            {
                "data": {"values": values},
                "width": 380,
                "height": {"step": 15},
                "layer": [
                    {"mark": {"type": "bar"}, "encoding": {"color": colours(kinds)}},
                    {
                        "mark": {"type": "text", "align": "left", "dx": 4},
                        "encoding": {"text": {"field": "n", "format": ","}},
                    },
                ],
                "encoding": {"y": y, "yOffset": offset, "x": x},
            },
            "figure-themes",
            "Studies by theme",
        ),
        ("Theme", *(label for _, label, _ in KINDS)),
        [(plain(row["label"]), *(row[kind] for kind, _, _ in KINDS)) for row in themes],
    )


def of_years(years: list[Row], dimension: str) -> Figure | None:
    """Studies by year of publication and the codes of ``dimension``: bars of primary studies, other kinds as points."""
    dated = [row for row in years if row["year"]]
    if not dated:
        return None
    codes = list(dict.fromkeys(row["label"] for row in years))
    first, last = min(row["year"] for row in dated), max(row["year"] for row in dated)
    kinds = [one for one in KINDS if any(row[one[0]] for row in dated)]
    values = [
        {"code": codes.index(row["label"]), "year": row["year"], "kind": label, "n": row[kind]}
        for row in dated
        for kind, label, _ in kinds
        if row[kind]
    ]
    x = {
        "field": "year",
        "type": "ordinal",
        "title": None,
        "scale": {"domain": list(range(first, last + 1))},
        "axis": {"values": [year for year in range(first, last + 1) if year % 5 == 0 or first + 9 > last], "labelAngle": 0},
    }
    y = {"field": "n", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "tickCount": 4, "format": "d"}}

    def layer(mark: Spec, chosen: Sequence[str]) -> Spec:
        return {"transform": [{"filter": {"field": "kind", "oneOf": list(chosen)}}], "mark": mark}

    named = [label for _, label, _ in kinds]
    missing = sum(row[kind] for row in years if not row["year"] for kind, _, _ in KINDS)
    peak = max(dated, key=lambda row: (row["studies"], row["year"]))
    return Figure(
        "years",
        f"Studies by year and {lower_first(dimension)}",
        f"From {first} to {last}; the highest bar is {quoted(peak['label'])} in {peak['year']} with "
        f"{counted(peak['studies'], 'primary study', 'primary studies')}."
        + (f" {counted(missing, 'study', 'studies')} without a year of publication: in the table only." if missing else ""),
        drawn(
            {
                "data": {"values": values},
                "facet": {
                    "field": "code",
                    "type": "ordinal",
                    "header": {"labelExpr": labels(codes)[0], "title": None, "labelAnchor": "start"},
                },
                "columns": 1,
                "spacing": 14,
                "spec": {
                    "width": 660,
                    "height": 80,
                    "encoding": {"x": x, "y": y, "color": colours(kinds)},
                    "layer": [
                        layer({"type": "bar"}, named[:1]),
                        layer(
                            {
                                "type": "point",
                                "shape": "diamond",
                                "filled": True,
                                "size": 80,
                                "opacity": 1,
                                "stroke": PAPER,
                                "strokeWidth": 1,
                            },
                            named[1:],
                        ),
                    ],
                },
            },
            "figure-years",
            "Studies by year",
        ),
        (plain(dimension), "Year", *(label for _, label, _ in KINDS)),
        [(plain(row["label"]), row["year"] or "not stated", *(row[kind] for kind, _, _ in KINDS)) for row in years],
    )
