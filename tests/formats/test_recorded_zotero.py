"""Recorded files as Zotero's own parsers read them: 29 files of which the results are recorded beside them.

What has no entry in `DIFFERENT` is the same in title, authors, year, DOI, journal, volume, issue, pages and abstract.
"""

import json
import re

import pytest

from tasks.formats import fields
from tasks.formats.dates import read as read_date
from tasks.formats.detect import read
from tests.shared import shared

FILES = (
    "bibtex/bibtex_00.bib", "bibtex/bibtex_15.bib", "csl_json/csl_00.json", "datacite/datacite_00.json",
    "datacite/datacite_02.json", "datacite/datacite_08.json", "datacite/datacite_11.json", "endnote_refer/refer_00.enw",
    "endnote_xml/endnote_00.xml", "nbib/eric_04.nbib", "nbib/eric_06.nbib", "nbib/pubmed_01.nbib", "nbib/pubmed_03.nbib",
    "openalex/work_00.json", "openalex/work_01.json", "openalex/work_04.json", "openalex/works_list_05.json",
    "ovid_tagged/ovid_01.txt", "ovid_tagged/ovid_06.txt", "pubmed/efetch_00.xml", "pubmed/efetch_03.xml",
    "pubmed/efetch_06.xml", "pubmed/efetch_08.xml", "ris/ris_00.ris", "ris/ris_03.ris", "ris/ris_04.ris", "ris/ris_09.ris",
    "wos_tagged/wos_00.ciw", "wos_tagged/wos_04.ciw",
)  # fmt: skip

AUTHORS = ("author", "artist", "director", "inventor", "programmer", "cartographer", "composer")
TITLES = ("title", "caseName", "nameOfAct", "subject")  # names of the title for cases, laws and e-mails
JOURNALS = ("publicationTitle", "bookTitle", "proceedingsTitle", "websiteTitle", "series", "seriesTitle")

# Zotero's items have no field for a DOI in some types of documents (chapter, thesis), nor for what holds a thesis, preprint or
# patent: where the source names a DOI, a list of dissertations, a preprint server or a gazette, we keep it.
DIFFERENT = {
    # Zotero takes a DOI from LID only, not from the AID links of ERIC.
    ("nbib/eric_04.nbib", 1): {"doi"}, ("nbib/eric_06.nbib", 1): {"doi"},
    # It takes no DOI from %R, and of two journals (%J) the second, which is the first one's name in English.
    ("endnote_refer/refer_00.enw", 0): {"doi", "journal"},
    # Two abstracts, in German and English: Zotero takes the last one, we keep both.
    ("datacite/datacite_02.json", 0): {"abstract"},
    # The same; and a chapter's DOI. Its contributor is the distributor, which Zotero lists among the creators.
    ("datacite/datacite_11.json", 0): {"abstract", "doi"},
    # Zotero leaves OpenAlex's inverted index out; we put the abstract together. A thesis and a chapter with a DOI.
    ("openalex/work_00.json", 0): {"abstract"}, ("openalex/work_01.json", 0): {"abstract"},
    ("openalex/work_04.json", 0): {"abstract", "doi"}, ("openalex/works_list_05.json", 2): {"abstract", "doi"},
    ("openalex/works_list_05.json", 4): {"abstract"},
    # Zotero takes the name in the author's profile, here in Cyrillic; the paper itself has "V.G. Kuznetsov".
    ("openalex/works_list_05.json", 3): {"authors"},
    # It reads "Journal of Political Studies 12, Winter 2007: 7-14." as a journal with its volume in its name.
    ("ovid_tagged/ovid_01.txt", 0): {"journal", "volume"},
    # A thesis, listed in Dissertation Abstracts International, volume 75(2-A(E)).
    ("ovid_tagged/ovid_06.txt", 0): {"journal", "volume", "issue"},
    # A preprint: PubMed has the server where the journal stands.
    ("pubmed/efetch_08.xml", 0): {"journal"},
    # Zotero takes no DOI from a link to doi.org.
    ("ris/ris_03.ris", 0): {"doi"},
    # A patent, which names the Official Gazette as its source.
    ("wos_tagged/wos_04.ciw", 0): {"journal"},
}  # fmt: skip

