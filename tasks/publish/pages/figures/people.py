"""How far people agreed."""

from __future__ import annotations

from tasks.publish.pages.drawing import LINE, PALE, PRIMARY, QUIET, SIZE, drawn
from tasks.publish.pages.figures.figure import STAGES, Figure, labels
from tasks.publish.pages.reading import Row


def of_agreement(agreement: list[Row]) -> Figure | None:
    """Kappa of each stage and round with its interval, over the words that the Cochrane Handbook has for it."""
    told = [row for row in agreement if row["kappa"] is not None]
    if not told:
        return None
    names = [f"{STAGES[row['stage']]}, " + (f"round {row['round']}" if row["round"] else "pilot") for row in told]
    names_of, room = labels(names)
    low = min(0.0, *(row["kappa_low"] for row in told))
    scale = {"domain": [low, 1], "nice": False}
    x = {
        "field": "kappa",
        "type": "quantitative",
        "scale": scale,
        "title": "kappa",
        "axis": {"values": [0, 0.2, 0.4, 0.6, 0.75, 1]},
    }
    y = {
        "field": "place",
        "type": "ordinal",
        "title": None,
        "axis": {"labelExpr": names_of, "minExtent": room, "domain": False, "ticks": False},
    }
    values = [
        {"place": n, "kappa": row["kappa"], "low": row["kappa_low"], "high": row["kappa_high"]} for n, row in enumerate(told)
    ]
    bands = [
        {"from": 0.4, "to": 0.6, "word": "fair"},
        {"from": 0.6, "to": 0.75, "word": "good"},
        {"from": 0.75, "to": 1, "word": "excellent"},
    ]
    height = 30 * len(told)
    return Figure(
        "agreement",
        "Agreement of independent reviewers over rounds",
        "; ".join(
            f"{name}: kappa {row['kappa']:.2f} ({row['kappa_low']:.2f} to {row['kappa_high']:.2f})"
            for name, row in zip(names, told, strict=True)
        ).capitalize()
        + ". Fair, good and excellent are the words of the Cochrane Handbook (5.1), which warns against relying on kappa.",
        drawn(
            {
                "width": 420,
                "height": height,
                "layer": [
                    {
                        "data": {"values": bands},
                        "mark": {"type": "rect", "color": PALE, "stroke": LINE},
                        "encoding": {
                            "x": {"field": "from", "type": "quantitative", "scale": scale},
                            "x2": {"field": "to"},
                            "y": {"value": 0},
                            "y2": {"value": height},
                        },
                    },
                    {
                        "data": {"values": bands},
                        "transform": [{"calculate": "(datum.from + datum.to) / 2", "as": "middle"}],
                        "mark": {"type": "text", "color": QUIET, "fontSize": SIZE - 1},
                        "encoding": {
                            "x": {"field": "middle", "type": "quantitative"},
                            "y": {"value": -8},
                            "text": {"field": "word"},
                        },
                    },
                    {
                        "data": {"values": values},
                        "mark": {"type": "rule", "color": PRIMARY, "strokeWidth": 2},
                        "encoding": {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
                    },
                    {
                        "data": {"values": values},
                        "mark": {"type": "circle", "color": PRIMARY, "size": 90, "opacity": 1},
                        "encoding": {"y": y, "x": x},
                    },
                ],
            },
            "figure-agreement",
            "Agreement over rounds",
        ),
        ("Stage and round", "Papers", "Kappa", "From", "To"),
        [
            (name, row["n"], *(f"{row[one]:.2f}" for one in ("kappa", "kappa_low", "kappa_high")))
            for name, row in zip(names, told, strict=True)
        ],
    )
