"""Citation chasing at a played OpenAlex: what the included papers cite, and what cites them."""

import json
from dataclasses import replace

import pytest

from tasks.sources.citations import CONNECTOR, faults
from tasks.sources.connector import Broken, Expired, Query, Refused, Response, Seed
from tasks.sources.harvest import Harvest
from tasks.sources.journal import Journal
from tests.sources.played.agreeing import agree, references
from tests.sources.played.citations import make
from tests.sources.played.openalex import cited, pmid, work_id
from tests.sources.played.playing import Answer, papers
from tests.sources.played.running import asked, run
from warehouse.archive import Raw
from warehouse.configuration.sources import Source, Strategy

BASE = "https://played.invalid"
HELD = papers(1200)
NUMBERS = [paper.number for paper in HELD]
BY_DOI = {paper.number: Seed(doi=paper.doi.upper()) for paper in HELD}
PLAYED = make(HELD, BASE)


def chased(seeds, direction, **changes):
    return run(CONNECTOR, replace(Query(BASE, seeds=tuple(seeds), direction=direction), **changes), PLAYED)


def cited_by(numbers):
    return {work_id(one) for number in numbers for one in cited(number)}


def citing(numbers):
    wanted = set(numbers)
    return {work_id(number) for number in NUMBERS if wanted & set(cited(number))}


@pytest.mark.parametrize("numbers", [[7], [600, 601], range(2, 53), range(1000, 1200), NUMBERS])
def test_all_works_that_the_papers_cite(numbers):
    ran = chased((BY_DOI[number] for number in numbers), "backward")
    assert set(ran.ids) == cited_by(numbers)
    assert [note for note in ran.notes if "not in OpenAlex: " in note] == []


@pytest.mark.parametrize("numbers", [[7], [600], range(2, 53), range(1, 130), NUMBERS])
def test_all_works_that_cite_the_papers(numbers):
    ran = chased((BY_DOI[number] for number in numbers), "forward")
    assert set(ran.ids) == citing(numbers)
    assert ran.notes == []


def test_a_paper_that_nothing_cites():
    assert chased([BY_DOI[1199]], "forward").ids == []


def test_no_papers_ask_nothing():
    assert chased([], "forward") == run(CONNECTOR, Query(BASE, direction="backward"), PLAYED)
    assert chased([], "forward").asked == 0


@pytest.mark.parametrize(
    "seed",
    [
        Seed(doi="https://doi.org/10.5555/PLAYED.40"), Seed(pmid=pmid(40)), Seed(openalex=work_id(40)),
        Seed(openalex=f"https://openalex.org/{work_id(40)}"), Seed(doi="10.5555/other.1", pmid=pmid(40)),
        Seed(openalex="W1", doi="10.5555/played.40"), Seed(openalex="W1", doi="10.5555/other.1", pmid=pmid(40)),
        Seed(doi="10.5555/a,b", pmid=pmid(40)),
    ],
)  # fmt: skip
def test_a_paper_is_found_by_whichever_identifier_is_known(seed):
    ran = chased([seed], "forward")
    assert (set(ran.ids), ran.notes) == (citing([40]), [])


def test_papers_that_are_not_there_are_named():
    lost = [Seed(doi="10.5555/other.1"), Seed(pmid="99"), Seed(doi="10.5555/other.2", pmid="98"), Seed(doi="10.5555/a,b")]
    ran = chased([BY_DOI[7], *lost, BY_DOI[9]], "forward")
    assert set(ran.ids) == citing([7, 9])
    said = "\n".join(ran.notes)
    assert len(ran.notes) == 4
    assert all(name in said for name in ("10.5555/other.1", "pmid:99", "10.5555/other.2", "10.5555/a,b"))


def test_papers_without_any_identifier_that_can_be_asked_for():
    with pytest.raises(Refused, match="none of the included papers"):
        chased([Seed(doi="10.5555/a,b"), Seed()], "forward")


def test_cited_works_that_are_gone_are_counted():
    [note] = chased([BY_DOI[7]], "backward").notes
    assert note.startswith("1 of 4 cited works")
    assert chased([BY_DOI[7]], "backward", from_year=1900).notes == []


def test_years_and_filters_limit_the_works_but_not_the_papers():
    recent = {work_id(paper.number) for paper in HELD if paper.year > 2010}
    ran = chased([BY_DOI[number] for number in range(2, 40)], "forward", from_year=2011, filters={"type": "article"})
    assert set(ran.ids) == citing(range(2, 40)) & recent
    assert ran.ids


def test_long_dois_are_asked_for_in_smaller_batches():
    seeds = [Seed(doi=f"10.5555/{'long' * 40}.{number}") for number in range(50)]
    query = Query(BASE, seeds=tuple(seeds), direction="forward")
    steps = CONNECTOR.begin(query)
    assert len(steps) == 3
    assert {doi for step in steps for doi in dict(step.request.params)["filter"][4:].split("|")} == {seed.doi for seed in seeds}
    assert len({step.slice for step in steps}) == 3


