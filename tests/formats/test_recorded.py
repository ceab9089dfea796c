"""Every recorded file: known for what it is, each record accounted for, none rejected without a reason that is listed."""

import csv
import gzip
import io
import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
import yaml

from tasks.formats import ris
from tasks.formats.detect import FORMATS, read
from tasks.formats.text import decode
from tests.formats.invented import accounted
from tests.shared import shared

OPEN = "recorded/open"
EXPORTS = {  # how many references are in each file
    "bibtex": {
        "bibtex/bibtex_00.bib": 1, "bibtex/bibtex_15.bib": 2, "bibtex/ebsco_bib.bib": 2, "bibtex/scopus_bib.bib": 11,
        "bibtex/encoding-windows-1252-without-header.bib": 1, "endnote_xml/EndnoteXmlImporterTestArticle2.bib": 2,
        "ris/RisImporterTest5a.bib": 1, "ris/RisImporterTest8_date.bib": 1, "ris/RisImporterTestScopus.bib": 1,
    },
    "csl_json": {"csl_json/csl_00.json": 1},
    "endnote_xml": {"endnote_xml/EndnoteXmlImporterTestArticle2.xml": 2, "endnote_xml/endnote_00.xml": 9},
    "medline": {
        "nbib/eric_04.nbib": 3, "nbib/eric_06.nbib": 4, "nbib/pubmed_01.nbib": 2, "nbib/pubmed_03.nbib": 1,
        "nbib/pubmed_result2.txt": 4,
    },
    "ovid": {"ovid_tagged/ovid_01.txt": 2, "ovid_tagged/ovid_06.txt": 2},
    "proquest": {"proquest_text/proquest_first8.txt": 5},
    "pubmed_xml": {
        "pubmed/efetch_00.xml": 2, "pubmed/efetch_03.xml": 1, "pubmed/efetch_06.xml": 1, "pubmed/efetch_08.xml": 1,
        "pubmed/pubmed1.xml": 2, "pubmed/pubmed5.xml": 1,
    },
    "refer": {"endnote_refer/refer_00.enw": 1},
    "ris": {
        "eppi_labelled/asylum_excluded_150.ris": 150, "eppi_labelled/ecec_qual_excluded_first250.ris": 250,
        "eppi_labelled/ecec_qual_included.ris": 86, "eppi_labelled/joint_custody_included.ris": 187,
        "ris/20221207_gambling-harms_crimjust_41.ris": 41, "ris/EconLit.ris": 50, "ris/RisImporterTest5a.ris": 1,
        "ris/RisImporterTest8_date.ris": 1, "ris/RisImporterTestScopus.ris": 1, "ris/WoS_79.ris": 79,
        "ris/example_bom.ris": 1, "ris/example_extraneous_data.ris": 2, "ris/example_multiline.ris": 3,
        "ris/psycinfo_64.ris": 64, "ris/psycnet_preamble.ris": 1, "ris/ris_00.ris": 1, "ris/ris_03.ris": 1,
        "ris/ris_04.ris": 39, "ris/ris_09.ris": 2, "ris/scopus.ris": 10,
    },
    "table": {
        "csv/pubmed_csv.csv": 1, "csv/test_export.csv": 3, "scopus_csv/scopus_first12.csv": 12,
        "eppi_labelled/ecec_qual_labels.tsv.gz": 1168,  # titles with a quotation mark at their beginning, and no end of it
    },
    "wos": {"wos_tagged/testFile.isi": 34, "wos_tagged/wos_00.ciw": 5, "wos_tagged/wos_04.ciw": 1},
}  # fmt: skip
ANSWERS = {
    "clinicaltrials": {"clinicaltrials/search_phelan_limit5_20260811.json": 5},
    "datacite": {f"datacite/datacite_{number}.json": 1 for number in ("00", "02", "08", "11")},
    "doaj": {"doaj/search_articles_v4.json": 40},
    "eric": {"eric/ajs.json": 333, "eric/blockchain.json": 1},
    "europepmc": {
        "europepmc/search_6hits.json": 6, "europepmc/search_cancer.json": 25, "europepmc/search_cancer.xml": 25,
        "europepmc/search_cancer_page2.json": 5, "europepmc/search_no_results.json": 0,
    },
    "feed": {"feeds/rss_ja.xml": 10},
    "govuk": {"govuk/search_results_2016.json": 3},
    "openalex": {
        "openalex/work_00.json": 1, "openalex/work_01.json": 1, "openalex/work_04.json": 1, "openalex/works_list_05.json": 5,
    },
    "scopus_api": {"scopus_api/search_standard_view.json": 1},
    "wordpress": {"wordpress/posts_page1.json": 10},
}  # fmt: skip
READ = {path: (name, count) for files in (EXPORTS, ANSWERS) for name, paths in files.items() for path, count in paths.items()}

