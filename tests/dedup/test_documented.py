"""docs/dedup.md is for reviewers who ask why two records were merged: it must know every rule that can answer them."""

from __future__ import annotations

import re
from pathlib import Path

from tasks.dedup import thresholds

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tasks" / "dedup"
PAGE = (ROOT / "docs" / "dedup.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def test_every_rule_is_explained_and_no_other():
    decide = (FOLDER / "decide.sql").read_text(encoding="utf-8")
    rules = set(re.findall(r"'(?:duplicate|unsure|different): ([^']+)'", decide)) | {"identical"}
    pair = (FOLDER / "record_pair.sql").read_text(encoding="utf-8")
    rules |= set(re.findall(r"THEN '([^']+)'$", pair.split("END AS rule")[0].split("END AS outcome")[1], re.MULTILINE))
    assert len(rules) > 15
    assert set(re.findall(r"^\| `([^`]+)` \|", _section("Rules"), re.MULTILINE)) == rules


def test_every_threshold_is_used_and_every_parameter_declared():
    used = {name for path in FOLDER.glob("*.sql") for name in re.findall(r"\$([a-z_]+)", path.read_text(encoding="utf-8"))}
    declared = set(thresholds.values())
    lists_in_patterns = {"languages", "notices", "type_words", "generic_openings", "living_serials", "preprint_servers"}
    # a cluster's own values (divide.sql), what the protocol says, and who takes part (to_check.sql)
    assert used - declared == {"ns", "founders", "versions_together", "people"}
    assert declared - used == lists_in_patterns
