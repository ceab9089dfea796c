"""What is about a paper, before it or after it, and not the paper: related, never merged."""

from __future__ import annotations

import hashlib

import pytest


def cid(record_id: str) -> str:
    return "c" + hashlib.sha256(record_id.encode()).hexdigest()[:16]


@pytest.fixture
def relations(run):
    """(record, kind, related record) of every relation, each citation by the name of its founding record."""

    def found(records, **policy):
        names = {cid(record["record_id"]): record["record_id"] for record in records}
        rows = run(records, **policy)["staging.citation_relation"].to_pylist()
        return {(names[row["citation_id"]], row["kind"], names[row["related_id"]]) for row in rows}

    return found


def test_preprint_and_its_article(paper, relations):
    preprint = paper("b", journal="InventXiv", volume=None, issue=None, pages=None, doi="10.48550/inventxiv.7", year=2013)
    assert relations([paper("a"), preprint]) == {("b", "preprint", "a")}
    assert relations([preprint, paper("a")]) == {("b", "preprint", "a")}


def test_abstract_of_a_meeting_and_the_article(paper, relations):
    abstract = paper("b", volume="18 (Supplement 1)", issue=None, pages="S88-S89", doi=None, year=2013, abstract="Poster.")
    assert relations([paper("a"), abstract]) == {("b", "meeting_abstract", "a")}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Erratum: {}", "correction"),
        ("{} (vol 19, pg 211, 2014)", "correction"),
        ("Retraction: {}", "retraction"),
        ("Comment on: {}", "comment"),
        ("Reply to {}", "comment"),
        ("Protocol for {}", "protocol"),
    ],
)
def test_piece_about_a_paper(paper, relations, title, kind):
    about = paper("b", title=title.format(paper("a")["title"]), pages="301", issue="4", doi="10.5555/jcps.9", abstract=None)
    assert relations([paper("a"), about]) == {("b", kind, "a")}


def test_versions_of_a_review_that_are_kept_apart(paper, relations):
    library = {"journal": "Cochrane Database of Systematic Reviews", "volume": None, "pages": "CD009999"}
    older = paper("b", year=2008, issue="2", doi="10.1002/14651858.cd009999.pub2", **library)
    newer = paper("a", year=2015, issue="3", doi="10.1002/14651858.cd009999.pub3", **library)
    assert relations([newer, older], versions="apart") == {("b", "earlier_version", "a")}
    assert relations([newer, older]) == set()
    retitled = {**newer, "title": "Peer support for adolescents in care"}
    assert relations([retitled, older]) == {("b", "earlier_version", "a")}


def test_translation_and_the_same_title_elsewhere(paper, relations):
    elsewhere = {"pages": "301-319", "doi": "10.5555/other.7", "abstract": None}
    edition = paper("b", journal="Voprosy opeki", **elsewhere)
    assert relations([paper("a"), edition]) == {("b", "translation", "a")}
    talk = paper("b", journal="Proceedings of the Meeting on Kin", volume=None, issue=None, year=2013, **elsewhere)
    assert relations([paper("a"), talk]) == {("b", "other_edition", "a")}


def test_column_of_a_journal_is_no_edition_of_another(paper, relations):
    title = "Notes from the court of Northumbria by the clerk"
    bare = {"title": title, "authors": ["Harrowgate, M."], "abstract": None, "doi": None}
    assert relations([paper("a", issue="1", pages="1-2", **bare), paper("b", issue="2", pages="90-91", **bare)]) == set()


@pytest.mark.parametrize(
    ("notices", "found"),
    [
        (["corrected: 10.5555/note.1"], ("b", "correction", "a")),
        (["retracted: pmid:77"], ("b", "retraction", "a")),
        (["concern: 10.5555/note.1", "retracted"], ("b", "concern", "a")),
        (["updated: 10.5555/note.1"], ("a", "earlier_version", "b")),
        (["published-as: 10.5555/note.1"], ("a", "preprint", "b")),
        (["translation-of: 10.5555/note.1"], ("a", "translation", "b")),
    ],
)
def test_what_a_source_tells(paper, sparse, run, notices, found):
    note = sparse("b", title="Note on a paper about navigators", doi="10.5555/note.1", pmid="77")
    tables = run([paper("a", notices=notices), note])
    names = {cid("a"): "a", cid("b"): "b"}
    (row,) = tables["staging.citation_relation"].to_pylist()
    assert (names[row["citation_id"]], row["kind"], names[row["related_id"]]) == found
    assert row["basis"] == "notice"


def test_what_a_source_tells_of_papers_that_are_not_here(paper, relations):
    assert relations([paper("a", notices=["corrected: 10.5555/gone.1", "retracted", "unheard-of: 10.5555/x"])]) == set()


def test_relation_is_between_citations_and_shows_its_records(paper, run):
    preprint = {"journal": "InventXiv", "volume": None, "issue": None, "pages": None, "doi": "10.48550/inventxiv.7"}
    records = [paper("a"), paper("b", doi=None, abstract=None), paper("c", **preprint), paper("d", **preprint)]
    (row,) = run(records)["staging.citation_relation"].to_pylist()
    assert (row["citation_id"], row["kind"], row["related_id"]) == (cid("c"), "preprint", cid("a"))
    assert row["record_id"] in {"c", "d"}
    assert row["related_record_id"] in {"a", "b"}
    assert row["explanation"].startswith("same title")
