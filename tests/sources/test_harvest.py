"""The harvest of one strategy from a source that is made up here: whole, cut short, and with all that a source does wrong."""

import json
import random
from dataclasses import replace

import pytest

from tasks.sources.connector import Broken, Connector, Expired, Query, Rate, Request, Response, Step, Turn
from tasks.sources.harvest import EMPTY_PAGES, RESTARTS, Harvest, Kept, Lost
from tasks.sources.journal import Journal
from warehouse.archive import Raw

HOME = "https://source.invalid/works"


def begin(query):
    return (Step(Request(HOME, (("cursor", "0"),))),)


def follow(query, step, response):
    page = json.loads(response.body)
    if page.get("error") == "expired":
        raise Expired("the cursor has expired")
    following = page.get("next")
    steps = (Step(Request(HOME, (("cursor", following),)), step.slice),) if following is not None else ()
    return Turn(tuple(page["ids"]), page.get("hits"), steps, notes=tuple(page.get("notes", ())))


CONNECTOR = Connector("made-up", "database", HOME, "openalex", Rate(100), begin, follow, increments=False)


def pages(count, size=2):
    """What a well-behaved source answers, by cursor."""
    found = {}
    for start in range(0, max(count, 1), size):
        ids = [f"r{number}" for number in range(start, min(start + size, count))]
        found[str(start)] = {"ids": ids, "hits": count, "next": str(start + size) if start + size < count else None}
    return found


class Source:
    """Answers from ``pages``; counts how often each cursor was asked for."""

    def __init__(self, answers, dies_at=None):
        self.answers, self.dies_at, self.asked = answers, dies_at, []

    def send(self, request, accept):
        cursor = dict(request.params)["cursor"]
        for _ in range(5):
            self.asked.append(cursor)
            if self.dies_at == len(self.asked):
                raise KeyboardInterrupt
            answer = self.answers[cursor]
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            try:
                return accept(Response(200, HOME, {}, json.dumps(answer).encode()))
            except Broken:
                continue
        raise AssertionError("asked too often")


