"""A full text that somebody hands in: kept for the team, known by its SHA-256, and in nothing that is published."""

from __future__ import annotations

from datetime import datetime

from flows import exchange
from tests.flows.direct import directly
from tests.flows.direct import refresh as direct_refresh
from warehouse.files import sha256
from warehouse.integrity import archive_faults
from warehouse.storage import Storage

DAY, NEXT = datetime(2026, 1, 5), datetime(2026, 1, 6)
PDF = b"%PDF-1.7\n%made up\n" + bytes(range(256)) * 8


def handed_in(begun, name, data=PDF, as_of=DAY):
    """What becomes of a file of the inbox."""
    review, root = begun
    inbox = Storage(root, review.name).inbox
    inbox.mkdir(exist_ok=True)
    (inbox / name).write_bytes(data)
    [taken] = exchange.take_in(review, root, as_of)
    return taken


def papers(begun):
    """The ids of two papers."""
    storage = Storage(begun[1], begun[0].name)
    rows = storage.log.read("first_seen").num_rows
    assert rows
    import pyarrow.parquet as pq

    return sorted(pq.read_table(storage.current().path("staging.citation")).column("citation_id").to_pylist())[:2]


def test_it_is_kept_under_the_id_of_its_paper_and_logged_with_its_hash(begun):
    one, other = papers(begun)
    storage = Storage(begun[1], begun[0].name)
    taken = handed_in(begun, f"Smith 2019 {one}.PDF")
    assert (taken.rows, taken.refused) == (1, 0), taken.line
    [row] = storage.log.read("full_text").to_pylist()
    assert (row["citation_id"], row["raw"], row["as_of"]) == (one, sha256(PDF), DAY)
    assert row["record_ids"]
    assert (storage.folder / row["path"]).read_bytes() == storage.raw.get(row["raw"]) == PDF
    assert row["path"].startswith(f"full_texts/{one}-")
    assert storage.log.read("retrieval").num_rows == 0, "only a person says that a text has arrived"
    handed_in(begun, f"{one}.pdf", as_of=NEXT)
    assert storage.log.read("full_text").num_rows == 1, "the same text of the same paper twice"
    assert handed_in(begun, f"{one} and {other}.pdf", as_of=NEXT).rows == 2
    assert [row["citation_id"] for row in storage.log.read("full_text").to_pylist()] == [one, other]
    assert archive_faults(storage) == []
    storage.raw.path(row["raw"]).unlink()
    assert [fault.what for fault in archive_faults(storage)] == ["is missing, and log.full_text names it"]


def test_it_is_no_part_of_a_release(begun):
    review, root = begun
    storage = Storage(root, review.name)
    before = storage.live_id()
    handed_in(begun, f"{papers(begun)[0]}.pdf")
    with directly():
        direct_refresh(review, root, datetime(2026, 2, 1))
    assert storage.live_id() == before
    assert not any("full_text" in path.name for path in storage.current().folder.rglob("*"))


def test_one_of_no_paper_is_refused_and_kept(begun):
    storage = Storage(begun[1], begun[0].name)
    for name, why in (
        ("smith-2019.pdf", "no paper's id is in its name"),
        ("c0123456789abcdef.pdf", "no paper is known by the id"),
    ):
        taken = handed_in(begun, name)
        assert (taken.rows, taken.refused) == (0, 1)
        assert why in taken.line
    assert storage.log.read("full_text").num_rows == 0
    assert not (storage.folder / "full_texts").exists()
    assert len(list((storage.inbox / "taken").iterdir())) == 2
