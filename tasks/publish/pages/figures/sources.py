"""Which sources found the same: an UpSet plot (Lex et al. 2014, doi 10.1109/TVCG.2014.2346248)."""

from __future__ import annotations

from tasks.publish.pages.drawing import INK, LINE, PALE, PRIMARY, SIZE, Spec, drawn
from tasks.publish.pages.figures.figure import Figure, counted, labels
from tasks.publish.pages.plain import plain
from tasks.publish.pages.reading import Row

SETS = 20
"""Sets of sources that the picture shows; the table has all."""


def of_overlap(sets: list[Row], sources: list[Row], what: str) -> Figure | None:
    """Which sources found the same (Lex et al. 2014): a column for each set of sources, with what just these have.

    ``what`` is ``studies`` or ``citations``.
    """
    words = {"studies": "Included studies", "citations": "Unique papers"}[what]
    found = sorted((row for row in sets if row[what]), key=lambda row: (-row[what], len(row["databases"]), row["position"]))
    if not found:
        return None
    names = [row["label"] for row in sources]
    shown, rest = found[:SETS], found[SETS:]
    names_of, room = labels(names, 250)
    step = 26 if shown[0][what] < 1000 else 34  # room for the number over a bar
    x = {"field": "set", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(shown)))}}
    y = {
        "field": "source",
        "type": "ordinal",
        "title": None,
        "scale": {"domain": list(range(len(names)))},
        "axis": {"labelExpr": names_of, "minExtent": room, "domain": False, "ticks": False, "grid": False},
    }
    inside = [{"set": n, "source": names.index(one)} for n, row in enumerate(shown) for one in row["databases"] if one in names]
    every = [{"set": n, "source": one} for n in range(len(shown)) for one in range(len(names))]
    sizes = [{"source": n, "n": row[what], "alone": row[f"{what}_alone"]} for n, row in enumerate(sources)]
    bars: Spec = {
        "data": {"values": [{"set": n, "n": row[what]} for n, row in enumerate(shown)]},
        "width": {"step": step},
        "height": 110,
        "encoding": {
            "x": x,
            "y": {
                "field": "n",
                "type": "quantitative",
                "title": words,
                "axis": {"tickCount": 4, "tickMinStep": 1, "minExtent": room, "maxExtent": room, "format": ",d"},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "color": PRIMARY}},
            {"mark": {"type": "text", "dy": -7, "fontSize": SIZE - 1}, "encoding": {"text": {"field": "n", "format": ","}}},
        ],
    }
    matrix: Spec = {
        "width": {"step": step},
        "height": {"step": 20},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"data": {"values": every}, "mark": {"type": "circle", "size": 55, "color": PALE, "opacity": 1}},
            {
                "data": {"values": inside},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
                "encoding": {
                    "x": x,
                    "y": {"field": "source", "type": "ordinal", "aggregate": "min"},
                    "y2": {"field": "source", "aggregate": "max"},
                },
            },
            {"data": {"values": inside}, "mark": {"type": "circle", "size": 75, "color": INK, "opacity": 1}},
        ],
    }
    totals: Spec = {
        "data": {"values": sizes},
        "width": 150,
        "height": {"step": 20},
        "encoding": {
            "y": {"field": "source", "type": "ordinal", "axis": None, "scale": {"domain": list(range(len(names)))}},
            "x": {"field": "n", "type": "quantitative", "axis": None},
        },
        "layer": [
            {"mark": {"type": "bar", "color": LINE}},
            {"mark": {"type": "bar", "color": PRIMARY}, "encoding": {"x": {"field": "alone", "type": "quantitative"}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": SIZE - 1},
                "encoding": {"text": {"field": "n", "format": ","}},
            },
        ],
    }
    told: Spec = {
        "data": {
            "values": [
                {"said": "all that the source has", "y": 84, "ink": LINE},
                {"said": "what no other has", "y": 102, "ink": PRIMARY},
            ]
        },
        "width": 150,
        "height": 110,
        "encoding": {"y": {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [110, 0]}}},
        "layer": [
            {
                "mark": {"type": "square", "size": 90, "opacity": 1},
                "encoding": {"x": {"value": 6}, "color": {"field": "ink", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "align": "left", "fontSize": SIZE - 1},
                "encoding": {"x": {"value": 16}, "text": {"field": "said"}},
            },
        ],
    }
    alone = sum(row[what] for row in found if len(row["databases"]) == 1)
    total = sum(row[what] for row in found)
    return Figure(
        f"overlap-{what}",
        f"{words} and the sources that found them",
        f"{alone:,} of {counted(total, words.lower()[:-1] if what == 'citations' else 'included study', words.lower())} "
        f"{'was' if alone == 1 else 'were'} found by one source alone."
        + (f" The picture shows the {SETS} largest of {len(found):,} sets; the table has all." if rest else "")
        + " At the right: what each source has.",
        drawn({"concat": [bars, told, matrix, totals], "columns": 2, "spacing": 8}, f"figure-overlap-{what}", words),
        ("Found by", words),
        [(", ".join(plain(one) for one in row["databases"]), row[what]) for row in found],
    )