@pytest.fixture
def harvest(tmp_path):
    def run(source, connector=CONNECTOR):
        raw, journal = Raw(tmp_path / "raw"), Journal(tmp_path / "journal.jsonl")
        return Harvest(connector, Query(HOME), source.send, raw, journal, lambda _got, _hits: None).run()

    return run


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_every_record_comes_once(harvest, count):
    source = Source(pages(count))
    done = harvest(source)
    assert (done.delivered, done.hits, done.notes) == (count, count, ())
    assert len(done.pages) == len(source.asked) == max(1, -(-count // 2))


@pytest.mark.fault(3)
def test_killed_at_any_moment_it_goes_on_and_asks_for_one_page_again_at_most(tmp_path):
    undisturbed = len(pages(21))
    for dies_at in range(1, undisturbed + 1):
        raw, path = Raw(tmp_path / "raw"), tmp_path / f"{dies_at}.jsonl"
        asked = []
        for moment in (dies_at, None):
            source = Source(pages(21), moment)
            one = Harvest(CONNECTOR, Query(HOME), source.send, raw, Journal(path), lambda _got, _hits: None)
            if moment:
                with pytest.raises(KeyboardInterrupt):
                    one.run()
            else:
                done = one.run()
            asked += source.asked
        assert (done.delivered, len(done.pages)) == (21, undisturbed)
        assert len(asked) <= undisturbed + 1


@pytest.mark.fault(3)
def test_a_journal_whose_last_line_was_cut_asks_for_that_page_again(tmp_path):
    raw, path = Raw(tmp_path / "raw"), tmp_path / "journal.jsonl"
    first = Source(pages(9))
    whole = Harvest(CONNECTOR, Query(HOME), first.send, raw, Journal(path), lambda _got, _hits: None).run()
    lines = path.read_bytes()
    for cut in random.Random(1).sample(range(1, len(lines)), 12):
        path.write_bytes(lines[:cut])
        again = Source(pages(9))
        assert Harvest(CONNECTOR, Query(HOME), again.send, raw, Journal(path), lambda _got, _hits: None).run() == whole
        assert len(again.asked) == len(first.asked) - lines[:cut].count(b"\n")


@pytest.mark.fault(34, 93)
def test_a_cursor_that_loops_is_asked_again_and_then_given_up(harvest):
    answers = pages(6)
    answers["4"]["next"] = "2"
    source = Source(answers)
    with pytest.raises(Lost, match="circle"):
        harvest(source)
    assert source.asked.count("0") == RESTARTS + 1


def test_a_loop_that_passes_costs_nothing(harvest):
    answers = pages(6)
    answers["4"] = [answers["4"] | {"next": "2"}, answers["4"]]
    done = harvest(Source(answers))
    assert done.delivered == 6
    assert "circle" in done.notes[0]


@pytest.mark.fault(34, 92)
def test_a_page_that_comes_again_under_another_cursor_is_noticed(harvest):
    answers = pages(6)
    answers["2"]["ids"] = answers["0"]["ids"]
    with pytest.raises(Lost, match="same records"):
        harvest(Source(answers))


@pytest.mark.fault(34, 96)
def test_a_record_on_two_pages_counts_once(harvest):
    answers = pages(6)
    answers["2"]["ids"] = ["r1", "r2"]
    done = harvest(Source(answers))
    assert (done.delivered, done.hits) == (5, 6)  # r3 is missing, which the shortfall tells


@pytest.mark.fault(34, 94)
def test_a_total_that_changes_is_noted(harvest):
    answers = pages(6)
    answers["4"]["hits"] = 7
    assert "from 6 to 7" in harvest(Source(answers)).notes[0]


@pytest.mark.fault(34, 94)
def test_numbered_pages_whose_total_changes_are_asked_again(harvest):
    answers = pages(6)
    answers["4"] = [answers["4"] | {"hits": 7}, answers["4"]]
    source = Source(answers)
    done = harvest(source, replace(CONNECTOR, shifts=True))
    assert (done.delivered, done.hits, source.asked.count("0")) == (6, 6, 2)


@pytest.mark.fault(34, 95)
def test_an_empty_page_before_the_end_is_asked_again_a_few_times(harvest):
    answers = pages(6)
    answers["2"] = [answers["2"] | {"ids": []}, answers["2"]]
    source = Source(answers)
    assert (harvest(source).delivered, source.asked.count("2")) == (6, 2)


@pytest.mark.fault(34, 95)
def test_a_page_that_stays_empty_is_left_and_shows_in_the_shortfall(harvest):
    answers = pages(6)
    answers["2"]["ids"] = []
    source = Source(answers)
    done = harvest(source)
    assert (done.delivered, done.hits, source.asked.count("2")) == (4, 6, 1 + EMPTY_PAGES)


def test_an_expired_cursor_restarts_its_slice(harvest):
    answers = pages(6)
    answers["4"] = [{"error": "expired"}, answers["4"]]
    source = Source(answers)
    done = harvest(source)
    assert (done.delivered, source.asked) == (6, ["0", "2", "4", "0", "2", "4"])
    assert len(done.pages) == 3


def test_the_restart_of_one_slice_leaves_the_others(tmp_path):
    def sliced(query, step, response):
        turn = follow(query, step, response)
        if step.slice == "" and step.purpose == "search":
            return Turn(hits=8, keep=False, steps=tuple(Step(Request(HOME, (("cursor", name),)), name) for name in ("a", "b")))
        return turn

    def search(query):
        return (Step(Request(HOME, (("cursor", "s"),)), purpose="search"),)

    answers = {
        "s": {"ids": []}, "a": {"ids": ["1", "2"], "hits": 4, "next": "a2"}, "a2": {"ids": ["3", "4"], "hits": 4},
        "b": {"ids": ["5", "6"], "hits": 4, "next": "b2"}, "b2": [{"error": "expired"}, {"ids": ["7", "8"], "hits": 4}],
    }  # fmt: skip
    source = Source(answers)
    connector = replace(CONNECTOR, begin=search, follow=sliced)
    raw, journal = Raw(tmp_path / "raw"), Journal(tmp_path / "j")
    done = Harvest(connector, Query(HOME), source.send, raw, journal, lambda _got, _hits: None).run()
    assert source.asked == ["s", "a", "a2", "b", "b2", "b", "b2"]
    assert (done.delivered, done.hits, len(done.pages)) == (8, 8, 4)


def test_a_page_that_was_not_modified_stands_as_it_was_kept(tmp_path):
    raw = Raw(tmp_path / "raw")
    sha = raw.put(json.dumps({"ids": ["old"], "hits": 1}).encode())
    sent = []

    def send(request, accept):
        sent.append(dict(request.headers))
        return accept(Response(304, HOME, {"etag": '"1"'}, b""))

    kept = {f"{HOME}?cursor=0": Kept(sha, '"1"', None)}
    connector = replace(CONNECTOR, conditional=True)
    journal = Journal(tmp_path / "j")
    done = Harvest(connector, Query(HOME), send, raw, journal, lambda _got, _hits: None, kept=kept).run()
    assert sent == [{"If-None-Match": '"1"'}]
    assert [page.raw for page in done.pages] == [sha]


def test_what_robots_txt_forbids_is_not_asked_and_noted(tmp_path):
    journal = Journal(tmp_path / "j")
    source = Source(pages(2))
    done = Harvest(
        CONNECTOR, Query(HOME), source.send, Raw(tmp_path / "raw"), journal, lambda _got, _hits: None, lambda _address: False
    ).run()
    assert (done.pages, source.asked) == ((), [])
    assert done.notes == (f"robots.txt does not allow {HOME}?cursor=0",)


@pytest.mark.fault(37)
def test_no_cookie_or_key_of_an_answer_enters_the_journal(tmp_path):
    def send(request, accept):
        return accept(Response(200, HOME, {"set-cookie": "canary", "etag": "1"}, b'{"ids": [], "hits": 0}'))

    path = tmp_path / "j"
    Harvest(CONNECTOR, Query(HOME), send, Raw(tmp_path / "raw"), Journal(path), lambda _got, _hits: None).run()
    assert b"canary" not in path.read_bytes()


@pytest.mark.parametrize(
    ("handles", "kept"),
    [((), "?db=x&WebEnv=M1&start=0"), (("WebEnv",), "?db=x&start=0"), (("start", "WebEnv", "d"), "?db=x")],
)
def test_the_address_of_a_page_is_kept_without_the_name_of_a_session(tmp_path, handles, kept):
    def send(_request, accept):
        return accept(Response(200, f"{HOME}?db=x&WebEnv=M1&start=0", {}, b'{"ids": ["r1"], "hits": 1}'))

    connector = replace(CONNECTOR, handles=frozenset(handles))
    for _ in range(2):  # as it was asked, and from the journal
        raw, journal = Raw(tmp_path / "raw"), Journal(tmp_path / "j")
        done = Harvest(connector, Query(HOME), send, raw, journal, lambda _got, _hits: None).run()
        assert [page.url for page in done.pages] == [HOME + kept]