def test_more_works_with_the_same_dois_than_a_page_holds():
    twins = [replace(paper, number=paper.number + 2000 * copy) for copy in range(3) for paper in HELD[:60]]
    query = Query(BASE, seeds=tuple(BY_DOI[number] for number in range(1, 51)), direction="forward")
    ran = run(CONNECTOR, query, make([*HELD[60:], *twins], BASE))
    assert work_id(61) in ran.ids
    assert set(ran.ids) >= {work_id(number) for number in NUMBERS[60:] if set(cited(number)) & set(range(1, 51))}
    assert ran.notes == []


@pytest.mark.parametrize("direction", ["backward", "forward"])
def test_a_harvest_keeps_only_pages_of_works(tmp_path, direction):
    def send(request, accept):
        return accept(Response(200, request.url, {}, PLAYED(asked(request, BASE)).body))

    query = Query(BASE, seeds=tuple(BY_DOI[number] for number in range(2, 130)), direction=direction)
    journal = Journal(tmp_path / "journal.jsonl")
    done = Harvest(CONNECTOR, query, send, Raw(tmp_path / "raw"), journal, lambda _got, _hits: None).run()
    wanted = citing(range(2, 130)) if direction == "forward" else cited_by(range(2, 130))
    assert (done.delivered, done.hits) == (len(wanted), None)
    bodies = [Raw(tmp_path / "raw").get(page.raw) for page in done.pages]
    assert {one.accession for one in references(bodies, "openalex")} == wanted


def test_the_papers_themselves_are_not_kept_and_hits_are_not_added_up():
    ran = chased([BY_DOI[number] for number in range(2, 80)], "forward")
    assert ran.hits == {}
    agree_with = {one.doi: one for one in references(ran.pages, "openalex")}
    agree(list(agree_with.values()), [paper for paper in HELD if work_id(paper.number) in set(ran.ids)], given_first=True)


def test_slices_do_not_mix():
    query = Query(BASE, seeds=tuple(BY_DOI.values()), direction="forward")
    first = [step.slice for step in CONNECTOR.begin(query)]
    assert len(set(first)) == len(first) == 24
    step = CONNECTOR.begin(query)[0]
    answer = PLAYED(asked(step.request, BASE))
    turn = CONNECTOR.follow(query, step, Response(200, BASE, {}, answer.body))
    assert (turn.keep, turn.hits) == (False, None)
    assert all(following.slice.startswith(f"{step.slice}, forward") for following in turn.steps)


def _page(count, ids, cursor):
    works = [{"id": f"https://openalex.org/W{one}"} for one in ids]
    return json.dumps({"meta": {"count": count, "next_cursor": cursor}, "results": works}).encode()


def _works_step():
    query = Query(BASE, seeds=(BY_DOI[2],), direction="forward")
    answer = PLAYED(asked(CONNECTOR.begin(query)[0].request, BASE))
    return query, CONNECTOR.follow(query, CONNECTOR.begin(query)[0], Response(200, BASE, {}, answer.body)).steps[0]


def test_a_batch_that_ends_too_early_is_asked_again():
    query, step = _works_step()
    with pytest.raises(Expired, match="2 of 300"):
        CONNECTOR.follow(query, step, Response(200, BASE, {}, _page(300, [1, 2], None)))
    with pytest.raises(Broken, match="empty page"):
        CONNECTOR.follow(query, step, Response(200, BASE, {}, _page(300, [], "abc")))


def test_a_few_works_that_are_missing_are_told():
    query, step = _works_step()
    turn = CONNECTOR.follow(query, step, Response(200, BASE, {}, _page(100, range(99), None)))
    assert turn.notes == ("99 of 100 works of a batch came",)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error": "x"}', b'{"meta": {}, "results": []}'])
def test_a_body_that_is_no_page_is_asked_for_again(body):
    query = Query(BASE, seeds=(BY_DOI[2],), direction="forward")
    for step in (CONNECTOR.begin(query)[0], _works_step()[1]):
        with pytest.raises(Broken):
            CONNECTOR.follow(query, step, Response(200, BASE, {}, body))


def test_an_error_of_the_service_is_told():
    def refusing(_asked):
        return Answer(b'{"error": "Invalid query parameters error.", "message": "no such field"}', 400)

    with pytest.raises(Refused, match="no such field"):
        run(CONNECTOR, Query(BASE, seeds=(BY_DOI[2],), direction="forward"), refusing)


def test_faults_of_the_configuration():
    source = Source(
        id="c", database="OpenAlex", box="citation", connector="citations", strategies=(Strategy(direction="forward"),)
    )
    assert faults(source, Strategy(direction="forward", filters={"type": "article"})) == []
    assert "leave it out" in faults(source, Strategy(direction="forward", query="x"))[0]
    assert "comma" in faults(source, Strategy(direction="forward", filters={"type": "a,b"}))[0]
    assert CONNECTOR.needs == ("direction",)
