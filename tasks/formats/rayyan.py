"""Decisions from Rayyan: the log of customisations, or the notes of an export as CSV or RIS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from tasks.formats.decisions import Decision, marked

TOOL = "Rayyan"
_VERDICTS = {"included": "include", "maybe": "maybe", "excluded": "exclude"}
_OF_LOG = {"1": "include", "0": "maybe", "-1": "exclude"}
_STRING = r'"(?:[^"\\]|\\.)*"'
_SAID = re.compile(rf"({_STRING})\s*=>\s*({_STRING})", re.DOTALL)
_NOTES = re.compile(rf"({_STRING})\s*=>\s*\[((?:\s*{_STRING}\s*,?)*)\]", re.DOTALL)
_PARTS = ("RAYYAN-INCLUSION", "RAYYAN-LABELS", "RAYYAN-EXCLUSION-REASONS", "USER-NOTES")
_PART = re.compile(rf"(?:^|[|\n])\s*({'|'.join(_PARTS)}):\s*")


def articles(rows: Iterable[Mapping[str, str]]) -> Iterator[Decision]:
    """The votes in the notes of each article. Reasons are those of the article: they go to everybody who excluded it."""
    for row in rows:
        text = next((value for value in row.values() if "RAYYAN-INCLUSION" in value), "")
        parts = _parts(text)
        notes = {_plain(name): " / ".join(_plain(one) for one in re.findall(_STRING, said))
                 for name, said in _NOTES.findall(parts.get("USER-NOTES", ""))}  # fmt: skip
        reason = parts.get("RAYYAN-EXCLUSION-REASONS", "").strip()
        labels = parts.get("RAYYAN-LABELS", "").strip()
        for name, said in _SAID.findall(parts.get("RAYYAN-INCLUSION", "")):
            decision = _VERDICTS.get(_plain(said).casefold(), _plain(said))
            person = _plain(name)
            note = "; ".join(part for part in (notes.get(person, ""), f"labels: {labels}" if labels else "") if part)
            yield Decision(
                marked(row), row.get("title") or row.get("TI") or row.get("T1", ""), person, decision, TOOL,
                reason=reason if decision == "exclude" else "", note=note,
            )  # fmt: skip


def log(rows: Iterable[Mapping[str, str]], events: Iterable[Mapping[str, str]]) -> Iterator[Decision]:
    """The last decision of each person on each article, with that person's own reasons and notes."""
    known = {row["key"].removeprefix("rayyan-"): row for row in rows}
    said: dict[tuple[str, str], dict[str, str]] = {}
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for event in sorted(events, key=lambda one: one["created_at"]):
        at = (event["article_id"].removeprefix("rayyan-"), event["user_email"])
        key, value = event["key"].strip('"'), event["value"].strip()
        if key == "included":
            said.setdefault(at, {}).update(decision=_OF_LOG.get(value, ""), day=event["created_at"][:10])
        elif key.startswith("__EXR__"):
            given = reasons.setdefault(at, {})
            given.pop(key.removeprefix("__EXR__"), None)
            given |= {key.removeprefix("__EXR__"): None} if value == "1" else {}
        elif key in ("note", "notes"):
            said.setdefault(at, {})["note"] = value
    for at, its in said.items():
        row = known.get(at[0], {})
        decision = its.get("decision", "")
        yield Decision(
            marked(row), row.get("title", f"article {at[0]}"), at[1], decision, TOOL,
            reason=",".join(reasons.get(at, {})) if decision == "exclude" else "", note=its.get("note", ""),
            decided_on=its.get("day", ""),
        )  # fmt: skip


def _parts(text: str) -> dict[str, str]:
    """The parts of Rayyan's note by name; a bar inside of somebody's words parts nothing."""
    plain = re.sub(_STRING, lambda found: re.sub(r"[|\n]", " ", found[0]), text, flags=re.DOTALL)
    starts = [(found[1], found.start(), found.end()) for found in _PART.finditer(plain)]
    ends = [start for _, start, _ in starts[1:]] + [len(text)]
    return {name: text[end:stop].rstrip(" |\n") for (name, _, end), stop in zip(starts, ends, strict=True)}


def _plain(quoted: str) -> str:
    """A string as Ruby writes it, without its quotes and backslashes."""
    try:
        found = json.loads(quoted.replace("\n", "\\n").replace("\t", "\\t").replace("\\#", "#").replace("\\e", "\\u001b"))
    except ValueError:
        return quoted[1:-1]
    return str(found)