# Recorded conversations: the format of each answer and how many references and rejected pieces are in it.
PAGE, ERROR = ("crossref", 20, 0), ("unknown", 0, 1)
CONVERSATIONS = {
    "crossref/test_content_negotiation_citeproc_json.yaml": [ERROR, ("csl_json", 1, 0)],  # the first one redirects
    "crossref/test_cursor_fails_cursor_value.yaml": [ERROR],
    "crossref/test_cursor_max.yaml": [PAGE] * 5,
    "crossref/test_ua_string.yaml": [("crossref", 1, 0)],
    "crossref/test_works_bad_id_warn.yaml": [ERROR],
    "crossref/test_works_no_id_withlimit.yaml": [("crossref", 2, 0)],
    "crossref/test_works_query.yaml": [("crossref", 2, 0)],
    "semanticscholar/test_empty_paginated_results.yaml": [("semanticscholar", 0, 0)],
    "semanticscholar/test_get_papers_not_found_warning.yaml": [("semanticscholar", 3, 1)],  # null: a paper that is not known
    "semanticscholar/test_not_found.yaml": [ERROR, ERROR],
    "semanticscholar/test_search_paper.yaml": [("semanticscholar", 100, 0)],
    "semanticscholar/test_search_paper_bulk_retrieval.yaml": [("semanticscholar", 1000, 0)],
}

# Files that hold no references: they steer a search or are read with settings (tests/sources), or say what others hold.
OTHERS = {
    "html/search_results_page2.html": "a web page", "zotero_expected.json": "JSON", "pubmed/epost1.xml": "XML",
    "pubmed/error_rate_limit.json": "JSON", "pubmed/esearch1.xml": "XML", "pubmed/esearch2.xml": "XML",
    "pubmed/esearch8.xml": "XML", "pubmed/esearch_3.json": "JSON", "sitemap/wp-sitemap.xml": "XML",
    "sitemap/wp-sitemap-posts-post-1.xml": "XML",
    **{f"robots/{host}.txt": "no record" for host in (
        "eric.ed.gov", "www.doaj.org", "www.gov.uk", "www.nice.org.uk", "www.parliament.uk", "www.ssrn.com", "www.unicef.org")},
}  # fmt: skip

STARTS = {  # what each record begins with
    "bibtex": rb"[ \t]*@(?!(?i:comment|string|preamble)\b)\w+[ \t]*\{", "endnote_xml": rb"<record>", "feed": rb"<item>",
    "ovid": rb"[<]\d+\. >\s", "proquest": rb"Document \d+ of \d+\s", "pubmed_xml": rb"<Pubmed(?:Book)?Article>",
    "refer": rb"%0 ", "ris": rb"TY  ?- ", "wos": rb"PT [A-Z]\s",
}  # fmt: skip
LISTS = {  # where the JSON of each API has its records; a document without it is one record
    "clinicaltrials": "studies", "csl_json": "", "datacite": "data", "doaj": "results", "eric": "response.docs",
    "europepmc": "resultList.result", "govuk": "results", "openalex": "results", "scopus_api": "search-results.entry",
    "wordpress": "",
}  # fmt: skip
WARNINGS = {  # the recording is cut after its fifth document
    "proquest_text/proquest_first8.txt": ("the export says that it has 100 documents, 5 of them are in the file",),
    "eppi_labelled/ecec_qual_labels.tsv.gz": ("from a .gz",),
}


def recorded(path):
    return shared(f"{OPEN}/{path}").read_bytes()


def unpacked(path):
    data = recorded(path)
    return gzip.decompress(data) if path.endswith(".gz") else data


