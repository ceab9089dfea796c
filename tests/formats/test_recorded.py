"""The parsers on real exports, compared with Zotero's own parsers where their results are recorded."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from tasks.formats import bibtex, fields, ovid, proquest, refer, ris, wos_tagged
from tasks.formats.dates import read as read_date
from tasks.formats.detect import read
from tasks.formats.text import decode
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
    "wos_tagged/testFile.isi": 34, "wos_tagged/wos_00.ciw": 5, "wos_tagged/wos_04.ciw": 1, "endnote_refer/refer_00.enw": 1,
    "ovid_tagged/ovid_01.txt": 2, "ovid_tagged/ovid_06.txt": 2, "proquest_text/proquest_first8.txt": 5,
    "bibtex/bibtex_00.bib": 1, "bibtex/bibtex_15.bib": 2, "bibtex/ebsco_bib.bib": 2, "bibtex/scopus_bib.bib": 11,
    "bibtex/encoding-windows-1252-without-header.bib": 1,
    "pubmed/efetch_00.xml": 2, "pubmed/efetch_03.xml": 1, "pubmed/efetch_06.xml": 1, "pubmed/efetch_08.xml": 1,
    "pubmed/pubmed1.xml": 2, "pubmed/pubmed5.xml": 1,
}  # fmt: skip
FORMATS = {  # by folder; each with what every record of it begins with
    "ris": ("ris", rb"TY  ?- "), "eppi_labelled": ("ris", rb"TY  ?- "), "nbib": ("medline", None), "csv": ("table", None),
    "scopus_csv": ("table", None), "wos_tagged": ("wos", rb"PT [A-Z]\s"), "endnote_refer": ("refer", rb"%0 "),
    "ovid_tagged": ("ovid", rb"<\d+\. >\s"), "proquest_text": ("proquest", rb"Document \d+ of \d+\s"),
    "bibtex": ("bibtex", rb"@[Aa]rticle ?\{|@(?!comment)[a-z]+\{"),
    "pubmed": ("pubmed_xml", None),
}  # fmt: skip
WARNINGS = {  # the recording is cut after its fifth document
    "proquest_text/proquest_first8.txt": ("the export says that it has 100 documents, 5 of them are in the file",),
}


@pytest.mark.parametrize(("path", "count"), [*RIS.items(), *OTHERS.items()])
def test_every_record_of_every_file_is_read(path, count):
    data = shared(f"recorded/open/{path}").read_bytes()
    parsed = read(data)
    said = WARNINGS.get(path, ())
    assert (parsed.starts, len(parsed.references), parsed.rejected, parsed.warnings) == (count, count, (), said)
    name, marker = FORMATS[path.split("/")[0]]
    assert parsed.format == name
    ends = [(reference.offset, reference.offset + reference.length) for reference in parsed.references]
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
    if marker:
        start = rb"(?m)(?:^|\r)(?:\xef\xbb\xbf)?" + marker
        assert count == len(re.findall(start, data))
        assert all(re.match(start, data[first:last]) for first, last in ends)


def test_each_export_is_known_for_what_it_is_and_nothing_else_is_taken_for_one():
    folders = sorted(path for path in shared("recorded/open").iterdir() if path.is_dir())
    assert {path.name for path in folders} >= set(FORMATS)
    own = {"bibtex": bibtex, "wos": wos_tagged, "refer": refer, "ovid": ovid, "proquest": proquest}
    seen = 0
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix == ".gz":
                continue  # a table of labels, which is read as one
            suffixes = (".ris", ".nbib", ".txt", ".csv", ".isi", ".ciw", ".enw")
            export = path.suffix == ".bib" or (folder.name in FORMATS and path.suffix in suffixes)
            export |= folder.name == "pubmed" and path.name.startswith(("efetch", "pubmed"))  # others there only steer
            kind = "bibtex" if path.suffix == ".bib" else folder.name  # beside some exports is what JabRef made of them
            name = FORMATS[kind][0] if export else None
            data = path.read_bytes()
            found = read(data).format
            if export:
                assert found == name, path
                seen += 1
            else:
                assert found not in {known for known, _ in FORMATS.values()}, path
            assert [known for known, module in own.items() if module.first(decode(data)) is not None] == [name] * (
                name in own
            ), path
    assert seen == len(RIS) + len(OTHERS) + 4


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
    roles = ("author", "artist", "director", "inventor")
    people = [person for person in item["creators"] if person["creatorType"] in roles]
    return [_letters(f"{person['lastName']} {person.get('firstName', '')}") for person in people]


def _cased(journal, path):
    """Zotero puts capitals into PubMed's names of journals."""
    return journal.lower() if journal and path.startswith("pubmed") else journal


