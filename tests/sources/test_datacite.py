"""DataCite: its connector against a played service, and its format on played, recorded and damaged pages."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import datacite, detect
from tasks.formats.fields import doi, serials
from tasks.sources.connector import Broken, Expired, Query, Refused, Response
from tasks.sources.datacite import CONNECTOR, faults
from tests.shared import shared
from tests.sources.played.agreeing import agree, located, references, survives
from tests.sources.played.datacite import make
from tests.sources.played.playing import papers
from tests.sources.played.running import run
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid/datacite"
QUERY = Query(BASE, "kinship care OR respite")
PAPERS = papers(230)


def harvested(held, **changes):
    return run(CONNECTOR, replace(QUERY, **changes), make(held, BASE), BASE)


PAGE = harvested(PAPERS[:4]).pages[0]


def dois(held):
    return [paper.doi for paper in held]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 230])
def test_every_record_comes_once(count):
    ran = harvested(PAPERS[:count], page_size=50)
    assert ran.ids == dois(PAPERS[:count])
    assert (ran.hits, ran.notes) == ({"": count}, [])


def test_more_records_than_numbered_pages_reach():
    held = papers(11_000)
    ran = harvested(held)
    assert ran.ids == dois(held)
    assert ran.asked == 12  # eleven full pages, after which only an empty one tells the end


def test_a_search_that_finds_nothing():
    assert harvested(PAPERS, text="nothing").hits == {"": 0}


@pytest.mark.parametrize(("low", "high"), [(2000, 2010), (2005, None), (None, 2001), (2003, 2003)])
def test_years(low, high):
    ran = harvested(PAPERS, from_year=low, to_year=high)
    assert ran.ids == dois(one for one in PAPERS if (low or 0) <= one.year <= (high or 9999))
    assert ran.ids


@pytest.mark.parametrize("since", [date(2025, 1, 1), date(2025, 6, 15), date(2025, 10, 28), date(2026, 1, 1)])
def test_increments(since):
    assert CONNECTOR.increments
    assert harvested(PAPERS, since=since).ids == dois(one for one in PAPERS if one.changed >= since)


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({}, "kinship care OR respite"),
        ({"from_year": 2001}, "(kinship care OR respite) AND publicationYear:[2001 TO *]"),
        ({"text": "", "to_year": 2001}, "publicationYear:[* TO 2001]"),
        (
            {"to_year": 2001, "since": date(2026, 2, 3)},
            "(kinship care OR respite) AND publicationYear:[* TO 2001] AND updated:[2026-02-03 TO *]",
        ),
    ],
)
def test_years_and_dates_are_clauses_of_the_query(changes, query):
    [step] = CONNECTOR.begin(replace(QUERY, **changes))
    assert dict(step.request.params)["query"] == query


def test_filters_are_sent_with_every_page_although_the_link_leaves_them_out():
    seen = []

    def follow(query, step, response):
        seen.append(dict(step.request.params))
        return CONNECTOR.follow(query, step, response)

    query = replace(QUERY, filters={"resource-type-id": "text", "schema-version": "4"}, page_size=100)
    run(replace(CONNECTOR, follow=follow), query, make(PAPERS, BASE), BASE)
    assert len(seen) == 3
    assert len({params.pop("page[cursor]") for params in seen}) == 3
    assert all(params == seen[0] for params in seen)
    assert seen[0]["resource-type-id"] == "text"


def test_the_format_reads_what_the_papers_say():
    found = references(harvested(PAPERS, page_size=100).pages, "datacite")
    agree(found, PAPERS)
    assert [one.accession for one in found] == dois(PAPERS)
    assert {(one.database, one.publisher, one.issn) for one in found} == {("DataCite", "Invented Press", ("1234-5679",))}
    assert {("title (TranslatedTitle)", "Ein erfundener Titel"), ("Other", "Made up.")} <= set(found[0].other)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"[]",
        PAGE[:-20],
        b'{"data": []}',
        b'{"data": [], "meta": {"total": "1"}}',
        b'{"data": [4], "meta": {"total": 1}}',
        b'{"errors": [{"title": "busy"}]}',
        b'{"data": [], "meta": {"total": 1}, "links": {"next": "https://api.datacite.org/dois?page[number]=2"}}',
    ],
)
def test_a_body_that_is_no_page_is_asked_for_again(body):
    [step] = CONNECTOR.begin(QUERY)
    with pytest.raises(Broken):
        CONNECTOR.follow(QUERY, step, Response(200, BASE, {}, body))


def test_errors_of_the_service_are_told():
    with pytest.raises(Refused, match="Failed to parse query"):
        harvested(PAPERS, text="(kinship")
    step = CONNECTOR.begin(QUERY)[0]
    params = tuple((name, "no-cursor!" if name == "page[cursor]" else value) for name, value in step.request.params)
    bad = replace(step, request=replace(step.request, params=params))
    with pytest.raises(Expired):
        run(replace(CONNECTOR, begin=lambda _query: (bad,)), QUERY, make(PAPERS, BASE), BASE)
    assert CONNECTOR.trouble(Response(429, BASE, {}, b"")) is None
    assert CONNECTOR.trouble(Response(404, BASE, {}, b"{}")) is None


def test_faults_of_the_configuration():
    source = Source(id="d", database="DataCite", connector="datacite", strategies=(Strategy(query="x"),))
    assert faults(source, Strategy(query="x", filters={"resource-type-id": "text"})) == []
    assert faults(source, Strategy(filters={"resource-type-id": "text"})) == []
    assert len(faults(source, Strategy())) == 1
    assert "leave it out" in faults(source, Strategy(query="x", filters={"page[size]": "5"}))[0]


# The format on its own.


def one(**changes):
    record = {"doi": "10.5555/X", "titles": [{"title": "T"}], "schemaVersion": "http://datacite.org/schema/kernel-4", **changes}
    data = json.dumps(record).encode()
    parsed = detect.read(data)
    assert (parsed.format, parsed.starts) == ("datacite", 1)
    located(parsed, data)
    [reference] = parsed.references
    return reference


def test_one_record_of_the_api_is_read():
    data = json.dumps({"data": json.loads(PAGE)["data"][0]}).encode()
    agree(references([data], "datacite"), PAPERS[:1])


@pytest.mark.parametrize(
    ("titles", "read"),
    [
        ([{"title": "A"}, {"title": "b", "titleType": "Subtitle"}], "A: b"),
        ([{"title": "A: b"}, {"title": "b", "titleType": "Subtitle"}], "A: b"),
        ([{"title": "X", "titleType": "AlternativeTitle"}, {"title": "A"}], "A"),
        ({"title": "<i>A</i> &amp; B"}, "A & B"),
        ([{"title": "X", "titleType": "Other"}], "X"),
        ([], None),
        ([None, 4], None),
    ],
)
def test_titles(titles, read):
    assert one(titles=titles).title == read


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ({"resourceTypeGeneral": "Dataset"}, "dataset"),
        ({"resourceTypeGeneral": "Text", "resourceType": "Journal article"}, "article"),
        ({"resourceTypeGeneral": "Text", "resourceType": "PhD Thesis"}, "thesis"),
        ({"resourceTypeGeneral": "Dissertation"}, "thesis"),
        ({"resourceTypeGeneral": "Text", "resourceType": "Working Paper"}, "report"),
        ({"resourceTypeGeneral": "Text"}, "other"),
        ({"resourceTypeGeneral": "BookChapter"}, "chapter"),
        ({"resourceTypeGeneral": "Image", "resourceType": "article"}, "other"),
        ({}, None),
        ({"resourceTypeGeneral": "Report"}, "report"),
        ({"resourceTypeGeneral": "ConferencePaper"}, "conference"),
    ],
)
def test_types(types, kind):
    assert one(types=types).type == kind


@pytest.mark.parametrize(
    ("changes", "year", "iso"),
    [
        ({"publicationYear": "2020"}, 2020, "2020"),
        ({"publicationYear": 2020, "dates": [{"date": "2020-05", "dateType": "Issued"}]}, 2020, "2020-05"),
        ({"publicationYear": 2020, "dates": [{"date": "2018-05-01", "dateType": "Created"}]}, 2020, "2020"),
        ({"dates": [{"date": "2018-05-01", "dateType": "Available"}]}, 2018, "2018-05-01"),
        ({}, None, None),
        ({"publicationYear": 2020, "dates": [{"date": "2020-07-01/2020-08-01", "dateType": "Issued"}]}, 2020, "2020-07-01"),
    ],
)
def test_dates(changes, year, iso):
    assert (one(**changes).year, one(**changes).date) == (year, iso)


def test_relations_and_withdrawals_are_notices():
    related = [
        {"relationType": "IsPreprintOf", "relatedIdentifier": "https://doi.org/10.5555/A", "relatedIdentifierType": "DOI"},
        {"relationType": "IsObsoletedBy", "relatedIdentifier": "10.5555/B", "relatedIdentifierType": "DOI"},
        {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/C", "relatedIdentifierType": "DOI"},
    ]
    reference = one(relatedIdentifiers=related, dates=[{"date": "2024", "dateType": "Withdrawn"}])
    assert reference.notices == ("retracted", "preprint-of: 10.5555/a", "updated: 10.5555/b")
    assert ("IsVersionOf", "10.5555/C") in reference.other


def test_the_same_abstract_in_two_languages_is_kept_in_both():
    both = [
        {"description": "Eins.", "descriptionType": "Abstract"},
        {"description": "<p>One.</p>", "descriptionType": "Abstract"},
    ]
    assert one(descriptions=both).abstract == "Eins. One."


def test_a_record_without_a_doi_is_rejected_with_its_bytes():
    data = b'{"data": [{"type": "dois", "id": "10.5555/a", "attributes": {}}, {"type": "dois", "attributes": {}}, 3]}'
    parsed = datacite.parse(data)
    assert [piece.data for piece in parsed.rejected] == [b'{"type": "dois", "attributes": {}}', b"3"]
    assert parsed.starts == 3


@pytest.mark.parametrize(
    "data",
    [b'{"data": []}', b'{"data": [{"type": "works", "attributes": {}}]}', b'{"doi": "10.5555/x", "titles": []}', b"[]", b"x"],
)
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "datacite"


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(datacite.parse(data), data)


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_record_before_it(at, put, cut):
    survives(datacite.parse, PAGE, at, put, cut)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    VALUES,
    st.sampled_from(
        ["creators", "container", "relatedItems", "relatedIdentifiers", "descriptions", "dates", "types", "subjects"]
    ),
)
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).doi == "10.5555/x"


# Recorded records, against Zotero's reading of them.


def letters(value):
    return re.sub(r"\W", "", value or "").lower()


@pytest.mark.parametrize("name", ["datacite_00.json", "datacite_02.json", "datacite_08.json", "datacite_11.json"])
def test_recorded_records_as_zotero_reads_them(name):
    data = shared(f"recorded/open/datacite/{name}").read_bytes()
    [theirs] = json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))[f"datacite/{name}"]
    parsed = detect.read(data)
    located(parsed, data)
    assert (parsed.format, parsed.starts, parsed.rejected) == ("datacite", 1, ())
    [ours] = parsed.references
    assert ours.title == theirs["title"]
    people = [person for person in theirs["creators"] if person["creatorType"] == "author"]
    assert list(ours.authors) == [f"{person['lastName']}, {person['firstName']}" for person in people]
    assert ours.date == theirs["date"]
    assert theirs.get("DOI") is None or ours.doi == doi(theirs["DOI"])  # Zotero gives no DOI to chapters
    assert ours.journal == (theirs.get("publicationTitle") or theirs.get("bookTitle"))
    assert (ours.volume, ours.issue, ours.pages) == (theirs.get("volume"), theirs.get("issue"), theirs.get("pages"))
    if name in ("datacite_02.json", "datacite_11.json"):  # two languages: Zotero takes the last one, we keep both
        assert letters(theirs["abstractNote"]) in letters(ours.abstract)
    else:
        assert letters(ours.abstract) == letters(theirs["abstractNote"])
    assert set(serials(theirs.get("ISBN", ""))[1]) <= set(ours.isbn)
    assert set(serials(theirs.get("ISSN", ""))[0]) <= set(ours.issn)
    assert set(ours.keywords) == {tag["tag"] for tag in theirs["tags"]}
    assert ours.urls == (theirs["url"],)
