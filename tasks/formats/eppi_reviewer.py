"""Decisions from EPPI-Reviewer: "all coding" has each person's, a coding report what was agreed, and not by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.formats.decisions import UNKNOWN, Decision, Unreadable, marked

TOOL = "EPPI-Reviewer"
_VERDICT = re.compile(r"^\s*(include|exclude)\b\W*(?:d\b)?\W*(.*)$", re.IGNORECASE | re.DOTALL)
_ON = re.compile(r"^(?:on|at|based on|because of|:|-|\s)*\s*", re.IGNORECASE)
_FULL_TEXT = re.compile(r"full[\s-]*(?:text|report|document)", re.IGNORECASE)
_STAGE_WORDS = re.compile(r"(?:title\s*(?:and|&|/|or)\s*abstract|full[\s-]*(?:text|report|document)|t\s*&\s*a)", re.IGNORECASE)


def decisions(data: Mapping[str, Any]) -> Iterator[Decision]:
    """The decisions of either file. Codes whose name begins with include or exclude decide; what follows is the reason."""
    if "items" in data:
        return _of_people(data)
    if "References" in data:
        return _of_report(data)
    raise Unreadable("the file has neither items nor References: it is no coding report and not all coding of EPPI-Reviewer")


def _of_people(data: Mapping[str, Any]) -> Iterator[Decision]:
    names = {
        str(one["attId"]): (str(one.get("attName", "")), str(one.get("fullPath", ""))) for one in data.get("attributes", [])
    }
    for item in data["items"]:
        texts = {name: str(value) for name, value in item.items() if isinstance(value, str)}
        for coded in item.get("codingsList", []):
            said = _said(*names.get(str(coded.get("key")), ("", "")))
            if said is None:
                continue
            for one in coded.get("value", []):
                yield Decision(
                    marked(texts), texts.get("title", ""), str(one.get("contactName", "")), said[1], TOOL, stage=said[0],
                    reason=said[2], note=str(one.get("infoBox") or ""),
                )  # fmt: skip


def _of_report(data: Mapping[str, Any]) -> Iterator[Decision]:
    for texts, name, path, note in codes(data):
        said = _said(name, path)
        if said is not None:
            yield Decision(
                marked(texts), texts.get("Title", ""), "", said[1], TOOL, stage=said[0], reason=said[2], note=note,
                voters=UNKNOWN,
            )  # fmt: skip


def codes(data: Mapping[str, Any]) -> Iterator[tuple[dict[str, str], str, str, str]]:
    """Each code of a coding report: the texts of its reference, its name, the path of names above it, and what was noted."""
    names: dict[str, tuple[str, str]] = {}
    for code_set in data.get("CodeSets", []):
        _walk(code_set.get("Attributes"), str(code_set.get("SetName", "")), names)
    for reference in data["References"]:
        texts = {name: str(value) for name, value in reference.items() if isinstance(value, str)}
        for code in reference.get("Codes", []):
            yield texts, *names.get(str(code.get("AttributeId")), ("", "")), str(code.get("AdditionalText") or "")


def _walk(attributes: Any, path: str, names: dict[str, tuple[str, str]]) -> None:
    for one in (attributes or {}).get("AttributesList", []):
        name = str(one.get("AttributeName", ""))
        names[str(one.get("AttributeId"))] = (name, path)
        _walk(one.get("Attributes"), f"{path}\\{name}", names)


def _said(name: str, path: str) -> tuple[str, str, str] | None:
    """Stage, decision and reason that a code stands for; none if it decides nothing."""
    found = _VERDICT.match(name)
    if not found:
        return None
    decision = found[1].lower()
    stage = "full_text" if _FULL_TEXT.search(name) or _FULL_TEXT.search(path) else "title_abstract"
    reason = _ON.sub("", _STAGE_WORDS.sub("", _ON.sub("", found[2])).strip(" -:()")) if decision == "exclude" else ""
    return stage, decision, reason
