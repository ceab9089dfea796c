"""PubMed: its connector against played E-utilities, and on recorded answers."""

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest

from tasks.formats import detect
from tasks.sources.connector import Broken, Expired, Query, Refused, Request, Response, Step
from tasks.sources.pubmed import CAP, CONNECTOR, EMAIL, KEY, SIZE, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, references
from tests.sources.played.playing import papers
from tests.sources.played.pubmed import entered, made, make, pmid
from tests.sources.played.running import asked, run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/pubmed"
QUERY = Query(BASE, "kinship[tiab] AND care", until=date(2026, 11, 23))
PAPERS = papers(430)
MANY = papers(11_000)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


def ids(held):
    return [pmid(paper.number) for paper in sorted(held, key=lambda paper: -paper.number)]


def begun(**changes):
    [step] = CONNECTOR.begin(replace(QUERY, **changes))
    return step


def term(step):
    return dict(step.request.params or parse_qsl(step.request.body))["term"]


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 400, 430])
def test_every_article_comes_once(count):
    ran = harvested(PAPERS[:count])
    assert ran.ids == ids(PAPERS[:count])
    assert ran.hits == {"": count}
    assert ran.asked == 1 + -(-count // SIZE)
    assert len(ran.pages) == ran.asked - 1


def test_the_protocol_may_ask_for_smaller_pages():
    ran = harvested(PAPERS, page_size=100)
    assert (ran.ids, ran.asked) == (ids(PAPERS), 6)


def test_as_much_as_can_be_read_needs_no_slices():
    ran = harvested(MANY[:CAP])
    assert (ran.ids, ran.asked, ran.hits) == (ids(MANY[:CAP]), 51, {"": CAP})


def test_one_more_than_can_be_read_is_cut_by_days_of_entry():
    ran = harvested(MANY[: CAP + 1])
    assert (len(ran.ids), set(ran.ids)) == (CAP + 1, set(ids(MANY[: CAP + 1])))
    assert ran.hits[""] == CAP + 1
    assert ran.notes == []
    assert sum(ran.hits[name] for name in leaves(ran)) == CAP + 1


def leaves(ran):
    return [name for name, hits in ran.hits.items() if name and hits <= CAP]


def test_slices_keep_the_limits_of_the_search():
    since = date(2025, 1, 2)
    ran = harvested(MANY, from_year=1992, since=since)
    wanted = [one for one in MANY if one.year >= 1992 and one.changed >= since]
    assert len(wanted) > CAP
    assert sorted(ran.ids) == sorted(ids(wanted))
    assert ran.hits[""] == sum(ran.hits[name] for name in leaves(ran)) == len(wanted)


def test_a_single_day_of_entry_is_cut_by_the_days_on_which_its_records_were_made():
    old = [replace(paper, year=2003) for paper in MANY]  # all are entered under 1 January 2003
    assert {entered(paper) for paper in old} == {date(2003, 1, 1)}
    ran = harvested(old)
    assert sorted(ran.ids) == sorted(ids(old))
    assert (ran.hits[""], ran.notes) == (11_000, [])
    assert any(name.startswith("2003-01-01 ") for name in leaves(ran))
    assert sum(ran.hits[name] for name in leaves(ran)) == 11_000


def test_more_than_can_be_read_of_a_single_day_is_told():
    same = [replace(paper, year=2003, changed=date(2025, 3, 4) + timedelta(days=paper.number % 400)) for paper in MANY]
    assert {made(paper) for paper in same} == {date(2025, 3, 4)}
    ran = harvested(same)
    assert ran.ids == ids(same)[:CAP]
    assert ran.hits[""] == 11_000
    assert ran.notes == ["PubMed has 11,000 records of 2003-01-01 2025-03-04 and lets 9,999 of them be read; narrow the search"]


def test_a_search_that_finds_nothing_says_which_phrase_was_not_found():
    ran = harvested(PAPERS, text="nothing")
    assert (ran.ids, ran.hits, ran.pages) == ([], {"": 0}, [])
    assert ran.notes == ["PubMed: phrase not found: nothing"]


@pytest.mark.parametrize(("low", "high"), [(2000, 2010), (2005, None), (None, 2001), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


@pytest.mark.parametrize("since", [date(2024, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments_bring_what_was_changed_too(since):
    assert CONNECTOR.increments
    ran = harvested(PAPERS, since=since)
    assert ran.ids == ids(one for one in PAPERS if one.changed >= since)
    if since == date(2025, 6, 15):
        assert any(made(one) < since <= one.changed for one in PAPERS)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "kinship[tiab] AND care"), ({"from_year": 2001}, "(kinship[tiab] AND care) AND (2001:3000[dp])"),
        ({"to_year": 2001}, "(kinship[tiab] AND care) AND (1000:2001[dp])"),
        ({"since": date(2026, 2, 3), "filters": {"la": "eng|ger", "sb": "systematic"}},
         "(kinship[tiab] AND care) AND (eng[la] OR ger[la]) AND (systematic[sb]) AND "
         "(2026/02/03:2100/12/31[crdt] OR 2026/02/03:2100/12/31[lr])"),
    ],
)  # fmt: skip
def test_the_query_stands_as_the_reviewer_wrote_it(changes, text):
    step = begun(**changes)
    assert term(step) == text
    assert dict(step.request.params) == {
        "db": "pubmed", "term": text, "usehistory": "y", "retmax": "0", "retmode": "xml", "tool": "evimap",
    }  # fmt: skip
    assert step.request.url == f"{BASE}/esearch.fcgi"


def test_a_long_search_is_posted():
    text = " OR ".join(f'"foster & care {number}"[tiab]' for number in range(300))
    step = begun(text=text)
    assert (step.request.method, step.request.params, term(step)) == ("POST", (), text)
    assert ("Content-Type", "application/x-www-form-urlencoded") in step.request.headers
    assert harvested(PAPERS[:5], text=text).ids == ids(PAPERS[:5])
    assert harvested(PAPERS[:5], text=text + " nothing").ids == []


def test_neither_key_nor_address_is_in_a_request():
    assert CONNECTOR.credentials == (KEY, EMAIL)
    assert (KEY.variable, EMAIL.variable, KEY.required) == ("EVIMAP_PUBMED_KEY", "EVIMAP_EMAIL", False)
    assert not {"api_key", "email"} & {name for name, _ in begun().request.params}


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "pubmed_xml")
    agree(found, PAPERS)
    assert [one.accession for one in found] == ids(PAPERS)
    by_doi = {one.doi: one for one in found}
    assert {paper.doi: by_doi[paper.doi].notices for paper in PAPERS} == {
        paper.doi: (f"retracted: 10.5555/notice.{paper.number}",) if paper.retracted else () for paper in PAPERS
    }
    assert any(paper.retracted for paper in PAPERS)


# What may go wrong.


def answered(body, step=None, status=200):
    body = body.encode() if isinstance(body, str) else body
    return CONNECTOR.follow(QUERY, step or begun(), Response(status, BASE, {}, body))


def result(inside):
    return f"<eSearchResult>{inside}</eSearchResult>"


PLACE = "<QueryKey>1</QueryKey><WebEnv>MCID_1</WebEnv>"
FETCH = answered(result(f"<Count>3</Count>{PLACE}")).steps[0]


def test_a_page_is_asked_from_where_the_search_is_kept():
    expected = Step(
        Request(
            f"{BASE}/efetch.fcgi",
            (
                ("db", "pubmed"), ("WebEnv", "MCID_1"), ("query_key", "1"), ("retstart", "0"), ("retmax", "3"),
                ("retmode", "xml"), ("tool", "evimap"),
            ),
        ),
        "", "page",
    )  # fmt: skip
    assert expected == FETCH


SET = b"<PubmedArticleSet>%s</PubmedArticleSet>"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"<html><br></html>", b"[]", result(""),
        result("<Count>many</Count>"), result("<Count>3</Count>"),
        result("<ERROR>Search Backend failed: Database is not supported: pubmed</ERROR>"), result("<Count>0</Count>")[:-5],
        '<!DOCTYPE a [<!ENTITY b "c">]>' + result("<Count>0</Count>"), SET % b"",
        '{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4","limit":"3"}',
        '{"esearchresult":{"ERROR":"Search Backend failed: busy"}}', "{",
    ],
)  # fmt: skip
def test_a_body_that_is_no_result_of_a_search_is_asked_for_again(body):
    with pytest.raises(Broken):
        answered(body)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", SET % b"", (SET % b"<PubmedArticle/>")[:-9], result("<Count>0</Count>"),
        "<eFetchResult><ERROR> Error: External viewer error: Empty Response. Status: Timeout</ERROR></eFetchResult>",
        '{"error":"error forwarding request"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    with pytest.raises(Broken):
        answered(body, FETCH)


