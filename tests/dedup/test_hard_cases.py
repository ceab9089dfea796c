"""The cases that make or break de-duplication, each on invented papers: what must merge, and what must not."""

from __future__ import annotations

import pytest

ONE = {frozenset({"a", "b"})}
TWO = {frozenset({"a"}), frozenset({"b"})}


def test_same_paper_in_two_house_styles_is_one(paper, groups):
    other = paper(
        "b", title="KINSHIP NAVIGATOR PROGRAMMES AND PLACEMENT STABILITY AMONG CHILDREN IN NORTHUMBRIA.",
        authors=["Harrowgate M", "Okonjo-Bell T", "Lindqvist P"], journal="J Child Placement Stud", pages="211-28",
        doi=None, abstract=None,
    )  # fmt: skip
    assert groups([paper("a"), other]) == ONE


def test_unrelated_papers_stay_apart(paper, groups):
    other = paper(
        "b", title="Respite care for foster families: a trial", authors=["Quillon, B."], doi="10.5555/x.1", pages="1-9"
    )
    assert groups([paper("a"), other]) == TWO


def test_doi_of_a_whole_supplement_is_no_evidence(sparse, groups):
    meeting = {"doi": "10.5555/suppl.77", "year": 2015, "journal": "Annals of Invented Medicine", "volume": "8", "pages": "S12"}
    a = sparse("a", title="Effects of doll therapy on sleep in toddlers", authors=["Arkwright, J."], **meeting)
    b = sparse("b", title="Effects of doll therapy on speech in infants", authors=["Bellweather, K."], **meeting)
    c = sparse("c", title="A register of foster homes in Westmarch", authors=["Crane, L."], **meeting)
    assert groups([a, b, c]) == {frozenset("a"), frozenset("b"), frozenset("c")}


def test_meeting_abstract_is_not_the_article(paper, groups):
    abstract = paper(
        "b", volume="19 (Supplement 1)", issue=None, pages="S88-S89", doi=None, abstract="Poster. We followed families."
    )
    assert groups([paper("a", doi=None), abstract]) == TWO


def test_same_abstract_at_two_meetings_stays_two(paper, groups):
    a = paper(
        "a", journal="Child Care. Conference: Oslo", volume="3", issue=None, pages="A12", doi="10.5555/oslo.12", year=2013
    )
    b = paper("b", journal="Placement. Conference: Rome", volume="41", issue=None, pages="77", doi="10.5555/rome.77", year=2014)
    assert groups([a, b]) == TWO


def test_abstract_at_two_meetings_of_journals_with_like_names_stays_two(paper, groups):
    bare = {"pages": None, "doi": None}
    a = paper("a", journal="Journal of Placement Studies", volume="37 (2)", issue=None, **bare)
    b = paper("b", journal="Journal of Child Placement Studies. Conference: Oslo", volume="198", issue="1 Supplement 1", **bare)
    assert groups([a, b]) == TWO


def test_meeting_abstract_with_a_record_that_gives_no_place_in_the_volume(paper, groups):
    abstract = paper("a", volume="19 (Supplement 1)", issue=None, pages="S88", doi=None)
    bare = {"issue": None, "pages": None, "doi": None, "abstract": None}
    assert groups([abstract, paper("b", **bare)]) == ONE
    assert groups([abstract, paper("b", **{**bare, "pages": "211-228"})]) == TWO


def test_editorials_of_two_issues_stay_apart(sparse, groups):
    common = {"title": "Editorial", "authors": ["Harrowgate, M."], "year": 2014, "journal": "Placement", "volume": "19"}
    assert groups([sparse("a", issue="1", pages="1-2", **common), sparse("b", issue="2", pages="101-102", **common)]) == TWO


def test_editorials_on_the_first_page_of_every_issue_stay_apart(sparse, groups):
    common = {"title": "Editorial", "authors": ["Harrowgate, M."], "year": 2014, "journal": "Placement", "pages": "1-2"}
    assert groups([sparse("a", volume="19", issue="1", **common), sparse("b", volume="19", issue="2", **common)]) == TWO
    later = {**common, "year": 2015}
    assert groups([sparse("a", volume="19", **common), sparse("b", volume="20", **later)]) == TWO