# A sample by RefWorks in which each value is the name of its field, in records of all types. Zotero has a rule for each type:
# it moves "Edition", "Bill Number", "Report ID" and the like out of VL, IS and SP into fields of those names, which we do not
# have. The "Volume ID" of a chapter or book stands in IS there, its "Edition" in VL. "Series Title", "History" and "Case Name
# (Abbrev)" stand in T2 or T3. Whether such a rule fits the exports of others cannot be told, so we keep what the tag says.
SAMPLE = {
    0: {"volume", "pages"}, 1: {"volume"}, 2: {"volume", "issue"}, 3: {"volume"}, 4: {"volume"}, 7: {"volume", "issue"},
    8: {"journal", "volume", "pages"}, 9: {"issue"}, 10: {"journal"}, 11: {"journal", "issue", "pages"}, 12: {"pages"},
    13: {"issue", "pages"}, 16: {"volume"}, 18: {"journal"}, 24: {"pages"}, 25: {"journal", "volume"}, 27: {"issue"},
    28: {"journal"}, 30: {"volume", "issue"}, 31: {"journal", "volume"}, 33: {"journal", "volume"},
    35: {"journal", "volume"}, 37: {"journal"},
}  # fmt: skip
DIFFERENT |= {("ris/ris_04.ris", number): names for number, names in SAMPLE.items()}


def expected():
    return json.loads(shared("recorded/open/zotero_expected.json").read_text(encoding="utf-8"))


def letters(value):
    return re.sub(r"[\W_]", "", value or "").casefold()


def words(name):
    """The words of a name in no order: Zotero turns "G. Wentworth" round; only some sources have stops behind initials."""
    return sorted(re.findall(r"\w+", name.casefold()))


def first(item, names):
    return next((item[name] for name in names if item.get(name)), None)


def compared(ours, theirs):
    """Pairs of our value and Zotero's by field."""
    people = [person for person in theirs["creators"] if person["creatorType"] in AUTHORS]
    return {
        # Zotero drops the full stop of Ovid's and PubMed's titles, and puts small letters for a title all in capitals.
        "title": (letters(ours.title), letters(first(theirs, TITLES))),
        "authors": (
            [words(name) for name in ours.authors],
            [words(f"{person['lastName']} {person.get('firstName', '')}") for person in people],
        ),
        "year": (ours.year, read_date(first(theirs, ("date", "issueDate")) or "").year),
        "doi": (ours.doi, fields.doi(theirs.get("DOI"))),
        "journal": (letters(ours.journal), letters(first(theirs, JOURNALS))),  # it puts capitals into PubMed's journals
        "volume": (ours.volume, theirs.get("volume")),
        "issue": (ours.issue, theirs.get("issue")),
        "pages": (ours.pages, fields.pages(theirs.get("pages"))),
        "abstract": (letters(ours.abstract), letters(theirs.get("abstractNote"))),  # it keeps line ends of sections
    }


def test_all_of_its_files_are_compared():
    assert set(FILES) == set(expected())
    assert {path for path, _ in DIFFERENT} <= set(FILES)


@pytest.mark.parametrize("path", FILES)
def test_the_same_as_zotero(path):
    references = read(shared(f"recorded/open/{path}").read_bytes()).references
    items = expected()[path]
    assert len(references) == len(items)
    for number, (ours, theirs) in enumerate(zip(references, items, strict=True)):
        pairs = compared(ours, theirs)
        differing = {name for name, (our, their) in pairs.items() if our != their}
        assert differing == DIFFERENT.get((path, number), set()), (number, {name: pairs[name] for name in differing})


@pytest.mark.parametrize("path", ["datacite/datacite_02.json", "datacite/datacite_11.json"])
def test_of_two_abstracts_both_are_kept(path):
    [ours] = read(shared(f"recorded/open/{path}").read_bytes()).references
    assert letters(expected()[path][0]["abstractNote"]) in letters(ours.abstract)