@pytest.mark.parametrize(
    "error",
    [
        "Unable to obtain query #1", "Cannot retrieve history data. query_key: 1, WebEnv: MCID_1, retstart: 0, retmax: 500",
        "Cannot retrieve history data: OUT OF RANGE. Parameter retstart=1 + 1 is greater than number of records available",
        "Can't fetch uids from history because of: NCBI C++ Exception:", "Invalid WebEnv",
    ],
)  # fmt: skip
def test_a_history_that_is_gone_starts_the_slice_again(error):
    body = f"<eFetchResult><ERROR>{error}</ERROR></eFetchResult>"
    with pytest.raises(Expired):
        answered(body, FETCH)
    assert isinstance(CONNECTOR.trouble(Response(400, BASE, {}, body.encode())), Expired)


def test_the_played_history_forgets_and_the_limit_is_told():
    played = make(PAPERS, BASE)
    with pytest.raises(Expired):
        answered(played(asked(FETCH.request, BASE)).body, FETCH)
    search = played(asked(begun().request, BASE))
    [page, *_] = answered(search.body).steps
    far = replace(page, request=replace(page.request, params=(*page.request.params, ("retstart", "9999"))))
    refused = played(asked(far.request, BASE))
    trouble = CONNECTOR.trouble(Response(refused.status, BASE, {}, refused.body))
    assert isinstance(trouble, Refused)
    assert "9,999" in str(trouble)