def starts(name, path):
    """How many records the file has, counted without our parsers."""
    data = unpacked(path)
    if name in STARTS:
        line = b"" if STARTS[name].startswith(b"<") else rb"(?m)(?:^|\r)(?:\xef\xbb\xbf)?"
        return len(re.findall(line + STARTS[name], data))
    if path.endswith(".xml"):
        return data.count(b"<result>")
    if name == "medline":  # blocks with a title or a number, between blank lines
        return sum(bool(re.search(rb"(?m)^(?:PMID|OID |TI  )- ", block)) for block in re.split(rb"\r?\n\s*\r?\n", data))
    if path.endswith(".tsv.gz"):
        return sum(map(bool, data.splitlines())) - 1
    if name == "table":
        return len([row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if row]) - 1
    found = json.loads(data)
    for key in filter(None, LISTS[name].split(".")):
        found = found.get(key, [found])
    return len(found) if isinstance(found, list) else 1


def test_every_recorded_file_is_listed():
    files = {path.relative_to(shared(OPEN)).as_posix() for path in shared(OPEN).rglob("*") if path.is_file()}
    assert files == {*READ, *CONVERSATIONS, *OTHERS}


@pytest.mark.parametrize("path", READ)
def test_every_record_of_every_file_is_read(path):
    name, count = READ[path]
    parsed = read(recorded(path))
    assert (parsed.format, parsed.starts, len(parsed.references), parsed.rejected) == (name, count, count, ())
    assert starts(name, path) == count
    assert parsed.warnings == WARNINGS.get(path, ())
    accounted(parsed, unpacked(path))


@pytest.mark.parametrize("path", [path for path, (name, _) in READ.items() if name in STARTS])
def test_each_reference_lies_where_its_record_begins(path):
    name, data = READ[path][0], unpacked(path)
    ends = [(reference.offset, reference.offset + reference.length) for reference in read(data).references]
    assert all(a[1] <= b[0] for a, b in pairwise(ends))
    start = re.compile(rb"(?:\xef\xbb\xbf)?" + STARTS[name])
    assert all(start.match(data[first:last]) for first, last in ends)


@pytest.mark.parametrize("path", CONVERSATIONS)
def test_every_answer_of_a_conversation_is_read(path):
    found = []
    for call in yaml.safe_load(recorded(path))["interactions"]:
        response = call["response"]
        body = response["content"] if "content" in response else response["body"]["string"]
        body = body.encode() if isinstance(body, str) else body
        data = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        parsed = read(data)
        accounted(parsed, data)
        found.append((parsed.format, len(parsed.references), len(parsed.rejected)))
    assert found == CONVERSATIONS[path]


@pytest.mark.parametrize("path", OTHERS)
def test_files_without_references_are_refused_whole_with_a_reason(path):
    data = recorded(path)
    parsed = read(data)
    assert (parsed.format, parsed.starts, parsed.references) == ("unknown", 1, ())
    [whole] = parsed.rejected
    assert whole.data == data
    assert OTHERS[path] in whole.reason


@pytest.mark.parametrize("path", [*READ, *OTHERS])
def test_no_other_format_claims_a_file(path):
    text = decode(unpacked(path))
    claimed = {known.name for known in FORMATS if known.first(text) is not None}
    assert claimed - {READ[path][0] if path in READ else None} == set()


@pytest.mark.parametrize("path", READ)
def test_what_is_written_as_ris_reads_back_the_same(path):
    references = read(recorded(path)).references
    again = ris.parse(ris.write(references)).references
    assert [bare(reference) for reference in again] == [bare(reference) for reference in references]


def bare(reference):
    """A reference without its place. RIS parts keywords at semicolons, of which DataCite has one inside a keyword."""
    keywords = tuple(part for word in reference.keywords for part in word.split("; "))
    return replace(reference, offset=0, length=0, warnings=(), keywords=keywords)


def test_lost_letters_in_eppi_exports_are_reported():
    data = recorded("eppi_labelled/asylum_excluded_150.ris")
    assert data.count("\ufffd".encode()) == 205
    assert any("U+FFFD in abstract" in reference.warnings for reference in read(data).references)