def test_yearly_statistics_under_one_title_stay_apart(sparse, groups):
    common = {"title": "Children looked after in Northumbria: yearly statistics", "journal": "Northumbria Statistics"}
    assert groups([sparse("a", year=2016, **common), sparse("b", year=2017, **common)]) == TWO
    assert groups([sparse("a", year=2016, **common), sparse("b", year=2018, **common)]) == TWO


def test_editorial_at_the_same_place_is_one(sparse, groups):
    common = {"title": "Editorial", "authors": ["Harrowgate, M."], "year": 2014, "volume": "19", "issue": "1", "pages": "1-2"}
    assert groups([sparse("a", journal="Placement", **common), sparse("b", journal="Placement.", **common)]) == ONE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Kinship care in Northumbria, part 1: what carers told us",
            "Kinship care in Northumbria, part 2: what carers told us",
        ),
        (
            "Kinship care in Northumbria. II. What the carers told us",
            "Kinship care in Northumbria. III. What the carers told us",
        ),
        (
            "Kinship care in Northumbria, part A: what carers told us",
            "Kinship care in Northumbria, part B: what carers told us",
        ),
        (
            "Placement of children in 2011 in the county of Northumbria",
            "Placement of children in 2012 in the county of Northumbria",
        ),
    ],
)
def test_parts_and_numbers_tell_papers_apart(paper, groups, one, other):
    bare = {"doi": None, "pages": None, "issue": None, "abstract": None}
    assert groups([paper("a", title=one, **bare), paper("b", title=other, **bare)]) == TWO


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Respite care in Northumbria: a review of the north", "Respite care in Northumbria: a review of the fens"),
        ("Melatonin against poor sleep of foster children: a trial", "Valerian against poor sleep of foster children: a trial"),
        (
            "Effects of early respite care on growth and sleep of boys in foster homes of the county of Northumbria",
            "Effects of early respite care on growth and sleep of girls in foster homes of the county of Northumbria",
        ),
    ],
)
def test_regions_and_drugs_tell_papers_apart(paper, groups, one, other):
    a = paper("a", title=one, doi="10.5555/fens.1", pages="11-20", abstract=None)
    b = paper("b", title=other, doi="10.5555/fens.2", pages="21-30", abstract=None)
    assert groups([a, b]) == TWO
    bare = {"doi": None, "pages": None, "abstract": None}
    assert groups([{**a, **bare}, {**b, **bare}]) == TWO


def test_part_that_was_given_the_doi_of_another_part(paper, groups):
    title = "Kinship navigator programmes in Northumbria under section {} of the act: a cohort study"
    bare = {"pages": None, "abstract": None}
    assert groups([paper("a", title=title.format(17), **bare), paper("b", title=title.format(47), **bare)]) == TWO


def test_single_letter_that_looks_like_a_numeral(paper, groups):
    bare = {"doi": None, "abstract": None}
    a = paper("a", title="Stress of foster parents acts through G(i/o) proteins in the county of Northumbria", **bare)
    b = paper("b", title="Stress of foster parents acts through Gi/o proteins in the county of Northumbria", **bare)
    assert groups([a, b]) == ONE


def test_ions_are_written_in_many_ways(paper, groups):
    bare = {"doi": None, "abstract": None}
    a = paper("a", title="Ca(2+) signalling in the hands of foster parents under stress", **bare)
    b = paper("b", title="Ca2+ signaling in the hands of foster parents under stress", **bare)
    assert groups([a, b]) == ONE


@pytest.mark.parametrize("word", ["Erratum: ", "Reply to: ", "Comment on: ", "Protocol for "])
def test_piece_about_a_paper_is_not_the_paper(paper, groups, word):
    piece = paper("b", title=word + paper("a")["title"], pages=None, issue=None, doi=None, abstract=None)
    assert groups([paper("a"), piece]) == TWO


def test_correction_named_only_by_what_it_corrects(paper, groups):
    piece = paper("b", title=paper("a")["title"] + " (vol 19, pg 211, 2014)", pages=None, issue=None, doi=None, abstract=None)
    assert groups([paper("a"), piece]) == TWO


