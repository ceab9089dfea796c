"""Whether what a format reads out of played pages is what the papers say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from tasks.formats import detect
from tasks.formats.reference import Parsed, Reference
from tests.sources.played.playing import Paper


def references(pages: Iterable[bytes], name: str) -> list[Reference]:
    """The references of pages, which have to be recognised, in the order of the pages; no piece may be rejected."""
    parsed = [detect.read(page) for page in pages]
    assert {one.format for one in parsed} <= {name}
    for one, page in zip(parsed, pages, strict=True):
        assert one.rejected == ()
        located(one, page)
    return [reference for one in parsed for reference in one.references]


def located(parsed: Parsed, data: bytes) -> None:
    """Each piece lies inside the file, and none over another."""
    pieces = sorted((one.offset, one.offset + one.length) for one in (*parsed.references, *parsed.rejected))
    assert parsed.starts == len(pieces)
    assert all(0 <= start <= end <= len(data) for start, end in pieces)
    assert all(end <= start for (_, end), (start, _) in pairwise(pieces))
    assert all(data[one.offset : one.offset + one.length] == one.data for one in parsed.rejected)


def survives(parse: Callable[[bytes], Parsed], page: bytes, at: int, put: bytes, cut: int) -> None:
    """A page with ``cut`` bytes at ``at`` replaced by ``put`` still gives the records before the damage, and loses no bytes."""
    data = page[:at] + put + page[at + cut :]
    parsed, whole = parse(data), parse(page)
    located(parsed, data)
    before = [one for one in whole.references if one.offset + one.length <= at]
    assert [(one.accession, one.title) for one in parsed.references[: len(before)]] == [
        (one.accession, one.title) for one in before
    ]
    assert parsed.starts > 0 or len(data) < len(page)


def title(paper: Paper) -> str:
    """The title as people read it."""
    return re.sub(r"</?i>", "", paper.title)


def agree(found: Sequence[Reference], papers: Sequence[Paper], *, given_first: bool = False) -> None:
    """Each paper is there once, by its DOI, with its title, authors, year, journal, volume, issue, pages and abstract."""
    by_doi = {reference.doi: reference for reference in found}
    assert len(by_doi) == len(found)
    assert set(by_doi) == {paper.doi for paper in papers}
    for paper in papers:
        one = by_doi[paper.doi]
        names = tuple(f"{given} {family}" if given_first else f"{family}, {given}" for family, given in paper.authors)
        assert (one.title, one.authors, one.year) == (title(paper), names, paper.year)
        assert (one.abstract, one.type) == (paper.abstract.strip(), "article")
        assert (one.journal, one.volume, one.issue) == (paper.journal, str(paper.volume), str(paper.issue))
        assert one.pages == f"{paper.first}-{paper.last}"
        assert one.warnings == ()
