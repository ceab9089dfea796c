"""The parsers on real exports, compared with Zotero's own parsers where their results are recorded."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from tasks.formats import fields, ris
from tasks.formats.dates import read as read_date
from tasks.formats.detect import read
from tests.shared import shared

RIS = {
    "eppi_labelled/asylum_excluded_150.ris": 150, "eppi_labelled/ecec_qual_excluded_first250.ris": 250,
    "eppi_labelled/ecec_qual_included.ris": 86, "eppi_labelled/joint_custody_included.ris": 187,
    "ris/20221207_gambling-harms_crimjust_41.ris": 41, "ris/EconLit.ris": 50, "ris/RisImporterTest5a.ris": 1,
    "ris/RisImporterTest8_date.ris": 1, "ris/RisImporterTestScopus.ris": 1, "ris/WoS_79.ris": 79, "ris/example_bom.ris": 1,
    "ris/example_extraneous_data.ris": 2, "ris/example_multiline.ris": 3, "ris/psycinfo_64.ris": 64,
    "ris/psycnet_preamble.ris": 1, "ris/ris_00.ris": 1, "ris/ris_03.ris": 1, "ris/ris_04.ris": 39, "ris/ris_09.ris": 2,
    "ris/scopus.ris": 10,
}  # fmt: skip
OTHERS = {
    "nbib/eric_04.nbib": 3, "nbib/eric_06.nbib": 4, "nbib/pubmed_01.nbib": 2, "nbib/pubmed_03.nbib": 1,
    "nbib/pubmed_result2.txt": 4, "csv/pubmed_csv.csv": 1, "csv/test_export.csv": 3, "scopus_csv/scopus_first12.csv": 12,
}  # fmt: skip


@pytest.mark.parametrize(("path", "count"), [*RIS.items(), *OTHERS.items()])
def test_every_record_of_every_file_is_read(path, count):
    data = shared(f"recorded/open/{path}").read_bytes()
    parsed = read(data)
    assert (parsed.starts, len(parsed.references), parsed.rejected, parsed.warnings) == (count, count, (), ())
    assert parsed.format == ("ris" if path in RIS else "medline" if path.startswith("nbib/") else "table")
    ends = [(reference.offset, reference.offset + reference.length) for reference in parsed.references]
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
    if path in RIS:
        marker = rb"(?m)(?:^|\r)(?:\xef\xbb\xbf)?TY  ?- "
        assert count == len(re.findall(marker, data))
        assert all(re.match(marker, data[start:end]) for start, end in ends)


@pytest.mark.parametrize("path", [*RIS, *OTHERS])
def test_what_is_written_as_ris_reads_back_the_same(path):
    references = read(shared(f"recorded/open/{path}").read_bytes()).references
    again = ris.parse(ris.write(references)).references
    assert [replace(reference, offset=0, length=0, warnings=()) for reference in again] == [
        replace(reference, offset=0, length=0, warnings=()) for reference in references
    ]


def test_lost_letters_in_eppi_exports_are_reported():
    data = shared("recorded/open/eppi_labelled/asylum_excluded_150.ris").read_bytes()
    assert data.count("\ufffd".encode()) == 205
    assert any("U+FFFD in abstract" in reference.warnings for reference in read(data).references)


def _names(item):
    people = [person for person in item["creators"] if person["creatorType"] in ("author", "artist", "director")]
    return [_letters(f"{person['lastName']} {person.get('firstName', '')}") for person in people]


def _letters(value):
    return re.sub(r"\W", "", value or "").lower()


# ris_03: Zotero takes no DOI from a doi.org link. nbib: it takes a DOI only from LID, not from AID links of ERIC.
# ris_04 (a RefWorks sample in which each value is the name of its field) is compared on titles only: Zotero has a rule for
# each type of document there, and puts such words as "Monographic Title" where we keep what the tag says.
MORE_THAN_ZOTERO = {("ris/ris_03.ris", 0), ("nbib/eric_04.nbib", 1), ("nbib/eric_06.nbib", 1)}


ZOTERO = ("ris/ris_00.ris", "ris/ris_03.ris", "ris/ris_09.ris")
ZOTERO += ("nbib/eric_04.nbib", "nbib/eric_06.nbib", "nbib/pubmed_01.nbib", "nbib/pubmed_03.nbib")


@pytest.mark.parametrize("path", ZOTERO)
def test_the_same_as_zotero(path):
    expected = json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))[path]
    references = read(shared(f"recorded/open/{path}").read_bytes()).references
    assert len(references) == len(expected)
    for number, (ours, theirs) in enumerate(zip(references, expected, strict=True)):
        assert ours.title == theirs.get("title")
        assert [_letters(name) for name in ours.authors] == _names(theirs)
        assert ours.year == read_date(theirs.get("date", "")).year
        assert ours.doi == fields.doi(theirs.get("DOI")) or (path, number) in MORE_THAN_ZOTERO
        assert ours.journal == (theirs.get("publicationTitle") or theirs.get("bookTitle"))
        assert ours.volume == theirs.get("volume")
        assert ours.issue == theirs.get("issue")
        assert ours.pages == theirs.get("pages")
        assert _letters(ours.abstract) == _letters(theirs.get("abstractNote"))


def test_titles_of_the_sample_of_all_types_as_in_zotero():
    expected = json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))["ris/ris_04.ris"]
    references = read(shared("recorded/open/ris/ris_04.ris").read_bytes()).references
    keys = ("title", "caseName", "nameOfAct", "subject")
    theirs = [next((item[key] for key in keys if key in item), None) for item in expected]
    assert [reference.title for reference in references] == theirs
