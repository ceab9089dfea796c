"""Invented papers with values at which parsers have been seen to stumble, and the checks that hold for every text format."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

from tasks.formats.text import clean

WORDS = st.sampled_from(
    [
        "kites",
        "care",
        "Größe",
        "l’été",
        "Çiğdem",
        "أطفال",
        "ילדים",
        "日本",
        '"quoted"',
        "=SUM(A1:A9)",
        "-5",
        "+kin",
        "@home",
        "a\tb",
        "p < .05",
        "<i>in vivo</i>",
        "&lt;",
        "R&D",
        "100%",
        "ER",
        "PT J",
        "%T",
        "TI  - x",
        "<1. >",
        "50;",
        "Methods: we",
        "(n = 3)",
        "é",
    ]
)
NAMES = st.sampled_from(
    [
        "Doe, Jane",
        "Öz, Ç. A.",
        "O'Neil-Smith, Zoë",
        "van der Berg, Jan",
        "محمد, علي",
        "山田, 太郎",
        "De la Cruz, María J.",
        "Núñez, Íñigo",
    ]
)


def phrases(longest: int) -> st.SearchStrategy[str]:
    """Text of several words; the first is a plain one, as it is what stands where a tag or a label could."""
    return st.lists(WORDS, max_size=longest).map(lambda words: " ".join(["Kites", *words, "fly"]))


@dataclass(frozen=True)
class Paper:
    title: str
    authors: tuple[str, ...]
    year: int
    doi: str | None
    pages: str | None
    abstract: str | None


PAPERS = st.lists(
    st.builds(
        Paper,
        title=phrases(5),
        authors=st.lists(NAMES, max_size=4).map(tuple),
        year=st.integers(1900, 2026),
        doi=st.sampled_from([None, "10.1000/abc(1)", "10.1234/x-y_z.9"]),
        pages=st.sampled_from([None, "476-481", "106241", "S1-S9"]),
        abstract=st.none() | phrases(25),
    ),
    min_size=1,
    max_size=4,
)

NEWLINES = ("\n", "\r\n", "\r", "\r\r\n")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


def read(reference):
    """What a reference says of the paper."""
    return Paper(reference.title, reference.authors, reference.year, reference.doi, reference.pages, reference.abstract)


def cleaned(paper: Paper) -> Paper:
    """The paper as it comes back: white space single, entities read."""
    return Paper(clean(paper.title), paper.authors, paper.year, paper.doi, paper.pages, clean(paper.abstract or ""))


def accounted(parsed, data: bytes) -> None:
    """Every start is one reference or one rejected piece, and their bytes lie in the file, in order and apart."""
    pieces = sorted((*parsed.references, *parsed.rejected), key=lambda piece: piece.offset)
    assert parsed.starts == len(pieces)
    assert all(0 <= piece.offset < piece.offset + piece.length <= len(data) for piece in pieces)
    assert all(a.offset + a.length <= b.offset for a, b in pairwise(pieces))
    assert all(piece.data == data[piece.offset : piece.offset + piece.length] for piece in parsed.rejected)


def spans(parsed, data: bytes) -> list[str]:
    """The text of each reference in the file."""
    return [data[piece.offset : piece.offset + piece.length].decode(parsed.encoding) for piece in parsed.references]
