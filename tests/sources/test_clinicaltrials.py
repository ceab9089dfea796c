"""ClinicalTrials.gov: its connector against a played register, and its format on played, recorded and damaged pages."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import clinicaltrials, detect
from tasks.sources.clinicaltrials import CONNECTOR, faults
from tasks.sources.connector import Broken, Expired, Query, Refused, Response
from tests.shared import shared
from tests.sources.played.agreeing import located, references, survives, title
from tests.sources.played.clinicaltrials import make, nct, posted
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/ctgov"
QUERY = Query(BASE, '("foster care" OR kinship) AND AREA[StudyType]INTERVENTIONAL', until=date(2026, 11, 23))
PAPERS = papers(230)
RECORDED = "recorded/open/clinicaltrials/search_phelan_limit5_20260811.json"


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def ids(held):
    return [nct(paper) for paper in sorted(held, key=posted)]


@pytest.mark.parametrize(("count", "size"), [(0, None), (1, None), (49, 50), (50, 50), (51, 50), (200, 50), (230, 50)])
def test_every_study_comes_once(count, size):
    ran = harvested(PAPERS[:count], page_size=size)
    assert ran.ids == ids(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])
    assert ran.asked == max(1, -(-count // (size or 1_000)))


def test_thousands_come_in_pages_of_a_thousand():
    many = papers(12_001)
    ran = harvested(many, page_size=5_000)
    assert (ran.ids, ran.hits, ran.asked) == (ids(many), {"": 12_001}, 13)


def test_a_query_without_hits_brings_a_page_that_is_kept():
    ran = harvested(PAPERS, text="nothing")
    assert (ran.ids, ran.hits, len(ran.pages)) == ([], {"": 0}, 1)


@pytest.mark.parametrize(("low", "high"), [(2001, None), (None, 2010), (1995, 2005), (2003, 2003)])
def test_years_are_those_of_the_first_posting(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == ids(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments(since):
    assert CONNECTOR.increments
    assert harvested(PAPERS, since=since).ids == ids(one for one in PAPERS if one.changed >= since)


@pytest.mark.parametrize(
    ("changes", "advanced"),
    [
        ({}, None), ({"filters": {"query.cond": "autism", "filter.overallStatus": "COMPLETED"}}, None),
        ({"from_year": 2001}, "AREA[StudyFirstPostDate]RANGE[2001-01-01,MAX]"),
        ({"filters": {"filter.advanced": "AREA[Phase]PHASE2 OR AREA[Phase]PHASE3"}, "to_year": 2009, "since": date(2026, 2, 3)},
         "(AREA[Phase]PHASE2 OR AREA[Phase]PHASE3) AND AREA[StudyFirstPostDate]RANGE[MIN,2009-12-31]"
         " AND AREA[LastUpdatePostDate]RANGE[2026-02-03,MAX]"),
    ],
)  # fmt: skip
def test_limits_go_beside_the_query(changes, advanced):
    query = replace(QUERY, **changes)
    [step] = CONNECTOR.begin(query)
    params = dict(step.request.params)
    assert len(params) == len(step.request.params)
    assert (params["query.term"], params.get("filter.advanced")) == (QUERY.text, advanced)
    assert {name: params[name] for name in query.filters if name != "filter.advanced"} == {
        name: value for name, value in query.filters.items() if name != "filter.advanced"
    }
    assert harvested(PAPERS, **changes).pages  # no parameter that the register does not know


def test_the_next_page_is_asked_for_with_the_same_parameters():
    [step] = CONNECTOR.begin(replace(QUERY, page_size=50, from_year=1990))
    seen = []

    def follow(query, step, response):
        seen.append(dict(step.request.params))
        return CONNECTOR.follow(query, step, response)

    run(replace(CONNECTOR, follow=follow), replace(QUERY, page_size=50, from_year=1990), make(PAPERS, BASE), BASE)
    assert len(seen) == 5
    assert all({name: value for name, value in one.items() if name != "pageToken"} == dict(step.request.params) for one in seen)
    assert len({one.get("pageToken") for one in seen}) == 5


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS).pages, "clinicaltrials")
    assert len(found) == 230
    for one, paper in zip(found, sorted(PAPERS, key=posted), strict=True):
        family, given = paper.authors[0]
        assert (one.accession, one.title, one.authors) == (nct(paper), title(paper), (f"{given} {family}",))
        assert (one.year, one.date, one.abstract) == (paper.year, posted(paper), paper.abstract.strip())
        assert (one.type, one.database, one.doi, one.journal) == ("other", "ClinicalTrials.gov", None, None)
        assert one.urls == (f"https://clinicaltrials.gov/study/{nct(paper)}",)
        assert one.keywords == ("Foster Care", *paper.keywords)
        other = dict(one.other)
        assert other["detailed description"] == "Families >= 2 * children < 18"
        assert other["paper"] == f"RESULT: 12345678: Invented {paper.number}."
        assert (other["official title"], other["status"]) == (
            f"{title(paper)}: a Trial That Never Was", "TERMINATED" if paper.retracted else "COMPLETED"
        )  # fmt: skip
        assert (other["enrollment"], other["has results"]) == (str(paper.last), "no" if paper.number % 2 else "yes")
        assert [value for name, value in one.other if name == "country"] == ["Ireland"]
        assert other["investigator"] == f"{given} {family}, PhD: PRINCIPAL_INVESTIGATOR: Invented University"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"[]", PAGE[:-20], b'{"studies": []}', b'{"totalCount": 3}',
        b'{"totalCount": "3", "studies": []}', b'{"totalCount": 3, "studies": {}}', b'"upstream connect error"',
    ],
)  # fmt: skip
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_a_study_without_a_number_is_counted():
    [step] = CONNECTOR.begin(QUERY)
    body = b'{"totalCount": 2, "studies": [{"protocolSection": {}}, 7]}'
    assert len(set(CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body)).ids)) == 2
    assert [one.reason for one in clinicaltrials.parse(body).rejected] == [
        "no study of ClinicalTrials.gov: it has no nctId", "a record is to be an object, not int"
    ]  # fmt: skip


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="Too complicated query"):
        harvested(PAPERS, text="(kinship")
    with pytest.raises(Refused, match=r"`filter\.phase` is unknown parameter"):
        harvested(PAPERS, filters={"filter.phase": "PHASE3"})
    assert isinstance(CONNECTOR.trouble(Response(400, BASE, {}, b"Invalid value in parameter pageToken")), Expired)
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None


@pytest.mark.parametrize(
    ("filters", "said"),
    [({}, None), ({"query.cond": "x", "filter.advanced": "AREA[Phase]PHASE3"}, None),
     ({"filter.phase": "PHASE3"}, r"AREA[Phase]PHASE3"), ({"pageSize": "5"}, "is none of")],
)  # fmt: skip
def test_faults_of_the_configuration(filters, said):
    strategy = Strategy(query="x", filters=filters)
    source = Source(id="c", database="ClinicalTrials.gov", box="register", connector="clinicaltrials", strategies=(strategy,))
    found = faults(source, strategy)
    assert found == [] if said is None else said in found[0]


# The format on its own.


def one(**modules):
    protocol = {"identificationModule": {"nctId": "NCT00000001", "briefTitle": "T"}, **modules}
    data = json.dumps({"protocolSection": protocol}).encode()
    parsed = detect.read(data)
    located(parsed, data)
    assert (parsed.format, parsed.starts) == ("clinicaltrials", 1)
    return parsed.references[0]


def test_one_study_and_an_empty_page_are_read():
    data = json.dumps(json.loads(PAGE)["studies"][0]).encode()
    [found] = references([data], "clinicaltrials")
    assert found.accession in ids(PAPERS[:4])
    empty = harvested([]).pages[0]
    assert (detect.read(empty).format, detect.read(empty).starts) == ("clinicaltrials", 0)


@pytest.mark.parametrize(
    ("modules", "authors"),
    [
        ({"contactsLocationsModule": {"overallOfficials": [{"name": "Ann Roe, MD"}, {"name": "B Doe"}, {"name": "Ann Roe"}]}},
         ("Ann Roe", "B Doe")),
        ({"sponsorCollaboratorsModule": {"responsibleParty": {"investigatorFullName": "Cy Poe"}, "leadSponsor": {"name": "U"}}},
         ("Cy Poe",)),
        ({"sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented Trust, Ltd."}}}, ("Invented Trust, Ltd.",)),
        ({}, ()),
    ],
)  # fmt: skip
def test_authors(modules, authors):
    assert one(**modules).authors == authors


@pytest.mark.parametrize(
    ("status", "iso"),
    [
        ({"studyFirstPostDateStruct": {"date": "2019-03-04"}, "studyFirstSubmitDate": "2018-12-30"}, "2019-03-04"),
        ({"studyFirstSubmitDate": "2018-12-30"}, "2018-12-30"), ({"startDateStruct": {"date": "2015-01"}}, None),
    ],
)  # fmt: skip
def test_a_study_is_dated_by_its_posting_not_by_its_start(status, iso):
    assert one(statusModule=status).date == iso


def test_text_is_kept_but_for_the_backslashes_of_markdown():
    summary = "Effect of X\\* in *both* arms:\n\n1. p \\< .05\n2. C:\\Users \\[n = 3\\]"
    assert one(descriptionModule={"briefSummary": summary}).abstract == (
        "Effect of X* in *both* arms: 1. p < .05 2. C:\\Users [n = 3]"
    )


@pytest.mark.parametrize(
    "data",
    [b'{"studies": [{"id": 1}]}', b'{"studies": []}', b'{"protocolSection": {"identificationModule": {"nctId": "ISRCTN1"}}}',
     b"[]"],
)  # fmt: skip
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "clinicaltrials"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(clinicaltrials.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(clinicaltrials.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MODULES = [name for name in json.loads(PAGE)["studies"][0]["protocolSection"] if name != "identificationModule"]


@given(VALUES, st.sampled_from(MODULES), st.sampled_from(["", *MODULES]))
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name, within):
    assert one(**{name: {within: value} if within else value}).accession == "NCT00000001"


# A recorded page, of which the recorder kept few fields.


def test_every_recorded_study_is_read():
    data = shared(RECORDED).read_bytes()
    theirs = json.loads(data)["studies"]
    found = references([data], "clinicaltrials")
    assert len(found) == len(theirs) == 5
    for ours, study in zip(found, theirs, strict=True):
        protocol = study["protocolSection"]
        names = protocol["identificationModule"]
        assert (ours.accession, ours.title) == (names["nctId"], names["briefTitle"])
        assert ours.abstract == " ".join(protocol["descriptionModule"]["briefSummary"].split())
        assert ours.authors == (protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"],)
        assert set(protocol["conditionsModule"]["conditions"]) == set(ours.keywords)
        assert [value for name, value in ours.other if name == "start"] == [protocol["statusModule"]["startDateStruct"]["date"]]


def test_a_recorded_page_is_followed():
    data = shared(RECORDED).read_bytes()
    [step] = CONNECTOR.begin(QUERY)
    turn = CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, data))
    assert (turn.hits, len(turn.ids), len(turn.steps)) == (21, 5, 1)
    assert dict(turn.steps[0].request.params)["pageToken"] == json.loads(data)["nextPageToken"]
