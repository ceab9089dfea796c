from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.start import start
from tasks.formats.detect import read
from tasks.records.canonical import entries, rejects, title_key
from tasks.records.derive import count, derive
from tasks.records.receive import cached_reader, received
from tasks.sources.exports import receive
from tasks.sources.known import log_known
from warehouse.review import load
from warehouse.storage import Storage

JANUARY, FEBRUARY = datetime(2026, 1, 1), datetime(2026, 2, 1)
LOGS = ("import", "search", "search_line", "asked", "known", "receipt", "first_seen", "synthesis", "consultation", "next_step")


def ris(*records: dict[str, str]) -> bytes:
    return b"".join(
        ("TY  - JOUR\r\n" + "".join(f"{tag}  - {value}\r\n" for tag, value in record.items()) + "ER  - \r\n\r\n").encode()
        for record in records
    )


A = {"TI": "Kinship care in invented towns", "AU": "Okafor, A.", "PY": "2001", "AN": "1"}
B = {"TI": "Respite and its imaginary costs", "AU": "Lind, B.", "PY": "2002", "AN": "2"}


class Bench:
    """A review whose files arrive one search at a time."""

    def __init__(self, folder: Path) -> None:
        start(folder / "review")
        self.folder, self.storage, self.searches = folder / "review", Storage(folder / "data", "review"), []

    def arrives(self, data: bytes, source: str = "psycinfo", as_of: datetime = JANUARY, extra: str = "") -> None:
        name = f"{len(self.searches)}.export"
        (self.folder / "imports" / name).write_bytes(data)
        self.searches.append(f"- {{source: {source}, files: [{name}], strategy: s{len(self.searches)}{extra}}}")
        (self.folder / "imports" / "searches.yaml").write_text("searches:\n" + "\n".join(self.searches))
        self.review = load(self.folder)
        receive(self.review, self.storage.raw, self.storage.log, as_of)
        new = count(self.review, *self.parts(), self.tables(), as_of)
        for log in ("first_seen", "outcome", "receipt"):
            self.storage.log.append(log, getattr(new, log))

    def tables(self):
        return {f"log.{name}": self.storage.log.read(name) for name in LOGS}

    def parts(self):
        logs = self.tables()
        return received(logs["log.import"], logs["log.search"], cached_reader(self.storage.raw.get, self.storage.cache))

    def made(self, name: str):
        return derive(self.review, *self.parts(), self.tables())[name].to_pylist()

    def receipts(self):
        rows = self.storage.log.read("receipt").to_pylist()
        return [tuple(row[name] for name in ("got", "new", "changed", "repeated", "quarantined")) for row in rows]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_record_is_named_by_its_database_and_its_id_there(bench):
    bench.arrives(ris(A, B))
    assert [row["record_id"] for row in bench.made("staging.record")] == ["psycinfo@ovid:1", "psycinfo@ovid:2"]
    assert bench.receipts() == [(2, 2, 0, 0, 0)]


def test_the_same_records_again_are_repeated_and_counted_once(bench):
    bench.arrives(ris(A, B))
    bench.arrives(ris(B, A) + b"\r\n", as_of=FEBRUARY)
    assert bench.receipts() == [(2, 2, 0, 0, 0), (2, 0, 0, 2, 0)]
    assert len(bench.made("staging.record")) == 2
    assert {row["first_seen"] for row in bench.made("staging.record")} == {JANUARY}
    assert len(bench.made("staging.record_search")) == 4


def test_a_changed_record_shows_its_latest_version_and_its_first_search(bench):
    bench.arrives(ris(A))
    bench.arrives(ris({**A, "PY": "2003"}), as_of=FEBRUARY)
    [record] = bench.made("staging.record")
    searches = [row["search_id"] for row in bench.storage.log.read("search").to_pylist()]
    assert (record["year"], record["search_id"]) == (2003, searches[0])
    assert bench.receipts()[1] == (1, 0, 1, 0, 0)


def test_notes_do_not_make_a_change(bench):
    bench.arrives(ris(A))
    bench.arrives(ris({**A, "N1": "Cited by 12"}), as_of=FEBRUARY)
    assert bench.receipts()[1] == (1, 0, 0, 1, 0)


def test_a_row_number_as_id_never_replaces_another_paper(bench):
    bench.arrives(b"id,title,year\r\n1,Kinship care in invented towns,2001\r\n")
    bench.arrives(b"id,title,year\r\n1,Respite and its imaginary costs,2002\r\n", as_of=FEBRUARY)
    assert sorted(row["title"] for row in bench.made("staging.record")) == [A["TI"], B["TI"]]
    assert bench.receipts()[1] == (1, 1, 0, 0, 0)


def test_a_record_without_an_id_is_named_by_its_content(bench):
    bare = {"TI": A["TI"], "PY": "2001"}
    bench.arrives(ris(bare, bare))
    [record] = bench.made("staging.record")
    assert record["record_id"].startswith("psycinfo@ovid:#")
    assert bench.receipts() == [(2, 1, 0, 1, 0)]