def test_correction_is_one_paper_and_not_the_paper_it_corrects(paper, groups):
    place = {"pages": "301", "issue": "4", "doi": "10.5555/jcps.2014.0301", "abstract": None}
    title = paper("a")["title"]
    one = paper("a", title=f"Erratum: {title} (Journal of Child Placement Studies (2014) 19 (211-228))", **place)
    other = paper("b", title=f"{title} (vol 19, pg 211, 2014)", authors=["Anonymous"], **place)
    assert groups([one, other]) == ONE
    assert groups([one, other, paper("c")]) == {frozenset({"a", "b"}), frozenset({"c"})}


def test_correction_on_the_last_page_of_the_paper(paper, groups):
    bare = {"doi": None, "abstract": None}
    assert groups([paper("a", **bare), paper("b", title="Correction: " + paper("a")["title"], **bare)]) == TWO


def test_retracted_paper_is_still_the_paper(paper, groups):
    assert groups([paper("a"), paper("b", title="RETRACTED: " + paper("a")["title"], doi=None)]) == ONE


@pytest.mark.parametrize(
    "title",
    [
        "[Kinship navigator programmes and placement stability among children in Northumbria]",
        "Kinship navigator programmes and placement stability among children in Northumbria. [Norwegian]",
        "Kinship navigator programmes and placement stability among children in Northumbria. Norwegian Slektsomsorg",
        "Slektsomsorg og stabilitet. [Kinship navigator programmes and placement stability among children in Northumbria]",
        "Kinship navigator programmes and placement in Northumbria <ORIGINAL> SLEKTSOMSORG OG STABILITET I PLASSERINGER",
    ],
)
def test_translated_title_with_its_original(paper, groups, title):
    assert groups([paper("a", doi=None), paper("b", title=title, doi=None, abstract=None)]) == ONE


def test_translated_title_alone_needs_authors_and_place(paper, groups):
    translated = {"title": "[Slektsomsorg og stabilitet i plasseringer for barn]", "doi": None, "abstract": None}
    assert groups([paper("a", doi=None), paper("b", **translated)]) == ONE
    assert groups([paper("a", doi=None), paper("b", pages="310-320", **translated)]) == TWO


def test_titles_in_two_languages_need_both_pages_and_the_issue(paper, groups):
    other = {"title": "Slektsomsorg og stabilitet i plasseringer for barn", "doi": None, "abstract": None}
    assert groups([paper("a"), paper("b", **other)]) == ONE
    assert groups([paper("a"), paper("b", issue=None, **other)]) == TWO
    assert groups([paper("a"), paper("b", **{**other, "pages": "211-212"})]) == TWO


def test_two_titles_of_one_abstract_at_one_place(paper, groups):
    abstract = "We followed 412 children placed with kin over three years and compared how often they moved. " * 5
    other = {"title": "What helps kin to keep a child? First results", "doi": None, "issue": None}
    assert groups([paper("a", abstract=abstract), paper("b", abstract=abstract, **other)]) == ONE
    assert groups([paper("a", abstract=abstract[:150]), paper("b", abstract=abstract[:150], **other)]) == TWO


def test_paper_that_its_journal_printed_twice(paper, groups):
    text = "Of 612 families in Northumbria 211 met a navigator within a week, and the others after three months. " * 4
    again = {"doi": "10.5555/again.9", "volume": "20", "pages": "31-48", "year": 2015, "abstract": text}
    assert groups([paper("a", abstract=text), paper("b", **again)]) == ONE
    assert groups([paper("a", abstract=text), paper("b", **{**again, "abstract": text.replace("211", "87")})]) == TWO
    assert groups([paper("a", abstract=text), paper("b", **{**again, "issue": "4"})]) == TWO
    assert groups([paper("a", abstract=text), paper("b", **{**again, "journal": "Annals of Invented Medicine"})]) == TWO


def test_missing_subtitle(paper, groups):
    long = paper("a", title="Kinship navigators in the north: a mixed-methods study of placement stability", doi=None)
    short = paper("b", title="Kinship navigators in the north", doi=None, abstract=None)
    assert groups([long, short]) == ONE


