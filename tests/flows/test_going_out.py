"""Nothing is made of a damaged release, and what was left behind by going back is not asked for again."""

import logging
import shutil

import pytest

from flows import releases
from flows.faults import BadInput
from flows.publishing import make_bundle, write_export
from flows.repair import restore
from flows.week import sign_off, week
from tests.flows.direct import refresh
from tests.flows.small import FEBRUARY, MARCH
from tests.flows.test_releases import version
from tests.warehouse.test_integrity import change
from warehouse.storage import Storage
from warehouse.tables.catalogue import table


@pytest.mark.fault(7)
def test_a_damaged_release_is_neither_bundled_nor_exported(begun, tmp_path):
    review, root = begun
    storage = Storage(root, review.name)
    make_bundle(review, root, tmp_path / "sound")
    damaged = storage.current().path("marts.theme")
    change(damaged, damaged.read_bytes()[:-1])
    for made in (
        lambda: make_bundle(review, root, tmp_path / "out"),
        lambda: write_export(review, root, "ris", tmp_path / "out" / "studies.ris"),
    ):
        with pytest.raises(BadInput, match=r"release \w+ is damaged: .*marts/theme\.parquet"):
            made()
    assert not (tmp_path / "out").exists()


def test_a_week_asks_for_no_refresh_of_what_somebody_went_back_from(begun, direct):
    review, root = begun
    storage = Storage(root, review.name)
    first = storage.live_id()
    version(review, "1.0", "1.1")
    refresh(review, root, FEBRUARY)
    releases.back_to(review, root, first, FEBRUARY)

    def missing():
        return [step for step in week(review, root, MARCH) if "does not have yet" in step.what]

    assert missing() == []
    assert not refresh(review, root, MARCH).published, "so says the refresh"
    storage.log.append(
        "first_seen", table("log.first_seen").of_rows([{"review": "small", "record_id": "x", "search_id": "s", "as_of": MARCH}])
    )
    [step] = missing()
    assert {"config", "first seen"} <= {name for name, _ in step.rows}, "once there is more, the release has neither"


@pytest.mark.fault(22)
def test_a_signed_off_release_of_an_earlier_version_leaves_the_live_one_restored(begun, direct):
    review, root = begun
    storage = Storage(root, review.name)
    signed = storage.live_id()
    sign_off(review, root, "a1", None, FEBRUARY)
    version(review, "1.0", "1.1")
    live = refresh(review, root, MARCH).release
    rows = storage.log.read("publication").to_pylist()
    for path in storage.log.files("publication"):
        path.unlink()
    for row in rows:
        old = {"pipeline": "0.0.1"} if row["release_id"] == signed else {}
        storage.log.append("publication", table("log.publication").of_rows([row | old]))
    for name in ("current", "public"):
        (storage.folder / name).unlink()
    for name in ("releases", "signed"):
        shutil.rmtree(storage.folder / name)
    with pytest.raises(BadInput) as told:
        restore(str(review), str(root))
    said = str(told.value)
    assert said.startswith(f"release {live} is live again; the public pages, of another one, are not: ")
    assert f"release {signed}: version" in said
    assert said.endswith("or sign the live one off (evimap sign-off)")
    assert (storage.live_id(), storage.release_ids(), storage.shown()) == (live, [live], None)
    logging.getLogger("evimap").handlers.clear()
