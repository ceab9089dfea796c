import shutil

import pyarrow.parquet as pq
import pytest
import yaml

from flows.start import start
from tests.flows.small import FEBRUARY, JANUARY
from tests.shared import shared

pytestmark = pytest.mark.usefixtures("prefect", "asked")

EXPORTS = {"ecec_qual_included.ris": "include", "ecec_qual_excluded_first250.ris": "exclude",
           "joint_custody_included.ris": "include", "asylum_excluded_150.ris": "exclude"}  # fmt: skip


def test_another_review_from_real_exports_needs_no_code(tmp_path):
    from flows.refresh import rebuild, refresh

    exports = shared("recorded/open/eppi_labelled")
    folder, root = tmp_path / "care-and-education", tmp_path / "data"
    start(folder)
    protocol = yaml.safe_load((folder / "protocol.yaml").read_text())
    protocol["sources"] = [{"id": "eppi", "database": "Earlier searches", "platform": "EPPI-Reviewer", "box": "database"}]
    (folder / "protocol.yaml").write_text(yaml.safe_dump(protocol))
    searches = []
    for name, decision in EXPORTS.items():
        shutil.copy(exports / name, folder / "imports" / name)
        outcome = {"stage": "title_abstract", "decision": decision, "tool": "EPPI-Reviewer"}
        searches.append({"source": "eppi", "files": [name], "strategy": f"export {name}", "outcome": outcome})
    (folder / "imports" / "searches.yaml").write_text(yaml.safe_dump({"searches": searches}))

    done = refresh(str(folder), str(root), JANUARY)
    assert done.published
    numbers = {
        row["box"]: row["n"]
        for row in pq.read_table(done.folder / "marts" / "prisma_flow.parquet").to_pylist()
        if row["arm"] == "databases" and row["detail"] == ""
    }
    starts = sum((exports / name).read_bytes().count(b"TY  - ") for name in EXPORTS)
    receipts = pq.read_table(done.folder / "staging" / "search.parquet").to_pylist()
    assert sum(row["got"] for row in receipts) == starts
    assert numbers["identified"] == sum(row["new"] for row in receipts)
    assert numbers["sought"] > 250
    assert numbers["excluded"] > 380
    assert pq.read_table(done.folder / "staging" / "vote.parquet").num_rows == 0
    assert not refresh(str(folder), str(root), FEBRUARY).published
    assert rebuild(str(folder), str(root)) == (done.release, [])
