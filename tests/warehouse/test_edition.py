"""Versions of the public map: how they are counted, and how a page comes to say which one it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from warehouse import files
from warehouse.archive import Log
from warehouse.edition import PLACE, UNNUMBERED, Version, following, numbered, versions
from warehouse.tables.catalogue import table

MARCH = datetime(2027, 3, 3)


def signed(release: str, version: str | None) -> dict[str, object]:
    return {"review": "care", "release_id": release, "by": "a1", "version": version, "as_of": MARCH}


def test_versions_count_up_and_a_release_that_is_signed_again_keeps_its_own(tmp_path: Path) -> None:
    log = Log(tmp_path)
    assert versions(log) == []
    for row in (signed("a", "1.0"), signed("b", "1.1"), signed("a", "1.0"), signed("c", "2.0")):
        log.append("sign_off", table("log.sign_off").of_rows([row]))
    assert [(one.number, one.release_id) for one in versions(log)] == [("1.0", "a"), ("1.1", "b"), ("2.0", "c")]


@pytest.mark.parametrize(("last", "major", "number"), [(None, False, "1.0"), (None, True, "1.0"), ("1.0", False, "1.1"),
                                                       ("1.9", False, "1.10"), ("1.10", True, "2.0")])  # fmt: skip
def test_the_next_number(last: str | None, major: bool, number: str) -> None:
    assert following([Version(last, "a", MARCH)] if last else [], major) == number


def test_sign_offs_from_before_there_were_numbers_are_counted(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    older = table("log.sign_off").of_rows([signed("a", None)]).drop_columns(["version"])
    data = files.parquet_bytes(older)
    assert "version" not in pq.read_schema(files_at(tmp_path / "log" / "sign_off", data)).names
    log.append("sign_off", table("log.sign_off").of_rows([signed("b", "1.1")]))
    assert [(one.number, one.release_id) for one in versions(log)] == [("1.0", "a"), ("1.1", "b")]


def files_at(folder: Path, data: bytes) -> Path:
    path = folder / f"000001-{files.sha256(data)}.parquet"
    files.write(path, data)
    return path


def test_a_page_says_its_version_in_its_places_and_nowhere_else() -> None:
    page = f"<p>{PLACE}</p><p>{UNNUMBERED}</p><p>{PLACE}</p>".encode()
    public = numbered(page, "Version 1.2, 3 March 2027")
    assert public.count(b"Version 1.2, 3 March 2027") == 2
    assert public.count(UNNUMBERED.encode()) == 1
    assert numbered(public) == page