def test_same_main_title_with_two_subtitles_stays_two(paper, groups):
    bare = {"doi": None, "abstract": None, "issue": None, "pages": "265"}
    main = "Kinship navigator programmes as a first help for relatives of children at risk"
    assert (
        groups([paper("a", title=f"{main}: review procedures", **bare), paper("b", title=f"{main}: results for girls", **bare)])
        == TWO
    )


def test_preprint_with_its_own_doi_is_not_the_article(paper, groups):
    preprint = paper("b", journal="InventXiv", volume=None, issue=None, pages=None, doi="10.5555/inventxiv.2013.7", year=2013)
    assert groups([paper("a"), preprint]) == TWO


def test_missing_doi_and_place_buried_in_the_journal(paper, groups):
    buried = paper(
        "b", journal="Journal of Child Placement Studies. 19 (3) ()(pp 211-228) 2014", volume=None, issue=None, pages=None,
        doi=None,
    )  # fmt: skip
    assert groups([paper("a"), buried]) == ONE


@pytest.mark.parametrize(
    "damage",
    [
        {"doi": "https://doi.org/10.5555/JCPS.2014.0193"},
        {"doi": None, "pages": "p. 211"},
        {"doi": None, "volume": "19)"},
        {"doi": None, "authors": ["Harrowgate M.Okonjo-Bell T.Lindqvist P."]},
        {"doi": None, "pages": "11-Feb"},
        {"doi": None, "pages": "228"},
        {"doi": None, "pages": "Suppl-228"},
        {"doi": None, "pages": "211-28, 300-17", "issue": None},
        {"doi": None, "volume": "2014", "pages": None},
        {"doi": None, "authors": ["HARROWGATE MOKONJO-BELL TLINDQVIST P"]},
        {"doi": None, "authors": ["Harrowgat, M.", "Okonjo-Bell, T.", "Lindqvist, P."]},
        {"doi": "10.5555/10.5555/jcps.2014.0193", "journal": "Studies"},
        {"doi": "10.5555/jcps_2014.0193", "journal": "Studies", "pages": None},
        {"doi": "10.5555/jcps.2014.0193 [pii];JCPS-19-211 [pii]"},
        {"doi": "10.5555/jcps.2014.0193.001", "pages": None},
        {"doi": None, "url": "http://resolver.example/?id=10.5555%2Fjcps.2014.0193&rft.date=2014", "pages": None},
    ],
)
def test_damaged_field_does_not_hide_a_duplicate(paper, groups, damage):
    assert groups([paper("a"), paper("b", abstract=None, **damage)]) == ONE


def test_pages_that_a_spreadsheet_took_for_a_day(paper, groups):
    bare = {"doi": None, "abstract": None, "volume": None, "issue": None, "year": 2014}
    damaged = paper("a", pages="06-Oct", **bare)
    for pages in ("06-Oct", "Oct-06", "6-10"):
        assert groups([damaged, paper("b", pages=pages, **{**bare, "year": 2015})]) == ONE, pages


def test_dois_of_one_paper_that_name_its_form(paper, groups):
    doi = "10.1002/(SICI)1099-1077(200004)15:3<199::AID-HUP163>3.{}.CO;2-{}"
    other = paper("b", doi=doi.format(3, "K"), journal="Placement", pages=None)
    assert groups([paper("a", doi=doi.format(0, "T")), other]) == ONE


def test_companion_papers_where_each_paper_is_paged_from_one(paper, groups):
    place = {"pages": "1-8", "issue": None, "doi": None, "abstract": None}
    title = "Kinship navigator programmes and placement stability among {} in the county of Northumbria"
    assert groups([paper("a", title=title.format("boys"), **place), paper("b", title=title.format("girls"), **place)]) == TWO


@pytest.mark.parametrize(
    "journal",
    [
        "J Child Placement Stud",
        "Journal of Child Placement Studies (Northumbria)",
        "J Child Placement Stud Part A",
        "JOURNAL OF CHILD PLACEMENT STUDIES-RESEARCH AND PRACTICE",
    ],
)
def test_journal_names_of_one_journal(paper, groups, journal):
    typed = {"doi": "10.5555/typed.1", "abstract": None, "title": paper("a")["title"].replace("programmes", "program")}
    assert groups([paper("a"), paper("b", journal=journal, **typed)]) == ONE