def test_faults_of_the_query_and_the_key_are_refused():
    with pytest.raises(Refused, match="Empty term"):
        harvested(PAPERS, text=" ")
    played = make(PAPERS, BASE)
    told = played(replace(asked(begun().request, BASE), params={"db": "pubmed", "api_key": "wrong"}))
    trouble = CONNECTOR.trouble(Response(told.status, BASE, {}, told.body))
    assert isinstance(trouble, Refused)
    assert "EVIMAP_PUBMED_KEY" in str(trouble)
    assert isinstance(CONNECTOR.trouble(Response(400, BASE, {}, b"<html>")), Refused)
    assert CONNECTOR.trouble(Response(429, BASE, {}, b'{"error":"API rate limit exceeded"}')) is None
    assert CONNECTOR.trouble(Response(500, BASE, {}, b"<html>Server Error</html>")) is None


def test_records_that_are_missing_on_a_page_are_told():
    article = b"<PubmedArticle><MedlineCitation><PMID>%d</PMID></MedlineCitation></PubmedArticle>"
    turn = answered(SET % (article % 7 + article % 8), FETCH)
    assert (turn.ids, turn.hits, turn.notes) == (("7", "8"), None, ("PubMed gave 2 of the 3 records from number 1 on",))
    book = b"<PubmedBookArticle><BookDocument><PMID>9</PMID></BookDocument></PubmedBookArticle><PubmedArticle/>"
    turn = answered(SET % (article % 7 + book), FETCH)
    assert (len(set(turn.ids)), turn.ids[0], turn.ids[2], turn.notes) == (3, "7", "9", ())


