"""The search report shows every search with what it brought, and says what is not reported."""

import csv
import io
from datetime import date

import pytest

from tasks.publish.pages.search_report import COLUMNS, search_report, search_table
from tests.publish.pages.reader import read
from warehouse.tables.catalogue import table

NAMES = ("staging.search", "staging.search_line", "staging.asked", "staging.known_paper")
HOSTILE = "<script>alert(1)</script>\u202e"


def search(**more):
    return {
        "review": "care", "search_id": "s1", "source_id": "medline", "database": "MEDLINE", "platform": "Ovid",
        "box": "database", "arm": "databases", "strategy": "foster care AND trial", "limits": None, "coverage": None,
        "searched_on": date(2026, 1, 2),
        "searcher": "r1", "translated_from": None, "peer_reviewer": None, "hits": 12, "connector": None, "strategy_id": None,
        "since": None, "delivered": None, "warns_below": None, "stops_below": None, "notes": None, "files": [], "got": 12,
        "new": 10, "changed": 1, "repeated": 1, "quarantined": 0, "quarantined_before": 0, "as_of": None,
    } | more  # fmt: skip


@pytest.fixture
def report(tables, review):
    def make(searches, **others):
        rows = {"staging.search": searches} | {f"staging.{name}": some for name, some in others.items()}
        return tables | {name: table(name).of_rows(rows.get(name, ())) for name in NAMES}

    return make


def page(made, review):
    return read(search_report(made, review))


def text(element):
    return " ".join(element.text().split())


def test_a_search_is_shown_with_what_it_brought(report, review):
    shown = page(report([search(peer_reviewer="lib", coverage="1946 to 2026", translated_from="psycinfo")]), review)
    [section] = shown.all("section", class_="strategy")
    assert "MEDLINE, Ovid" in text(section)
    assert "foster care AND trial" in text(section)
    assert "Coverage: 1946 to 2026. Translated from psycinfo. Peer-reviewed." in text(section)
    assert [cell.text() for cell in section.all("td")] == ["2 January 2026", "everything", "12", "12", "10", "1", "1", "0"]
    assert "One search of one source brought 12 records, of which 10 were new" in text(shown)
    assert not shown.all("div", class_="missing")


def test_runs_of_one_strategy_stand_together_and_sources_are_summed(report, review):
    first = search(search_id="a", got=12, new=12, changed=0, repeated=0)
    later = search(
        search_id="b", searched_on=date(2026, 2, 2), since=date(2026, 1, 19), hits=3, got=3, new=2, connector="pubmed"
    )
    shown = page(report([later, first, search(search_id="c", strategy="kinship", got=5, new=1)]), review)
    assert len(shown.all("section", class_="strategy")) == 2
    runs = [[cell.text() for cell in row.all("td")] for row in shown.all("section", class_="strategy")[0].all("tr")[1:]]
    assert runs == [
        ["2 January 2026", "everything", "12", "12", "12", "0", "0", "0"],
        ["2 February 2026", "what changed since 19 January 2026", "3", "3", "2", "1", "1", "0"],
    ]
    overview = [cell.text() for cell in shown.all("table")[0].all("td")]
    assert overview[3:] == ["2 January 2026", "2 February 2026", "3", "20", "15", "0"]


def test_what_prisma_s_asks_for_and_is_missing_is_said(report, review):
    bare = search(strategy=None, platform=None, searched_on=None, hits=None, searcher=None)
    [missing] = page(report([bare]), review).all("div", class_="missing")
    assert "MEDLINE: the search string, the platform, the day, the number of hits, who searched" in text(missing)
    website = bare | {"box": "website", "search_id": "w"}
    assert not page(report([website]), review).all("div", class_="missing"), "other methods have none of these"


def test_lines_of_a_strategy_with_their_hits(report, review):
    lines = [
        {"review": "care", "search_id": "s1", "line": n, "text": said, "hits": hits, "as_of": None}
        for n, said, hits in ((2, "1 AND trial", None), (1, "exp Foster Home Care/", 3100))
    ]
    shown = page(report([search()], search_line=lines), review)
    [listed] = shown.all("table", class_="lines")
    assert [cell.text() for cell in listed.all("td")] == ["1", "exp Foster Home Care/", "3,100", "2", "1 AND trial", "–"]


@pytest.mark.fault(58)
def test_people_who_were_asked_are_counted_and_not_named(report, review):
    asked = [
        {"review": "care", "search_id": "s1", "person": person, "asked_on": date(2026, 1, day), "how": "e-mail",
         "replied": replied, "as_of": None}
        for person, day, replied in (("expert-jane", 2, True), ("expert-joan", 5, False), ("expert-jane", 9, False))
    ]  # fmt: skip
    made = search_report(report([search(box="expert", database="Experts")], asked=asked), review)
    assert "2 people were asked (e-mail) from 2 January 2026 to 9 January 2026; 1 replied." in " ".join(made.split())
    assert "jane" not in made
    assert "joan" not in made


def test_known_papers_are_counted_and_those_not_found_are_named(report, review):
    known = [
        {"review": "care", "raw": "r", "position": n, "title": title, "doi": doi, "source_id": "medline",
         "strategy": "foster care", "found": found, "record_id": None}
        for n, title, doi, found in ((1, "Found", None, True), (2, "Not met", None, False), (3, None, "10.5555/x", False))
    ]  # fmt: skip
    shown = page(report([search()], known_paper=known), review)
    assert "1 of 3" in text(shown)
    assert "Not met; 10.5555/x" in text(shown)


@pytest.mark.fault(52)
def test_what_comes_from_outside_is_text(report, review):
    made = report([search(strategy=HOSTILE, platform=HOSTILE, limits=HOSTILE, notes=[HOSTILE, HOSTILE], database=HOSTILE)])
    shown = search_report(made, review)
    assert not read(shown).all("script")
    assert "alert(1)" in shown
    assert "\u202e" not in shown
    assert len(read(shown).all("li")) == 1, "a note that comes twice is shown once"


def test_the_table_has_a_row_a_search_and_no_formula(report):
    made = report([search(strategy="=1+1", notes=["a", "b"]), search(search_id="s2", hits=None, searched_on=date(2026, 3, 1))])
    rows = list(csv.DictReader(io.StringIO(search_table(made).decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    first = next(row for row in rows if row["searched_on"] == "2026-01-02")
    assert (first["strategy"], first["notes"], first["hits_reported"], first["new"]) == ("'=1+1", "a; b", "12", "10")
    assert {row["hits_reported"] for row in rows} == {"12", ""}
    assert {row["peer_reviewed"] for row in rows} == {"not reported"}


def test_the_report_is_a_pure_function_of_its_rows(report, review):
    made = report([search(search_id=one, strategy=one) for one in "abc"])
    other = made | {"staging.search": made["staging.search"].take([2, 0, 1])}
    assert search_report(other, review) == search_report(made, review)
    assert search_table(other) == search_table(made)