def test_pages_differ_in_one_volume(paper, groups):
    bare = {"doi": None, "abstract": None, "pages": "265-281"}
    assert groups([paper("a"), paper("b", **bare)]) == ONE
    assert groups([paper("a"), paper("b", **{**bare, "issue": "4"})]) == TWO
    assert groups([paper("a"), paper("b", **{**bare, "pages": "S26"})]) == TWO


def test_title_lost_by_a_spreadsheet(paper, groups):
    assert groups([paper("a"), paper("b", title="#NAME?", doi=None)]) == ONE


def test_differing_pubmed_ids_part_and_equal_ones_join(paper, groups):
    bare = {"doi": None, "issue": None, "pages": None, "volume": None}
    assert groups([paper("a", pmid="111", **bare), paper("b", pmid="222", **bare)]) == TWO
    assert groups([paper("a", pmid="111", **bare), paper("b", pmid="111", title="[Slektsomsorg og stabilitet]", **bare)]) == ONE


def test_thesis_is_not_the_article_of_the_same_title(paper, groups):
    thesis = paper("b", type="thesis", journal=None, volume=None, issue=None, pages=None, doi=None, abstract=None)
    assert groups([paper("a", journal=None, volume=None, issue=None, pages=None, doi=None), thesis]) == TWO


def test_report_without_a_journal_needs_title_authors_and_year(sparse, groups):
    common = {"title": "Keeping brothers and sisters together: lessons from five councils", "authors": ["Harrowgate, Miriam"]}
    assert groups([sparse("a", year=2016, url="http://a.example/r.pdf", **common), sparse("b", year=2016, **common)]) == ONE
    assert groups([sparse("a", year=2016, **common), sparse("b", year=2018, **common)]) == TWO


def test_conference_paper_dated_by_the_meeting_and_by_its_proceedings(sparse, groups):
    title = "Keeping brothers and sisters together: lessons from five councils in the north"
    authors = ["Harrowgate, Miriam", "Lindqvist, Per"]
    a, b = sparse("a", title=title, authors=authors, year=2016), sparse("b", title=title, authors=authors, year=2017)
    assert groups([a, b]) == ONE
    board = {"title": title, "authors": ["Northumbria Children's Board"]}
    assert groups([sparse("a", year=2016, **board), sparse("b", year=2017, **board)]) == TWO


def test_annual_reports_of_two_years_stay_apart(sparse, groups):
    a = sparse("a", title="Annual report 2016", authors=["Northumbria Children's Board"], year=2017)
    b = sparse("b", title="Annual report 2017", authors=["Northumbria Children's Board"], year=2017)
    assert groups([a, b]) == TWO


def test_identical_sparse_records_merge(sparse, groups):
    assert groups([sparse("a", title="Untitled poster"), sparse("b", title="Untitled poster")]) == ONE


def test_records_that_say_nothing_do_not_merge(sparse, groups):
    assert groups([sparse("a"), sparse("b")]) == TWO
    assert groups([sparse("a", year=2014), sparse("b", year=2014)]) == TWO


def test_chain_through_a_sparse_record_does_not_join_what_a_veto_parts(paper, groups):
    a = paper("a", doi="10.5555/one.1", issue="1", pages=None, abstract=None)
    b = paper("b", doi="10.5555/two.2", issue="2", pages=None, abstract=None)
    middle = paper("m", doi=None, issue=None, pages=None, abstract=None)
    found = groups([a, b, middle])
    assert {"a", "b"} not in [ids & {"a", "b"} for ids in found]
    assert len(found) == 2


def test_non_latin_titles_are_compared(paper, groups):
    bare = {"doi": None, "abstract": None, "journal": "Вопросы опеки"}
    title = "Родственная опека и устойчивость устройства детей в приёмных семьях"
    authors = ["Иванова, А. Н.", "Кузнецов, П."]
    one = paper("a", title=title, authors=authors, **bare)
    assert groups([one, paper("b", title=title.upper() + ".", authors=authors, **bare)]) == ONE
    other = "Медицинская помощь детям, оставшимся без попечения родителей"
    assert groups([one, paper("b", title=other, authors=["Петрова, Е."], **{**bare, "pages": "1-9"})]) == TWO
