"""A review that asks every source there is, on loopback: whole in one run, and killed again and again."""

import os
import random
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.small import make_review
from tests.shared import ROOT
from tests.sources.played.pages import SELECTORS
from tests.sources.played.playing import papers
from tests.sources.played.serving import served
from warehouse.storage import Storage

pytestmark = pytest.mark.usefixtures("prefect")

APIS = (
    "openalex", "pubmed", "europepmc", "crossref", "eric", "semanticscholar", "core", "doaj", "scopus", "wos", "datacite",
    "clinicaltrials",
)  # fmt: skip
SITES = {
    "govuk": "", "wordpress": "", "feed": "/feed/", "sitemap": "/sitemap.xml", "pages": "/search?q={query}&page={page}",
}  # fmt: skip
SEARCHED = (*APIS, *SITES)
HELD = 35
EXPORTS = {
    "cinahl.nbib": "PMID- 9100{n}\nTI  - Invented visits {n} to families in harbours.\nAU  - Okafor A\nDP  - 20{n}\n\n",
    "assia.bib": "@article{{k{n},\n title = {{Invented savings {n} of households}},\n author = {{Larsen, Jo}}\n}}\n",
    "scopus.csv": '"Invented walks {n} with grandparents","Nakamura, H.",20{n},10.5555/walks.{n}\n',
    "wos.txt": "PT J\nAU Whitlock, D\nTI Invented evenings {n} at contact centres\nPY 20{n}\nUT WOS:0000{n}\nER\n\n",
}
HEADS = {"scopus.csv": "Title,Authors,Year,DOI\n", "wos.txt": "FN Clarivate Analytics Web of Science\nVR 1.0\n"}
EACH = 7  # records of an export
AS_OF = "2026-03-01T00:00:00"
CANARY = "canary-3f9c"


def sources(server):
    """The `sources` of a protocol that names them all."""
    blocks = []
    for name in SEARCHED:
        box = "register" if name == "clinicaltrials" else "website" if name in SITES else "database"
        site = f", site: {{url: '{server.address(name)}{SITES[name]}'" if SITES.get(name, "") or name == "wordpress" else ""
        if name == "pages":
            chosen = ", ".join(f"{key}: {value}" for key, value in SELECTORS.items())
            site += f", selectors: {{{chosen}, empty: .no-results}}"
        query = "" if name in ("feed", "sitemap") else ", query: care"
        blocks.append(
            f"  - {{id: {name}, database: {name}, platform: played, box: {box}, connector: {name}, page_size: 10,"
            f" per_second: 1000, endpoint: '{server.address(name)}'{site + '}' if site else ''},"
            f" strategies: [{{id: main{query}}}]}}\n"
        )
    blocks += [f"  - {{id: {name.partition('.')[0]}-file, database: {name}, platform: file}}\n" for name in EXPORTS]
    return "".join(blocks)


def make(folder, server):
    """A review with all twelve interfaces, five websites, five exports (with the RIS of the small review), and experts."""
    review = make_review(folder)
    protocol = review / "protocol.yaml"
    text = protocol.read_text().replace("sources: ", "sources:  ", 1)
    head, _, rest = text.partition("\n  - {id: psycinfo,")
    protocol.write_text(f"{head}\n{sources(server)}  - {{id: psycinfo,{rest}")
    with (review / "imports" / "searches.yaml").open("a") as searches:
        for name, record in EXPORTS.items():
            data = HEADS.get(name, "") + "".join(record.format(n=10 + number) for number in range(EACH))
            (review / "imports" / name).write_text(data)
            searches.write(f"  - {{source: {name.partition('.')[0]}-file, files: [{name}], searched_on: 2026-01-01}}\n")
    return review


@pytest.fixture(scope="module")
def server():
    with served({name: papers(HELD, seed=number) for number, name in enumerate(SEARCHED, 1)}) as one:
        yield one


def environment():
    from prefect.settings import PREFECT_API_URL

    keys = {
        f"EVIMAP_{name}_KEY": f"{CANARY}-{name.lower()}"
        for name in ("OPENALEX", "PUBMED", "SEMANTICSCHOLAR", "CORE", "SCOPUS", "WOS")
    }
    return {**os.environ, **keys, "EVIMAP_EMAIL": f"{CANARY}@example.org", "EVIMAP_PRIVATE_HOSTS": "127.0.0.1",
            "PREFECT_API_URL": str(PREFECT_API_URL.value())}  # fmt: skip


