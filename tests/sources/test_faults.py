"""Every connector against answers that are not what its source gives when all is well: refused, or nothing is lost."""

import json
import random
from importlib import import_module

import pytest

from tasks.sources.connector import Broken, Expired, Query, Refused, Response, Seed, TryLater
from tasks.sources.registry import CONNECTORS
from tests.sources.played.playing import papers
from tests.sources.played.running import asked
from warehouse.configuration.sources import Selectors, Site

BASE = "https://played.invalid"
HELD = 23
TOLD = (Broken, Refused, Expired, TryLater)
NAMES = sorted(name for name in CONNECTORS if name != "notices")  # which asks Crossref, as crossref does


def query(name):
    connector = CONNECTORS[name]
    held = papers(HELD)
    module = import_module(f"tests.sources.played.{name}")
    settings = getattr(module, "SITE", None) or Site(url=BASE, selectors=Selectors(hit="li"))
    seeds = tuple(Seed(doi=one.doi) for one in held[:5])
    return Query(
        BASE, "care", page_size=10, site=settings if "site" in connector.needs else None,
        seeds=seeds if "direction" in connector.needs else (), direction="forward" if "direction" in connector.needs else None,
    ), module.make(held, BASE)  # fmt: skip


def first_answers(name):
    """The steps and answers of a harvest, those that are kept and those that only steer."""
    given, play = query(name)
    connector = CONNECTORS[name]
    steps = list(connector.begin(given))
    found = []
    while steps and len(found) < 6:
        step = steps.pop(0)
        answer = play(asked(step.request, BASE))
        headers = {key.lower(): value for key, value in answer.headers.items()}
        response = Response(answer.status, step.request.url, headers, answer.body)
        turn = connector.follow(given, step, response)
        found.append((step, response, turn))
        steps = [*turn.steps, *steps]
    assert found
    return given, found


@pytest.fixture(scope="module", params=NAMES)
def answered(request):
    return CONNECTORS[request.param], *first_answers(request.param)


def turned(connector, given, step, response, body):
    """What a connector makes of another body: a turn, or None where it says in one line that it is not what it should be."""
    try:
        return connector.follow(given, step, Response(200, response.url, response.headers, body))
    except RecursionError:
        return None  # the HTTP client says it
    except TOLD as error:
        said = str(error)
    assert said
    assert "\n" not in said
    assert len(said) < 600
    return None


BODIES = {
    "nothing": b"",
    "white space": b" \r\n",
    "a page of HTML": b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body><p>Sorry</p></body></html>",
    "null": b"null",
    "true": b"true",
    "a number": b"17",
    "a text": b'"overloaded"',
    "an empty list": b"[]",
    "an empty object": b"{}",
    "a list of numbers": b"[1, 2]",
    "an error": b'{"error": "overloaded"}',
    "an error in full": b'{"error": {"code": 503, "title": "Service Unavailable", "details": ["try again"]}}',
    "a message": b'{"message": "Internal server error"}',
    "a fault in XML": b"<?xml version='1.0'?><fault><error>overloaded</error></fault>",
    "brackets": b"[" * 100_000,
    "tags": b"<a>" * 100_000,
    "an entity bomb": b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
    "zeros": bytes(1000),
    "half of UTF-16": "{}".encode("utf-16")[:-1],
}


@pytest.mark.fault(17, 30, 42, 44)
@pytest.mark.parametrize("fault", BODIES)
def test_what_is_no_answer_is_never_taken_for_an_empty_one(answered, fault):
    """An answer that is not the source's own must not end a harvest as if there were nothing to find."""
    connector, given, found = answered
    for step, response, turn in found:
        other = turned(connector, given, step, response, BODIES[fault])
        if other is not None and turn.keep:
            assert other.hits is None or other.hits > 0 or fault == "an empty list", "a silent zero"
            assert connector.kind == "website" or other.ids or other.steps, "a silent end"


@pytest.mark.fault(30)
def test_an_answer_that_is_cut_anywhere_is_broken_or_as_long_as_it_was(answered):
    connector, given, found = answered
    chance = random.Random(4)
    for step, response, turn in found:
        for at in sorted(chance.sample(range(1, len(response.body)), min(25, len(response.body) - 1))):
            other = turned(connector, given, step, response, response.body[:at])
            if other is not None and turn.ids:
                assert other.ids == turn.ids, f"cut at {at} of {len(response.body)}"


@pytest.mark.fault(17)
def test_members_of_other_types_are_noticed_or_do_no_harm(answered):
    """Each member of the envelope in turn becomes something else. What is then made of the page has all ids that it had."""
    connector, given, found = answered
    for step, response, turn in found:
        try:
            answer = json.loads(response.body)
        except ValueError:
            pytest.skip("not JSON")
        for path in _paths(answer):
            for value in (None, "x", -1, [], {}, [None], [[1]], True):
                spoilt = json.dumps(_with(answer, path, value)).encode()
                other = turned(connector, given, step, response, spoilt)
                if other is None or other.ids == turn.ids:
                    continue
                counted = other.hits is not None or any(one.hits is not None for _, _, one in found)  # then it is noticed
                silent = not counted and not other.steps and len(other.ids) < len(turn.ids)
                assert not silent or value == [], (path, value)


def _paths(answer, depth=3):
    """Places in the envelope, down to the members of the first record."""
    if depth == 0:
        return
    pairs = answer.items() if isinstance(answer, dict) else enumerate(answer[:1]) if isinstance(answer, list) else ()
    for name, value in pairs:
        yield (name,)
        for rest in _paths(value, depth - 1):
            yield (name, *rest)


def _with(answer, path, value):
    if not path:
        return value
    copy = dict(answer) if isinstance(answer, dict) else list(answer)
    copy[path[0]] = _with(copy[path[0]], path[1:], value)
    return copy
