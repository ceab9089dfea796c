"""CSL JSON: its variables, the dialects of programs and of DOI resolvers, and damage."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import csl_json, dates, detect, fields, markup
from tests.formats.invented import PAPERS, Paper, accounted, read, spans
from tests.shared import shared
from tests.sources.played.agreeing import located, survives


def file(*items):
    return json.dumps(items, ensure_ascii=False).encode()


def one(**variables):
    data = file({"id": "k1", "type": "article-journal", "title": "Kites", "container-title": "J", **variables})
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.format, parsed.starts, parsed.rejected) == ("csl_json", 1, ())
    return parsed.references[0]


WHOLE = {
    "id": "http://zotero.org/users/1/items/AB", "type": "article-journal", "title": "Kites <i>in vivo</i> &amp; care",
    "container-title": "Journal of Kites", "collection-title": "Old Series", "volume": "12", "issue": 3, "page": "476-81",
    "DOI": "https://doi.org/10.1000/ABC", "ISSN": "0145-2134, 1873-7757", "language": "en", "publisher": "Nobody",
    "abstract": "We flew, p < .05.", "URL": "http://a.org/1", "source": "PsycINFO", "keyword": "care, kites",
    "author": [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"family": "King", "given": "M.", "suffix": "Jr."},
        {"literal": "Kite Trust"},
    ],
    "editor": [{"family": "Roe", "given": "Rita"}], "issued": {"date-parts": [[2020, 6, 5]]},
    "accessed": {"date-parts": [[2021, 1]]}, "note": "PMID: 12345678\nPMCID: PMC1", "genre": "Journal Article", "edition": "2",
}  # fmt: skip


def test_a_whole_item():
    found = one(**WHOLE)
    assert (found.title, found.authors) == ("Kites in vivo & care", ("van der Berg, Jan", "King, M., Jr.", "Kite Trust"))
    assert (found.type, found.year, found.date, found.journal) == ("article", 2020, "2020-06-05", "Journal of Kites")
    assert (found.volume, found.issue, found.pages, found.doi) == ("12", "3", "476-481", "10.1000/abc")
    assert (found.pmid, found.issn, found.abstract) == ("12345678", ("0145-2134", "1873-7757"), "We flew, p < .05.")
    assert (found.keywords, found.language, found.publisher) == (("care", "kites"), "en", "Nobody")
    assert (found.accession, found.database, found.urls) == (WHOLE["id"], "PsycINFO", ("http://a.org/1",))
    assert found.notes == ("PMID: 12345678 PMCID: PMC1",)
    assert dict(found.other) == {
        "container-title": "Old Series", "genre": "Journal Article", "edition": "2", "editor": "Roe, Rita",
        "accessed": "2021-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("document", "count"),
    [([WHOLE, WHOLE], 2), (WHOLE, 1), ({"items": [WHOLE, WHOLE, WHOLE]}, 3), ({"version": 1, "items": [WHOLE]}, 1)],
)
def test_a_list_one_item_and_a_list_in_an_object(document, count):
    for indent in (None, 2):
        data = json.dumps(document, indent=indent).encode()
        parsed = detect.read(data)
        accounted(parsed, data)
        assert (parsed.format, len(parsed.references)) == ("csl_json", count)
        for reference in parsed.references:
            assert json.loads(data[reference.offset : reference.offset + reference.length]) == WHOLE


@pytest.mark.parametrize(
    ("issued", "iso", "left"),
    [
        ({"date-parts": [[2020]]}, "2020", None), ({"date-parts": [["2020", "6"]]}, "2020-06", None),
        ({"date-parts": [[2020, 6, 5], [2020, 7]]}, "2020-06-05", "2020-6-5/2020-7"), ({"raw": "June 2020"}, "2020-06", None),
        ({"literal": "in press"}, None, "in press"), ({"date-parts": [[2020]], "season": 2}, "2020", "2020 (season 2)"),
        ({"date-parts": [[None]]}, None, None), ({"date-parts": []}, None, None), ("2020-06", "2020-06", None),
    ],
)  # fmt: skip
def test_dates(issued, iso, left):
    found = one(issued=issued)
    assert (found.date, dict(found.other).get("issued")) == (iso, left)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("article-newspaper", "article"), ("chapter", "chapter"), ("book", "book"), ("report", "report"), ("thesis", "thesis"),
        ("paper-conference", "conference"), ("webpage", "webpage"), ("dataset", "dataset"), ("legal_case", "other"),
        ("journal-article", "article"), ("posted-content", "report"),
    ],
)  # fmt: skip
def test_types(kind, meant):
    assert one(type=kind).type == meant


def test_crossrefs_answer_for_a_doi_is_read():
    found = one(
        type="journal-article", title="Kites", subtitle=["A Study"], **{"container-title": "Journal of Kites"},
        ISSN=["0145-2134"], issued={"date-parts": [[2020, 6]]}, author=[{"given": "Jane", "family": "Doe", "sequence": "a"}],
        abstract="<jats:p>We flew.</jats:p>", indexed={"date-parts": [[2021]]},
    )  # fmt: skip
    assert (found.title, found.abstract, found.authors) == ("Kites: A Study", "We flew.", ("Doe, Jane",))
    assert (found.issn, found.date) == (("0145-2134",), "2020-06")


def test_a_retraction_is_told():
    assert one(genre="Retracted Publication").notices == ("retracted",)


def test_an_item_that_says_nothing_and_an_element_that_is_none_are_rejected():
    data = file(WHOLE, {"id": "k2", "type": "book"}, 7, WHOLE)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.starts, len(parsed.references)) == (4, 2)
    assert [piece.data for piece in parsed.rejected] == [b'{"id": "k2", "type": "book"}', b"7"]
    assert "no title" in parsed.rejected[0].reason


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_a_file_that_breaks_off_gives_the_items_before(cut):
    whole = file(WHOLE, WHOLE, WHOLE)
    data = whole[:-cut]
    parsed = detect.read(data)
    located(parsed, data)  # the piece that tells of the break is empty where nothing stands behind it
    assert parsed.format == "csl_json"
    assert len(parsed.references) == (3 if cut == 1 else 2)
    assert len(parsed.rejected) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    data = json.dumps([{**WHOLE, "title": "Größe"}] * 2, ensure_ascii=False).encode(encoding)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert [one.title for one in parsed.references] == ["Größe", "Größe"]
    assert all(json.loads(span)["title"] == "Größe" for span in spans(parsed, data))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b'[{"type": "book"}]', b'[{"type": "book", "id": 1, "title": "T"}]', b'{"items": []}',
        b'[{"type": "unheard-of", "id": "1", "title": "T", "container-title": "J"}]',
        b'{"type": "Feature", "id": "1", "title": "T", "issued": {"date-parts": [[2020]]}}',
        b'[{"type": "book", "id": "1", "title": ["T"], "issued": {"date-parts": [[2020]]}}]',  # Crossref's API
    ],
)  # fmt: skip
def test_other_documents_are_not_claimed(data):
    assert detect.read(data).format != "csl_json"


# Any bytes, and what is written reads back.


def item(number, paper):
    people = [dict(zip(("family", "given"), name.split(", "), strict=True)) for name in paper.authors]
    variables = {
        "id": f"k{number}", "type": "article-journal", "title": paper.title, "author": people, "page": paper.pages,
        "DOI": paper.doi, "abstract": paper.abstract, "issued": {"date-parts": [[paper.year]]},
    }  # fmt: skip
    return {name: value for name, value in variables.items() if value}


@given(PAPERS, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(papers, ascii_only, encoding):
    items = [item(number, paper) for number, paper in enumerate(papers)]
    data = json.dumps(items, ensure_ascii=ascii_only).encode(encoding)
    parsed = detect.read(data)
    accounted(parsed, data)
    assert (parsed.format, parsed.rejected) == ("csl_json", ())
    assert [read(reference) for reference in parsed.references] == [
        Paper(markup.plain(one.title), one.authors, one.year, one.doi, one.pages, markup.plain(one.abstract or ""))
        for one in papers
    ]


PAGE = file(WHOLE, {**WHOLE, "id": "k2"}, {**WHOLE, "id": "k3"})


@given(st.integers(0, len(PAGE) - 1), st.binary(max_size=3), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_damage_takes_no_item_before_it(at, put, cut):
    survives(csl_json.parse, PAGE, at, put, cut)


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(data):
    located(csl_json.parse(data), data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


NAMES = sorted({*WHOLE, "subtitle", "PMID", "ISBN", "categories"} - {"type", "title", "id", "container-title"})


@given(VALUES, st.sampled_from(NAMES))
@settings(max_examples=40, deadline=None)
def test_values_of_any_type_are_survived(value, name):
    assert one(**{name: value}).title.startswith("Kites")


# A recorded file.


def test_the_recorded_item_as_zotero_reads_it():
    [theirs] = json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))["csl_json/csl_00.json"]
    data = shared("recorded/open/csl_json/csl_00.json").read_bytes()
    parsed = detect.read(data)
    accounted(parsed, data)
    [ours] = parsed.references
    assert (ours.title, ours.volume, ours.publisher) == (theirs["title"], theirs["volume"], theirs["publisher"])
    assert ours.authors == tuple(f"{one['lastName']}, {one['firstName']}" for one in theirs["creators"])
    assert (ours.date, ours.type, ours.journal) == (dates.read(theirs["date"]).iso, "book", theirs["series"])
    assert ours.isbn == fields.serials(theirs["ISBN"])[1]