def start(review, root, command="tests.flows.quick"):
    command = [sys.executable, "-m", command, "refresh", str(review), "--data", str(root), "--as-of", AS_OF]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(review, root, command="tests.flows.quick"):
    process = start(review, root, command)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def table(root, name):
    return pq.read_table(Storage(root, "small").current().path(name)).to_pylist()


@pytest.fixture(scope="module")
def undisturbed(server, prefect, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    review, root = make(folder / "small", server), folder / "data"
    server.asked.clear()
    said = run(review, root, "flows.cli")
    return review, root, said, dict(server.asked)


def test_every_source_gives_all_it_has_in_one_run(undisturbed):
    _, root, said, _ = undisturbed
    searches = {row["source_id"]: row for row in table(root, "staging.search")}
    for name in SEARCHED:
        row = searches[name]
        assert (row["delivered"], row["got"], row["new"], row["quarantined"]) == (HELD, HELD, HELD, 0), name
        assert row["hits"] in (HELD, None), name
        assert row["searched_on"] == datetime.fromisoformat(AS_OF).date()
    for name in EXPORTS:
        assert searches[f"{name.partition('.')[0]}-file"]["got"] == EACH, name
    assert len(searches) == len(SEARCHED) + len(EXPORTS) + 3
    assert len(table(root, "staging.record")) == HELD * len(SEARCHED) + EACH * len(EXPORTS) + 15
    assert f"{HELD * len(SEARCHED):,} records from {len(SEARCHED)} searches" in " ".join(said.split())


@pytest.mark.fault(37)
def test_no_key_is_in_any_file_or_in_the_database_of_prefect(undisturbed):
    _, root, said, _ = undisturbed
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL as DATABASE

    assert CANARY not in said
    database = Path(str(DATABASE.value()).partition("///")[2])
    assert any(b"search openalex" in path.read_bytes() for path in database.parent.iterdir()), "it is that one"
    for folder in (root, database.parent, Path(os.environ["PREFECT_HOME"])):
        for path in folder.rglob("*"):
            assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


@pytest.mark.fault(4)
def test_a_second_refresh_finds_nothing_new_and_publishes_nothing(undisturbed):
    review, root, _, _ = undisturbed
    before = Storage(root, "small").current().id
    command = [sys.executable, "-m", "tests.flows.quick", "refresh", str(review), "--data", str(root), "--as-of", "2026-04-01"]
    again = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    assert f"unchanged: release {before}" in again.stdout.replace("\n", " ")
    logged = Storage(root, "small").log.read("search").to_pylist()
    assert {row["source_id"] for row in logged if row["as_of"].month == 4} == {*SEARCHED}
    since = {row["source_id"]: row["since"] for row in logged if row["as_of"].month == 4}
    assert str(since["crossref"]) == "2026-02-15", "a fortnight's overlap"


STAGES = ("sources", "records", "dedup", "screening", "extraction", "marts")  # a kill after the line of each


@pytest.mark.fault(1, 3)
@pytest.mark.parametrize(
    ("while_asked", "while_made"), [(1, 1), pytest.param(7, 3, marks=pytest.mark.soak)], ids=["twice", "ten times"]
)
def test_killed_at_random_moments_it_ends_with_the_same_release(server, undisturbed, tmp_path, while_asked, while_made):
    """Killed while the sources are asked, and while the release is made."""
    review, root, _, whole = undisturbed
    mine = tmp_path / "data"
    server.asked.clear()
    chance = random.Random(1968)
    for _ in range(while_asked):
        process = start(review, mine)
        countdown = chance.randint(1, 6)

        def before(_name, _asked, process=process):
            nonlocal countdown
            countdown -= 1
            if countdown == 0:
                os.kill(process.pid, signal.SIGKILL)

        server.before = before
        process.communicate(timeout=300)
        server.before = None
        assert process.returncode == -signal.SIGKILL
    for stage in chance.sample(STAGES, while_made):
        process = start(review, mine)
        while not (line := process.stdout.readline()).startswith(stage):
            assert line, f"ended before {stage}"
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=300)
        assert process.returncode == -signal.SIGKILL
    run(review, mine)
    assert Storage(mine, "small").current().id == Storage(root, "small").current().id
    for name, asked in whole.items():
        assert server.asked[name] <= asked + while_asked + while_made, f"{name}: more than one page asked again for a kill"
