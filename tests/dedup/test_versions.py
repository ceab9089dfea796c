"""Versions of a review: one paper or several, as the protocol says."""

from __future__ import annotations

import pytest

ONE = {frozenset({"a", "b"})}
TWO = {frozenset({"a"}), frozenset({"b"})}


@pytest.fixture
def update(paper):
    """A record of one version of a review in a library that keeps bringing its reviews up to date."""

    def make(record_id, version, year, **fields):
        place = {
            "journal": "Cochrane Database of Systematic Reviews", "volume": None, "issue": str(version), "pages": "CD009999",
            "doi": f"10.1002/14651858.cd009999.pub{version}", "abstract": f"We searched until {year}.", "year": year,
        }  # fmt: skip
        return paper(record_id, **{**place, **fields})

    return make


def test_later_version_of_a_review_is_the_same_paper_or_not_as_the_protocol_says(update, groups):
    versions = [update("a", 2, 2008), update("b", 3, 2015)]
    assert groups(versions) == ONE
    assert groups(versions, versions="apart") == TWO


def test_newest_version_of_a_review_speaks_for_it(update, run):
    older = update("a", 2, 2008, authors=["Harrowgate, Miriam", "Okonjo-Bell, T.", "Lindqvist, Per", "Quillon, B."])
    (merged,) = run([older, update("b", 3, 2015)])["staging.citation"].to_pylist()
    assert (merged["year"], merged["doi"], merged["abstract"]) == (
        2015,
        "10.1002/14651858.cd009999.pub3",
        "We searched until 2015.",
    )
    assert len(merged["authors"]) == 3


def test_version_of_a_review_by_other_authors(update, groups):
    assert groups([update("a", 2, 2008), update("b", 4, 2019, authors=["Quillon, B.", "Arkwright, J."])]) == ONE


def test_version_of_a_review_that_asks_another_question_stays_apart(update, groups):
    title = "Kinship navigator programmes and peer support for placement stability among adolescents in Northumbria"
    assert groups([update("a", 2, 2008), update("b", 3, 2015, title=title)]) == TWO


def test_two_reviews_of_one_library_are_two(update, groups):
    other = update("b", 2, 2008, doi="10.1002/14651858.cd008888.pub2", pages="CD008888")
    assert groups([update("a", 2, 2008), other]) == TWO
    assert groups([update("a", 2, 2008), update("b", 2, 2008, doi=None)], versions="apart") == ONE


def test_serial_that_renews_its_reviews_under_short_titles(sparse, groups):
    common = {"title": "Head lice", "journal": "BMJ Clin Evid"}
    versions = [sparse("a", year=2009, volume="2009", **common), sparse("b", year=2015, volume="2015", **common)]
    assert groups(versions) == ONE
    assert groups(versions, versions="apart") == TWO
