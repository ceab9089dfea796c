"""One small query to each interface as it is today (``pytest -m live``, keys in the environment); else to the played ones."""

import socket
from urllib.parse import urlsplit

import pytest

from tasks.formats import detect
from tasks.sources.connector import Query
from tasks.sources.http import Client
from tasks.sources.pace import Pace
from tasks.sources.registry import CONNECTORS
from tests.sources.played.playing import papers
from tests.sources.played.serving import served

TEXTS = {
    "openalex": '"kinship care" AND reunification',
    "pubmed": '"kinship care"[ti] AND reunification', "crossref": "kinship care",
    "europepmc": 'TITLE:"kinship care" AND reunification', "eric": '"kinship care"', "semanticscholar": '"kinship care"',
    "core": 'title:"kinship care"', "doaj": '"kinship care"', "scopus": 'TITLE("kinship care")', "wos": 'TI=("kinship care")',
    "datacite": "kinship care", "clinicaltrials": "kinship care", "govuk": "kinship care",
}  # fmt: skip
REQUESTS = 4  # a search, its slices and a page at most


def first_page(name, client, endpoint):
    """Hits of the search, and its first page with records as the connector's format reads it."""
    connector = CONNECTORS[name]
    query = Query(endpoint, TEXTS[name], page_size=10)
    steps, hits = list(connector.begin(query)), None
    for _ in range(REQUESTS):
        step, bodies = steps.pop(0), []

        def accept(response, step=step, bodies=bodies):
            turn = connector.follow(query, step, response)
            bodies[:] = [response.body]
            return turn

        turn = client.send(step.request, accept)
        hits = turn.hits if hits is None else hits
        if turn.ids:
            return hits, turn.ids, detect.read(bodies[0], connector.format)
        steps = [*turn.steps, *steps]
    raise AssertionError(f"{name}: no records in {REQUESTS} answers")


def judge(hits, ids, parsed):
    assert hits is None or hits >= len(ids)
    assert parsed.rejected == ()
    assert len(parsed.references) == len(ids)
    assert any(one.title and one.accession for one in parsed.references)


@pytest.mark.live
@pytest.mark.enable_socket
@pytest.mark.parametrize("name", TEXTS)
def test_the_interface_of_today(name, keys):
    connector = CONNECTORS[name]
    missing = [one.variable for one in connector.credentials if one.required and one.variable not in keys]
    if missing:
        pytest.skip(f"{name} answers nothing without {', '.join(missing)}")
    try:
        socket.create_connection((urlsplit(connector.home).hostname, 443), timeout=10).close()
    except OSError as error:
        pytest.skip(f"no network: {error}")
    client = Client(Pace(connector.rate), connector.credentials, keys, connector.trouble, reads=connector.reads)
    try:
        judge(*first_page(name, client, connector.home))
    finally:
        client.close()


@pytest.fixture(scope="module")
def server():
    with served({name: papers(25, seed=number) for number, name in enumerate(TEXTS, 1)}) as one:
        yield one


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_asked_of_the_interfaces_works_on_the_played_ones(name, server):
    connector = CONNECTORS[name]
    credentials = {one.variable: "key" for one in connector.credentials}
    client = Client(Pace(connector.rate), connector.credentials, credentials, connector.trouble, private_hosts=["127.0.0.1"])
    try:
        hits, ids, parsed = first_page(name, client, server.address(name))
    finally:
        client.close()
    judge(hits, ids, parsed)
    assert hits == 25


def test_each_interface_is_asked():
    asked = {name for name, connector in CONNECTORS.items() if connector.kind in ("database", "register")}
    assert asked <= set(TEXTS)
