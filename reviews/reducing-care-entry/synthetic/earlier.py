"""The review as it was before its codebook changed half-way."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

Codebook = dict[str, object]


def review(today: Path, folder: Path) -> Path:
    """A copy of the review in ``folder``, with version 1.0 of the codebook, before anybody wrote on a theme."""
    shutil.copytree(today, folder, ignore=shutil.ignore_patterns("synthesis", "consultation.yaml", "next_steps.yaml"))
    path = folder / "codebook.yaml"
    path.write_text(
        yaml.safe_dump(codebook(yaml.safe_load(path.read_text(encoding="utf-8"))), sort_keys=False), encoding="utf-8"
    )
    return folder


def codebook(today: Codebook) -> Codebook:
    """The codebook without its changes: where a code became another one, or several, it stands in their place."""
    before = {name: value for name, value in today.items() if name != "changes"} | {"version": "1.0"}
    for change in today["changes"]:
        for one in change["codes"]:
            codes = next(named["codes"] for named in before["dimensions"] if named["id"] == one["dimension"])
            codes.append({"id": one["code"], "label": one["code"].replace("-", " ").capitalize()})
        gone = {(one["dimension"], code) for one in change["codes"] for code in one["becomes"]}
        for named in before["dimensions"]:
            if "codes" in named:
                named["codes"] = [code for code in named["codes"] if (named["id"], code["id"]) not in gone]
    return before