def test_the_same_id_in_two_databases_is_two_records(bench):
    bench.arrives(ris(A))
    bench.arrives(ris(A), source="websites")
    assert len(bench.made("staging.record")) == 2
    assert {row["arm"] for row in bench.made("staging.record")} == {"databases", "other"}


@pytest.mark.fault(15)
def test_what_cannot_be_read_is_quarantined_with_its_bytes(bench):
    data = ris(A) + b"TY  - JOUR\r\nER  - \r\n"
    bench.arrives(data)
    [piece] = bench.made("staging.quarantine")
    assert bench.receipts() == [(2, 1, 0, 0, 1)]
    assert data[piece["offset"] : piece["offset"] + piece["length"]] == piece["data"]
    assert piece["reason"]


def test_a_record_can_be_found_in_its_raw_file(bench):
    bench.arrives(ris(A, B))
    for record in bench.made("staging.record"):
        text = bench.storage.raw.get(record["raw"])[record["offset"] : record["offset"] + record["length"]]
        assert record["title"].encode() in text


def test_an_outcome_follows_each_record_of_its_file(bench):
    bench.arrives(ris(A, B), extra=", outcome: {stage: title_abstract, decision: include, tool: elsewhere}")
    rows = bench.storage.log.read("outcome").to_pylist()
    assert [(row["record_ids"], row["decision"]) for row in rows] == [
        (["psycinfo@ovid:1"], "include"),
        (["psycinfo@ovid:2"], "include"),
    ]


def test_who_suggested_a_paper_is_kept(bench):
    bench.arrives(
        b'suggested_by,suggested_on,citation\r\nx1,2026-01-05,"Adeyemi (2019) An invented trial"\r\n', source="experts"
    )
    [record] = bench.made("staging.record")
    assert record["suggested_on"] == date(2026, 1, 5)
    assert (record["suggested_by"], record["title"], record["box"]) == ("x1", "Adeyemi (2019) An invented trial", "expert")


def test_a_website_result_keeps_address_organisation_and_year(bench):
    bench.arrives(
        b"url,title,organisation,date\r\nhttps://example.org/a,An invented guide,Invented Trust,2016-05-01\r\n",
        source="websites",
    )
    [record] = bench.made("staging.record")
    assert (record["url"], record["publisher"], record["year"]) == ("https://example.org/a", "Invented Trust", 2016)


def test_the_cache_changes_nothing(bench):
    bench.arrives(ris(A, B) + b"TY  - JOUR\r\nER  - \r\n")
    warm = bench.made("staging.record"), bench.made("staging.quarantine")
    for path in bench.storage.cache.rglob("*.parquet"):
        path.unlink()
    assert (bench.made("staging.record"), bench.made("staging.quarantine")) == warm


@pytest.mark.fault(7)
@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:50]])
@pytest.mark.parametrize("kind", ["entries", "rejects"])
def test_a_file_of_the_cache_that_is_damaged_is_made_anew(bench, damage, kind):
    bench.arrives(ris(A, B) + b"TY  - JOUR\r\nER  - \r\n")
    warm = bench.made("staging.record"), bench.made("staging.quarantine")
    [path] = bench.storage.cache.rglob(f"*.{kind}.parquet")
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert (bench.made("staging.record"), bench.made("staging.quarantine")) == warm
    assert path.read_bytes() == whole


@pytest.mark.fault(15)
def test_every_start_becomes_an_entry_or_a_reject():
    parsed = read(ris(A, B) + b"TY  - JOUR\r\nER  - \r\n")
    assert entries(parsed).num_rows + rejects(parsed).num_rows == parsed.starts == 3


@pytest.mark.parametrize(
    ("one", "other"), [("Café: a Study!", "CAFE a study"), ("Straße", "STRASSE"), ("A  B", "a-b"), (None, "")]
)
def test_titles_typed_again_have_one_key(one, other):
    assert title_key(one) == title_key(other)


def test_a_strategy_is_tried_on_the_papers_that_are_known(bench):
    listed = ris(A | {"AN": "", "PY": "2002"}, {"TI": "Nobody finds this", "PY": "2003"})
    (bench.folder / "imports" / "known.ris").write_bytes(listed)
    bench.arrives(ris(A, B))
    bench.arrives(ris(B), source="experts")
    bench.review = replace(bench.review, searches=bench.review.searches.model_copy(update={"known": ("known.ris",)}))
    assert log_known(bench.review, bench.storage.raw, bench.storage.log, JANUARY) == 2
    found = [(row["title"], row["strategy"], row["found"], row["record_id"]) for row in bench.made("staging.known_paper")]
    assert found == [(A["TI"], "s0", True, "psycinfo@ovid:1"), ("Nobody finds this", "s0", False, None)]


def test_a_piece_that_was_quarantined_before_is_nothing_new(bench):
    broken = b"TY  - JOUR\r\nER  - \r\n"
    bench.arrives(ris(A) + broken)
    bench.arrives(ris(A, B) + broken)
    receipts = bench.storage.log.read("receipt").to_pylist()
    assert [(row["quarantined"], row["quarantined_before"]) for row in receipts] == [(1, 0), (1, 1)]
