"""Figures from Vega-Lite specifications, as SVG that a page with a strict policy can hold: no style, no script, no link."""

from __future__ import annotations

from typing import Any, TypeAlias
from xml.etree import ElementTree

from markupsafe import Markup, escape

Spec: TypeAlias = dict[str, Any]

# Colours by what they are of: `figures.css` has those of the dark for each. Nothing else is in a figure.
INK, QUIET, LINE, PALE, PAPER = "#18202a", "#4d5965", "#cdd5dc", "#e3ebf1", "#ffffff"
PRIMARY, REVIEW, ONGOING = "#0b5c8a", "#c2410c", "#6b4fa0"
SIZE = 12

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan", "circle"})
# What is seen of an element. Roles and labels of single marks would be read out by the hundred: the text beside says the same.
_ATTRIBUTES = frozenset(
    {"viewBox", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "r", "cx", "cy", "d", "transform", "fill",
     "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-miterlimit", "opacity",
     "text-anchor", "font-size", "font-weight", "display"}
)  # fmt: skip
_CONFIG: Spec = {
    "background": None,
    "font": "Liberation Sans",  # comes with the renderer, so that every machine measures alike
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK, "titleColor": QUIET, "labelFontSize": SIZE, "titleFontSize": SIZE, "titleFontWeight": "normal",
        "gridColor": LINE, "domainColor": QUIET, "tickColor": QUIET, "labelLimit": 1000, "titleLimit": 1000,
    },
    "header": {"labelColor": INK, "labelFontSize": SIZE, "labelFontWeight": "bold", "titleColor": QUIET, "labelLimit": 1000},
    "legend": {
        "labelColor": INK, "titleColor": QUIET, "labelFontSize": SIZE, "orient": "top", "title": None, "labelLimit": 1000,
        "columnPadding": 34,
    },
    "text": {"color": INK, "fontSize": SIZE},
    "title": {"color": INK, "fontSize": SIZE, "anchor": "start"},
}  # fmt: skip


def drawn(spec: Spec, name: str, title: str) -> Markup:
    """The SVG of a specification, called ``title``; the same specification gives the same bytes.

    ``name`` is unique on the page. The library is loaded here, so that no other command waits for it.
    """
    import vl_convert

    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg({"config": _CONFIG, **spec}))
    _bare(root)
    inner = "".join(ElementTree.tostring(child, encoding="unicode") for child in root).replace(f' xmlns="{_SVG}"', "")
    width, height = root.attrib["width"], root.attrib["height"]
    return Markup(
        '<svg xmlns="{ns}" viewBox="{box}" width="{width}" height="{height}" role="img" fill="none" '
        'aria-labelledby="{name}-title"><title id="{name}-title">{title}</title>{inner}</svg>'
    ).format(
        ns=_SVG, box=root.attrib["viewBox"], width=width, height=height, name=name, title=escape(title), inner=Markup(inner)
    )


def _bare(element: ElementTree.Element) -> None:
    """Leaves what is drawn, and takes away all else and what draws nothing."""
    for attribute in set(element.attrib) - _ATTRIBUTES:
        del element.attrib[attribute]
    for child in list(element):
        tag = child.tag.removeprefix(f"{{{_SVG}}}")
        if tag not in _ELEMENTS or _draws_nothing(tag, child):
            element.remove(child)
            continue
        _bare(child)
        if tag == "g" and not len(child):
            element.remove(child)


def _draws_nothing(tag: str, element: ElementTree.Element) -> bool:
    return element.get("display") == "none" or (
        tag == "path" and (not element.get("d") or not {"fill", "stroke"} & element.attrib.keys())
    )
