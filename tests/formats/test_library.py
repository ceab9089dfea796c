"""The list that a library works from, as cells and as RIS that comes back whole."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tasks.formats import library, ris
from tasks.formats.worklist import Worklist

PAPER = {
    "citation_id": "c1", "type": "article", "title": "=Fit & «proper»?\nA study", "authors": ["Ødegård, K.", "李, 明"],
    "year": 2012, "journal": "Journal of Care", "volume": "3", "issue": "1-2", "pages": "45-67", "pmid": "123",
    "doi": "10.1002/(sici)1#<x>%2", "url": "https://example.org/a?b=c;d", "abstract": "Not shown.",
}  # fmt: skip
RESOLVER = "https://resolver.example.org/openurl?sid=evimap"


def cells(resolver: str | None = RESOLVER, **changed: object) -> dict[str, str]:
    return library.cells("retrieval-lib-1", "retrieval", "lib", PAPER | changed, resolver)


def test_links_are_made_of_what_is_known() -> None:
    found = cells()
    assert found["doi_link"] == "https://doi.org/10.1002/(sici)1%23%3Cx%3E%252"
    assert found["free_copy"] == "https://unpaywall.org/10.1002/(sici)1%23%3Cx%3E%252"
    assert found["pubmed"] == "https://pubmed.ncbi.nlm.nih.gov/123/"
    assert found["address"] == PAPER["url"]
    asked = parse_qs(urlsplit(found["resolver"]).query)
    assert asked["sid"] == ["evimap"]
    assert asked["rft_id"] == ["info:doi/10.1002/(sici)1#<x>%2", "info:pmid/123"]
    assert (asked["rft.atitle"], asked["rft.au"]) == ([PAPER["title"]], ["Ødegård, K."])
    assert "abstract" not in found
    bare = cells(None, doi=None, pmid=None, url=None, volume=None)
    assert {name for name in library.COLUMNS if not bare[name]} == {"doi", "pmid", "volume", *library.LINKS}


def test_the_resolver_is_asked_whatever_its_address() -> None:
    assert cells("https://r.example.org/")["resolver"].startswith("https://r.example.org/?url_ver=Z39.88-2004&")


def test_ris_is_read_back_whole() -> None:
    sheet = Worklist("retrieval-lib-1", "retrieval", "lib", library.COLUMNS, (cells(), cells(citation_id="c2", type=None)))
    parsed = ris.parse(library.ris(sheet))
    assert [len(parsed.references), len(parsed.rejected)] == [2, 0]
    one = parsed.references[0]
    assert (one.title, one.authors, one.year) == ("=Fit & «proper»? A study", ("Ødegård, K.", "李, 明"), 2012)
    assert (one.journal, one.volume, one.issue, one.pages, one.doi) == (
        "Journal of Care",
        "3",
        "1-2",
        "45-67",
        "10.1002/(sici)1#<x>%2",
    )
    assert set(one.urls) >= {PAPER["url"], cells()["pubmed"]}
    assert [reference.type for reference in parsed.references] == ["article", "other"]
