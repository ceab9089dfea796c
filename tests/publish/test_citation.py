"""CITATION.cff keeps to the schema of the Citation File Format 1.2.0 (doi 10.5281/zenodo.5171937), as far as we use it."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import yaml

from tasks.publish.citing import citation_cff
from tests.publish.pages.frame import a_review

# The schema allows no other keys; those that are required, and what each is made of.
REQUIRED = {"authors", "cff-version", "message", "title"}
TEXTS = {
    "abstract": ".+", "cff-version": r"1\.2\.0", "date-released": r"\d{4}-\d\d-\d\d", "license": r"[-.A-Za-z0-9]+",
    "message": ".+", "title": ".+", "type": "dataset|software", "version": ".+",
}  # fmt: skip


def faults(content: bytes) -> list[str]:
    """What the schema refuses, by key."""
    told = yaml.load(content, Loader=yaml.BaseLoader)  # every scalar as it is written
    found = [f"{key} is missing" for key in sorted(REQUIRED - told.keys())]
    for key, value in told.items():
        if key in TEXTS:
            if not isinstance(value, str) or not re.fullmatch(TEXTS[key], value, re.S):
                found.append(f"{key} is {value!r}")
        elif key == "authors":
            if not value or not all(isinstance(one.get("name"), str) and one["name"] and set(one) == {"name"} for one in value):
                found.append(f"{key} is {value!r}")
        else:
            found.append(f"{key} is no key of the schema")
    return found


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "not stated", "Ask the team: it depends"])
@pytest.mark.parametrize("release", ["5e1ec7ed0badcafe", "1234567890123456", "12345678e9012345"])
def test_the_citation_keeps_to_the_schema(licence: str, release: str) -> None:
    content = citation_cff(a_review(licence=licence), release, datetime(2018, 11, 1, 9, 30))
    assert faults(content) == []
    assert yaml.safe_load(content)["version"] == release
    assert f"version: '{release}'" in content.decode()  # a number to no reader
    assert (b"license: CC-BY-4.0" in content) == (licence == "CC-BY-4.0")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("title:", "titel:"), "title is missing"),
        (("type: dataset", "type: map"), "type is 'map'"),
        (("2018-11-01", "1 November 2018"), "date-released is '1 November 2018'"),
        (("- name:", "- nom:"), "authors is "),
        (("cff-version: 1.2.0", "cff-version: 1.1.0"), "cff-version is '1.1.0'"),
    ],
)
def test_what_the_schema_refuses_is_found(change: tuple[str, str], fault: str) -> None:
    content = citation_cff(a_review(), "5e1ec7ed0badcafe", datetime(2018, 11, 1)).decode()
    assert change[0] in content
    assert any(one.startswith(fault) for one in faults(content.replace(*change).encode()))