def _letters(value):
    return re.sub(r"\W", "", value or "").lower()


# ris_03: Zotero takes no DOI from a doi.org link. nbib: it takes a DOI only from LID, not from AID links of ERIC.
# ris_04 (a RefWorks sample in which each value is the name of its field) is compared on titles only: Zotero has a rule for
# each type of document there, and puts such words as "Monographic Title" where we keep what the tag says.
# refer_00: Zotero takes no DOI from %R, and of two journals (%J) the second, which is the first one's name in English.
# ovid_01: Zotero reads "Journal of Political Studies 12, Winter 2007: 7-14." as a journal with its volume in its name.
# ovid_06: Zotero has no journal for a thesis; this one names Dissertation Abstracts International, volume 75(2-A(E)).
# efetch_08: nor for a preprint, whose server stands where PubMed has the journal.
# wos_04: nor for a patent, which names the Official Gazette as its source.
DIFFERENT = {
    ("ris/ris_03.ris", 0): {"doi"}, ("nbib/eric_04.nbib", 1): {"doi"}, ("nbib/eric_06.nbib", 1): {"doi"},
    ("endnote_refer/refer_00.enw", 0): {"doi", "journal"}, ("ovid_tagged/ovid_01.txt", 0): {"journal", "volume"},
    ("ovid_tagged/ovid_06.txt", 0): {"journal", "volume", "issue"}, ("wos_tagged/wos_04.ciw", 0): {"journal"},
    ("pubmed/efetch_08.xml", 0): {"journal"},
}  # fmt: skip


ZOTERO = ("ris/ris_00.ris", "ris/ris_03.ris", "ris/ris_09.ris")
ZOTERO += ("nbib/eric_04.nbib", "nbib/eric_06.nbib", "nbib/pubmed_01.nbib", "nbib/pubmed_03.nbib")
ZOTERO += ("wos_tagged/wos_00.ciw", "wos_tagged/wos_04.ciw", "endnote_refer/refer_00.enw")
ZOTERO += ("ovid_tagged/ovid_01.txt", "ovid_tagged/ovid_06.txt", "bibtex/bibtex_00.bib", "bibtex/bibtex_15.bib")
ZOTERO += ("pubmed/efetch_00.xml", "pubmed/efetch_03.xml", "pubmed/efetch_06.xml", "pubmed/efetch_08.xml")


@pytest.mark.parametrize("path", ZOTERO)
def test_the_same_as_zotero(path):
    expected = json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))[path]
    references = read(shared(f"recorded/open/{path}").read_bytes()).references
    assert len(references) == len(expected)
    for number, (ours, theirs) in enumerate(zip(references, expected, strict=True)):
        stop = path.startswith(("ovid", "pubmed"))  # Zotero drops the full stop of Ovid's and PubMed's titles
        title = ours.title.removesuffix(".") if stop else ours.title
        assert title == theirs.get("title")
        assert [_letters(name) for name in ours.authors] == _names(theirs)
        assert ours.year == read_date(theirs.get("date") or theirs.get("issueDate") or "").year
        assert _letters(ours.abstract) == _letters(theirs.get("abstractNote"))
        pairs = {
            "doi": (ours.doi, fields.doi(theirs.get("DOI"))), "volume": (ours.volume, theirs.get("volume")),
            "journal": (_cased(ours.journal, path), _cased(theirs.get("publicationTitle") or theirs.get("bookTitle"), path)),
            "issue": (ours.issue, theirs.get("issue")), "pages": (ours.pages, fields.pages(theirs.get("pages"))),
        }  # fmt: skip
        assert {name for name, (our, their) in pairs.items() if our != their} == DIFFERENT.get((path, number), set())


def test_titles_of_the_sample_of_all_types_as_in_zotero():
    expected = json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))["ris/ris_04.ris"]
    references = read(shared("recorded/open/ris/ris_04.ris").read_bytes()).references
    keys = ("title", "caseName", "nameOfAct", "subject")
    theirs = [next((item[key] for key in keys if key in item), None) for item in expected]
    assert [reference.title for reference in references] == theirs
