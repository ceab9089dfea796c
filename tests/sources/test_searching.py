"""Searches of a review from when they are due to their rows in the log, over played sources, without a network."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from urllib.parse import urlsplit

import pytest

from flows.start import start
from tasks.formats.detect import read
from tasks.records.canonical import entries
from tasks.sources.connector import Refused, Response, Seed, TryLater
from tasks.sources.harvest import Lost
from tasks.sources.registry import CONNECTORS
from tasks.sources.searching import due, faults, harvest, log_searches
from tests.sources.played.playing import papers
from tests.sources.played.running import asked
from warehouse.review import load
from warehouse.storage import Storage

JANUARY, FEBRUARY = datetime(2026, 1, 1), datetime(2026, 2, 1)
BASE = "https://played.invalid"
SEARCHED = tuple(
    name for name, one in CONNECTORS.items() if one.kind not in ("citations", "notices") and "site" not in one.needs
)
HELD = 35


def played(name, held):
    return import_module(f"tests.sources.played.{name}").make(held, f"{BASE}/{name}")


class Network:
    """Sends to played sources; ``robots`` answers robots.txt, ``cut`` ends the process at that request."""

    def __init__(self, held=HELD, cut=None, robots=(404, b"")):
        self.made = {name: played(name, papers(held)) for name in SEARCHED}
        self.cut, self.robots, self.count = cut, robots, 0

    def send(self, request, accept):
        self.count += 1
        if self.count == self.cut:
            raise KeyboardInterrupt
        name = urlsplit(request.url).path.split("/")[1]
        if name == "robots.txt":
            status, body = self.robots
            if status >= 500:
                raise TryLater("out of order")
            return accept(Response(status, request.url, {}, body))
        answer = self.made[name](asked(request, f"{BASE}/{name}"))
        headers = {key.lower(): value for key, value in answer.headers.items()}
        assert answer.status == 200, answer.body
        return accept(Response(answer.status, request.url, headers, answer.body))


@pytest.fixture
def review(tmp_path):
    start(tmp_path / "review")
    protocol = tmp_path / "review" / "protocol.yaml"
    blocks = "".join(
        f"  - {{id: {name}, database: {name}, platform: played, connector: {name}, endpoint: '{BASE}/{name}', page_size: 10,"
        f" strategies: [{{query: care}}]}}\n"
        for name in SEARCHED
    )
    protocol.write_text(protocol.read_text().replace("  - {id: psycinfo,", blocks + "  - {id: psycinfo,"))
    return load(tmp_path / "review")


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path / "data", "review")


def search(review, storage, network, as_of=JANUARY, seeds=()):
    places = (storage.raw, storage.folder / "journals", lambda _got, _hits: None)
    done = [harvest(run, network.send, lambda _seconds: None, *places, 0.02) for run in due(review, storage.log, as_of, seeds)]
    log_searches(review, storage.raw, storage.log, done)
    return done


def searches(storage, as_of):
    return {row["source_id"]: row for row in storage.log.read("search").to_pylist() if row["as_of"] == as_of}


def test_every_source_gives_all_it_has_and_the_log_says_so(review, storage):
    assert faults(review) == []
    search(review, storage, Network())
    found = searches(storage, JANUARY)
    assert set(found) == set(SEARCHED)
    for name, row in found.items():
        assert (row["delivered"], row["strategy"], row["since"]) == (HELD, "care", None), name
        assert row["hits"] in (HELD, None), name
        assert (row["searched_on"], row["connector"]) == (date(2026, 1, 1), name)
    records = Counter()
    for row in storage.log.read("import").to_pylist():
        parsed = read(storage.raw.get(row["raw"]), **json.loads(row["reading"]))
        assert not parsed.rejected
        records[row["search_id"]] += entries(parsed).num_rows
    assert records == {row["search_id"]: HELD for row in found.values()}


def test_a_refresh_asks_for_what_changed_where_it_can_and_only_once(review, storage):
    network = Network()
    search(review, storage, network)
    assert due(review, storage.log, JANUARY, ()) == []
    again = {run.source.id: run.since for run in due(review, storage.log, FEBRUARY, ())}
    assert again == {name: date(2025, 12, 18) if CONNECTORS[name].increments else None for name in SEARCHED}


def test_another_string_is_another_strategy_over_its_full_range(review, storage):
    search(review, storage, Network())
    protocol = review.folder / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("query: care", "query: kinship"))
    assert {run.since for run in due(load(review.folder), storage.log, FEBRUARY, ())} == {None}


@pytest.mark.fault(3)
def test_cut_short_at_any_request_it_goes_on_and_the_log_is_the_same(review, storage, tmp_path):
    whole = Network()
    search(review, storage, whole)
    for cut in range(2, whole.count, 5):
        other = Storage(tmp_path / f"cut{cut}", "review")
        first, second = Network(cut=cut), Network()
        second.made = first.made  # the source goes on while the process dies: it remembers what it handed out
        with pytest.raises(KeyboardInterrupt):
            search(review, other, first)
        search(review, other, second)
        assert first.count + second.count <= whole.count + 1
        assert other.log.read("search").equals(storage.log.read("search"))
        assert other.log.read("import").equals(storage.log.read("import"))


def test_a_search_that_is_logged_half_is_finished_without_a_double(review, storage, monkeypatch):
    network = Network()
    append, appended = storage.log.append, []

    def dying(name, rows):
        appended.append(name)
        if appended.count("search") == 2:
            raise KeyboardInterrupt
        return append(name, rows)

    monkeypatch.setattr(storage.log, "append", dying)
    with pytest.raises(KeyboardInterrupt):
        search(review, storage, network)
    monkeypatch.setattr(storage.log, "append", append)
    search(review, storage, network)
    found = storage.log.read("search").column("search_id").to_pylist()
    assert len(found) == len(set(found)) == len(SEARCHED)
    pages = [(row["search_id"], row["position"]) for row in storage.log.read("import").to_pylist()]
    assert len(pages) == len(set(pages))


def test_more_missing_than_the_protocol_allows_is_lost_and_asked_anew_next_time(review, storage):
    [run] = [one for one in due(review, storage.log, JANUARY, ()) if one.source.id == "crossref"]
    network = Network()

    def short(request, accept):
        def shortened(response):
            body = json.loads(response.body)
            body["message"]["total-results"] = 40
            return accept(Response(response.status, response.url, response.headers, json.dumps(body).encode()))

        return network.send(request, shortened)

    arguments = (lambda _seconds: None, storage.raw, storage.folder / "journals", lambda _got, _hits: None)
    with pytest.raises(Lost, match="crossref, strategy main: "):
        harvest(run, short, *arguments, 0.02)
    assert list((storage.folder / "journals").glob("*")) == []


@pytest.mark.fault(23)
def test_every_day_of_grace_is_kept(review, storage):
    search(review, storage, Network())
    source = review.source("crossref").model_copy(update={"every_days": 40})
    protocol = review.protocol.model_copy(update={"sources": (source,)})
    assert due(replace(review, protocol=protocol), storage.log, FEBRUARY, ()) == []
    assert len(due(replace(review, protocol=protocol), storage.log, datetime(2026, 2, 11), ())) == 1


def test_what_is_missing_in_a_strategy_is_told_before_anything_is_asked(review):
    protocol = review.folder / "protocol.yaml"
    protocol.write_text(protocol.read_text().replace("query: care", "from_year: 1991"))
    told = faults(load(review.folder))
    assert any("sources.doaj.main: connector doaj needs query" in fault for fault in told)


def test_retractions_of_included_papers_are_logged_once(review, storage):
    held = papers(100)
    source = review.source("crossref").model_copy(update={"id": "checks", "connector": "notices"})
    checking = replace(review, protocol=review.protocol.model_copy(update={"sources": (source,)}))
    seeds = [Seed(doi=held[96].doi), Seed(doi=held[0].doi), Seed(pmid="1")]
    for as_of in (JANUARY, FEBRUARY):
        network = Network(held=100)
        search(checking, storage, network, as_of, seeds)
        assert network.count == 1
    [row] = storage.log.read("notice").to_pylist()
    assert (row["doi"], row["notice"].split(":")[0], row["as_of"]) == (held[96].doi, "retracted", JANUARY)
    assert storage.log.read("search").num_rows == 0, "a re-check is no search"
    assert due(checking, storage.log, FEBRUARY, ()) == [], "without included papers there is nothing to ask"


def test_robots_txt_that_forbids_is_obeyed(tmp_path, review, storage):
    [run] = [one for one in due(review, storage.log, JANUARY, ()) if one.source.id == "govuk"]
    polite = replace(CONNECTORS["govuk"], robots=True)
    arguments = (storage.raw, storage.folder / "journals", lambda _got, _hits: None, 0.02)
    delays = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CONNECTORS, "govuk", polite)
        network = Network(robots=(200, b"User-agent: *\nDisallow: /\nCrawl-delay: 3"))
        with pytest.raises(Refused, match=r"robots\.txt"):
            harvest(run, network.send, delays.append, *arguments)
        assert network.count == 1
        assert delays == [3.0]


def test_a_site_whose_robots_txt_cannot_be_had_is_left_alone(review, storage):
    [run] = [one for one in due(review, storage.log, JANUARY, ()) if one.source.id == "govuk"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CONNECTORS, "govuk", replace(CONNECTORS["govuk"], robots=True))
        network = Network(robots=(503, b""))
        arguments = (storage.raw, storage.folder / "journals", lambda _got, _hits: None, 0.02)
        with pytest.raises(Refused, match=r"robots\.txt"):
            harvest(run, network.send, lambda _seconds: None, *arguments)