def test_what_the_search_did_not_understand_is_told_once():
    remarks = (
        "<ErrorList><PhraseNotFound>abcXYZ</PhraseNotFound><FieldNotFound>titel</FieldNotFound></ErrorList><WarningList>"
        '<PhraseIgnored>the</PhraseIgnored><QuotedPhraseNotFound>"a b"[All Fields]</QuotedPhraseNotFound>'
        "<OutputMessage>No items found.</OutputMessage><OutputMessage>Too many.</OutputMessage></WarningList>"
    )
    told = (
        "PubMed: phrase not found: abcXYZ", "PubMed: field not found: titel", "PubMed: ignored: the",
        'PubMed: quoted phrase not found: "a b"[All Fields]', "PubMed: message: Too many.",
    )  # fmt: skip
    assert answered(result(f"<Count>3</Count>{PLACE}{remarks}")).notes == told
    assert answered(result(f"<Count>20000</Count>{PLACE}{remarks}")).notes == told
    slice_ = replace(begun(), slice="2001-01-01..2002-01-01")
    assert answered(result(f"<Count>3</Count>{PLACE}{remarks}"), slice_).notes == ()


@pytest.mark.parametrize(
    ("query", "filters", "said"),
    [
        ('"kinship care"[tiab] AND (famil* OR "a (b"[ti])', {}, None), ("(kin AND care", {}, "parenthes"),
        ("kin) AND (care))", {}, "parenthes"), ('"kin AND care', {}, "quotation mark"),
        ("#1 AND #2", {}, "search history"), ('"C#7" AND C#1', {}, None),
        ("x", {"retmax": "5"}, "set by the pipeline"), ("x", {"Mindate": "2001"}, "set by the pipeline"),
        ("x", {"[la]": "eng"}, "without brackets"), ("x", {"mh:noexp": "Foster Home Care", "Publication Type": "Review"}, None),
    ],
)  # fmt: skip
def test_faults_of_the_configuration(query, filters, said):
    strategy = Strategy(query=query, filters=filters)
    source = Source(id="p", database="PubMed", connector="pubmed", strategies=(strategy,))
    found = faults(source, strategy)
    assert found == [] if said is None else said in found[0]


# Recorded answers.


@pytest.mark.parametrize(
    ("name", "hits", "steps", "notes"),
    [
        ("esearch2.xml", 42_249, 2, ()),  # far more than can be read, cut in two
        ("esearch8.xml", 0, 0, ("PubMed: phrase not found: abcXYZ",)),
    ],
)
def test_recorded_searches_are_followed(name, hits, steps, notes):
    turn = answered(shared(f"recorded/open/pubmed/{name}").read_bytes())
    assert (turn.hits, len(turn.steps), turn.notes, turn.keep) == (hits, steps, notes, False)


def test_a_recorded_search_without_history_is_asked_again():
    with pytest.raises(Broken, match="where the result is kept"):
        answered(shared("recorded/open/pubmed/esearch1.xml").read_bytes())
    with pytest.raises(Broken, match="API rate limit exceeded"):
        answered(shared("recorded/open/pubmed/error_rate_limit.json").read_bytes())


@pytest.mark.parametrize(
    "name", ["efetch_00.xml", "efetch_03.xml", "efetch_06.xml", "efetch_08.xml", "pubmed1.xml", "pubmed5.xml"]
)
def test_recorded_pages_are_followed(name):
    data = shared(f"recorded/open/pubmed/{name}").read_bytes()
    found = detect.read(data).references
    [step] = answered(result(f"<Count>{len(found)}</Count>{PLACE}")).steps
    turn = answered(data, step)
    assert turn.ids == tuple(one.accession for one in found)
    assert (turn.notes, len(found)) == ((), len(re.findall(rb"<PubmedArticle>", data)))
