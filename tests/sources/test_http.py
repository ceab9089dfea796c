"""The HTTP client against a server that does what servers do wrong: what can be had comes whole, the rest is one clear line."""

import json
import os
import re
import resource
import socket
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tasks.sources import openalex
from tasks.sources.connector import Broken, Credential, Query, Rate, Refused, Request, TryLater, Turn
from tasks.sources.guard import public
from tasks.sources.harvest import Harvest
from tasks.sources.http import Client, Limits
from tasks.sources.journal import Journal
from tasks.sources.pace import Pace
from tests.sources.played.faulty import bomb, chunked, endless, faulty, hang, head, packed, reset, says, sends
from tests.sources.played.openalex import make
from tests.sources.played.playing import papers
from warehouse.archive import Raw

HELD = 25
PAGES = 4  # the last of them empty: so OpenAlex ends
LIMITS = Limits(connect=1, read=0.25, total=0.5, attempts=4, max_bytes=1 << 20)
LOOPBACK = frozenset({"127.0.0.1"})
KEY = "canary/3f9c+key"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def dated(seconds):
    moment = datetime.fromtimestamp(NOW.timestamp() + seconds, UTC)
    return format_datetime(NOW, usegmt=True), format_datetime(moment, usegmt=True)


def waits(status, value, date=None):
    return says(status, b"{}", f"Retry-After: {value}", *([f"Date: {date}"] if date else []))


class Asker:
    """A client whose pauses are noted instead of waited for, and have no chance in them."""

    def __init__(self, credentials=(), environment=None, limits=LIMITS, private=LOOPBACK, trouble=None, pace=None, reads=()):
        self.pauses = []
        more = {"trouble": trouble} if trouble else {}
        self.client = Client(
            pace or Pace(Rate(1e6)),
            credentials,
            environment or {},
            limits=limits,
            private_hosts=private,
            reads=reads,
            sleep=self.pauses.append,
            chance=lambda _least, most: most,
            **more,
        )

    def send(self, url, accept=lambda response: response, **more):
        return self.client.send(Request(url, **more), accept)


@pytest.fixture
def asker(request):
    made = []

    def make_one(**settings):
        made.append(Asker(**settings))
        return made[-1]

    yield make_one
    for one in made:
        one.client.close()


@pytest.fixture
def server():
    with faulty(lambda address: make(papers(HELD), address)) as one:
        yield one


def harvested(server, asker, folder, settings=None):
    """A harvest in three pages of a source that has 25 records."""
    one = asker(trouble=openalex.CONNECTOR.trouble, **(settings or {}))
    query = Query(server.address, "care", page_size=10)
    places = (Raw(folder / "raw"), Journal(folder / "journal"), lambda _got, _hits: None)
    return Harvest(openalex.CONNECTOR, query, one.client.send, *places).run(), one


def spoilt(change):
    """The good answer, changed as JSON."""

    def make_body(good):
        answer = json.loads(good)
        change(answer)
        body = json.dumps(answer).encode()
        return head(length=len(body)) + body

    return sends(make_body)


def whole(make_body):
    def answer(good):
        body = make_body(good)
        return head(length=len(body)) + body

    return sends(answer)


def moved(location):
    return says("302 Found", b"", f"Location: {location}")


SURVIVED = {
    "a body shorter than it says": [sends(lambda good: head(length=len(good) + 50) + good)],
    "a body cut in the middle": [sends(lambda good: head(length=len(good)) + good[: len(good) // 2])],
    "chunks that stop": [sends(lambda good: chunked(good, end=b""))],
    "a chunk cut in the middle": [sends(lambda good: chunked(good)[: len(good) // 2])],
    "a chunk of negative size": [sends(lambda good: head("200 OK", None, "Transfer-Encoding: chunked") + b"-5\r\n" + good)],
    "JSON cut without a length": [sends(lambda good: head() + good[: len(good) // 2])],
    "gzip cut": [sends(lambda good: head("200 OK", None, "Content-Encoding: gzip") + packed(good)[:-20])],
    "gzip with an empty body": [says("200 OK", b"", "Content-Encoding: gzip")],
    "gzip that is none": [says("200 OK", b"not gzip", "Content-Encoding: gzip")],
    "gzip with a wrong checksum": [
        sends(lambda good: head("200 OK", len(packed(good)), "Content-Encoding: gzip") + packed(good)[:-8] + b"\1" * 8)
    ],
    "nested packing": [sends(lambda good: head("200 OK", None, "Content-Encoding: gzip, gzip") + packed(packed(good)))],
    "a packing that was not asked for": [says("200 OK", b"xx", "Content-Encoding: br")],
    "a reset in the middle of the body": [reset],
    "a close before the header": [sends(lambda _good: b"")],
    "a header that stops": [sends(lambda _good: b"HTTP/1.1 200 OK\r\nContent-Le")],
    "bytes that are no HTTP": [sends(lambda _good: b"\x00\x01\x02SSH-2.0-OpenSSH\r\n")],
    "a status that is no number": [sends(lambda _good: b"HTTP/1.1 twohundred OK\r\n\r\n{}")],
    "503, 503": [says("503 Service Unavailable"), says("503 Service Unavailable")],
    "500 with a page of HTML": [says("500 Internal Server Error", b"<html>oops</html>")],
    "502": [says("502 Bad Gateway")],
    "504": [says("504 Gateway Timeout")],
    "408": [says("408 Request Timeout")],
    "425": [says("425 Too Early")],
    "403 that asks to slow down": [says("403 Forbidden", b"{}", "Retry-After: 2")],
    "429 with a short wait": [waits("429 Too Many Requests", 3)],
    "204 without a body": [sends(lambda _good: head("204 No Content"))],
    "206, a part that was not asked for": [
        sends(lambda good: head("206 Partial Content", len(good) // 2) + good[: len(good) // 2])
    ],
    "304, though nothing was kept": [says("304 Not Modified", b"")],
    "silence": [hang],
    "a body that drips": [endless(head(length=100_000), b" ", 0.05)],
    "a header that drips": [endless(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", 0.05)],
    "100 Continue without an end": [endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)],
    "a header line of 200 kB": [sends(lambda good: head("200 OK", len(good), "X-Long: " + "a" * 200_000) + good)],
    "a thousand headers": [sends(lambda good: head("200 OK", len(good), *[f"X-{one}: 1" for one in range(1000)]) + good)],
    "a negative length": [sends(lambda good: head(length=-1) + good)],
    "a length that is no number": [sends(lambda good: head(length="many") + good)],
    "two lengths": [sends(lambda good: head("200 OK", len(good), "Content-Length: 7") + good)],
    "a page of HTML under 200": [says("200 OK", b"<!DOCTYPE html><title>Maintenance</title>")],
    "an error under 200": [says("200 OK", b'{"error": "overloaded", "message": "try again"}')],
    "an empty body under 200": [says("200 OK", b"")],
    "null under 200": [says("200 OK", b"null")],
    "a list under 200": [says("200 OK", b"[]")],
    "200,000 brackets": [says("200 OK", b"[" * 200_000)],
    "an error of 200,000 brackets": [says("503 Service Unavailable", b"[" * 200_000)],
    "a number of 5,000 digits": [whole(lambda good: good.replace(b'"count":', b'"count":' + b"9" * 5000 + b',"x":', 1))],
    "Latin-1": [whole(lambda good: good.replace("“".encode(), b"\xe4"))],
    "UTF-16 cut in half": [whole(lambda good: good.decode().encode("utf-16")[:-1])],
    "a count that is a text": [spoilt(lambda answer: answer["meta"].update(count="25"))],
    "results that are no list": [spoilt(lambda answer: answer.update(results={}))],
    "an empty page before the end": [spoilt(lambda answer: answer.update(results=[]))],
    "sent round in a circle": [moved("/works?again=1")] * 6,
    "to nowhere": [says("302 Found", b"")],
    "a cut page, silence, and a 503": [sends(lambda good: head(length=9**9) + good), hang, says("503 Service Unavailable")],
}


@pytest.mark.fault(30, 61, 62, 63, 64, 65, 66, 67, 68, 74, 76, 77, 78, 79, 81, 83, 87, 88, 90, 91, 95)
@pytest.mark.parametrize("fault", SURVIVED)
def test_a_harvest_survives(fault, server, asker, tmp_path):
    """After the first page, each of these; all records come, once, and what was broken is not kept."""
    server.acts = [None, *SURVIVED[fault]]
    done, one = harvested(server, asker, tmp_path)
    assert (done.delivered, done.hits, len(done.pages)) == (HELD, HELD, PAGES)
    assert server.acts == [], "the fault did not come"
    assert len(server.requests) == PAGES + len(SURVIVED[fault])
    assert all(json.loads(Raw(tmp_path / "raw").get(page.raw))["meta"]["count"] == HELD for page in done.pages)
    assert one.pauses, "it was asked again without a pause"


READ = {
    "a byte order mark": [whole(lambda good: b"\xef\xbb\xbf" + good)],
    "keys that come twice": [whole(lambda good: good.replace(b'{"meta"', b'{"meta": {"count": 25}, "meta"', 1))],
    "gzip": [sends(lambda good: head("200 OK", len(packed(good)), "Content-Encoding: gzip") + packed(good))],
    "gzip in two parts": [
        sends(lambda good: head("200 OK", None, "Content-Encoding: x-gzip") + packed(good[:50]) + packed(good[50:]))
    ],
    "gzip with zeros after it": [sends(lambda good: head("200 OK", None, "Content-Encoding: gzip") + packed(good) + bytes(9))],
    "chunks": [sends(chunked)],
    "no length": [sends(lambda good: head() + good)],
    "to another path": [says("301 Moved Permanently", b"", "Location: /works?search=care&cursor=*&per_page=10")],
    "a hundred continues at first": [sends(lambda good: b"HTTP/1.1 100 Continue\r\n\r\n" + head(length=len(good)) + good)],
}


@pytest.mark.fault(88)
@pytest.mark.parametrize("oddity", READ)
def test_what_is_odd_but_whole_is_read(oddity, server, asker, tmp_path):
    server.acts = list(READ[oddity])
    done, one = harvested(server, asker, tmp_path)
    assert (done.delivered, done.hits) == (HELD, HELD)
    assert one.pauses == []


ENDED = {
    "a day's wait": ([waits("429 Too Many Requests", 86_400)], TryLater, r"daily limit"),
    "a 503 with a day's wait": ([waits("503 Service Unavailable", 86_400)], TryLater, r"asks to wait 86,400 seconds"),
    "a daily budget": ([says("429 Too Many Requests", b'{"message": "used up"}')], TryLater, r"daily limit.*used up"),
    "out of order": ([says("503 Service Unavailable")] * 4, TryLater, r"no good answer in 4 attempts; .*status 503"),
    "HTML for ever": ([says("200 OK", b"<html>")] * 4, TryLater, r"no good answer in 4 attempts; .*JSON"),
    "silence for ever": ([hang] * 4, TryLater, r"no good answer in 4 attempts; .*no whole answer: Read timed out"),
    "the query refused": ([says("400 Bad Request", b'{"message": "bad filter"}')], Refused, r"does not understand.*bad filter"),
    "a wrong key": ([says("401 Unauthorized", b'{"message": "Invalid"}')], Refused, r"EVIMAP_OPENALEX_KEY"),
    "not there": ([says("404 Not Found", b"no such page")], Refused, r"status 404: 'no such page'"),
    "a body without an end": ([endless(head(), b"a" * 65_536)], Refused, r"larger than 1 MiB"),
    "a gzip bomb": ([bomb(512 << 20)], Refused, r"larger than 1 MiB"),
    "a loop of redirects": ([moved("/works")] * 24, TryLater, r"sends elsewhere more than 5 times"),
    "to a file": ([moved("file:///etc/passwd")], Refused, r"file:///etc/passwd is no address"),
    "to a data address": ([moved("data:text/plain,1")], Refused, r"no address of the web"),
    "to a private address": ([moved("http://10.0.0.1/x")], Refused, r"10\.0\.0\.1, which is no p"),
    "to the clouds' metadata": ([moved("http://169.254.169.254/latest")], Refused, r"169\.254\.169\.254, which is no public"),
    "to this machine by number": ([moved("http://3232235777/")], Refused, r"is no public address"),
    "to this machine by IPv6": ([moved("http://[::ffff:10.1.1.1]/")], Refused, r"no public add"),
    "sent on with a password": ([moved("http://a:b@127.0.0.1/")], Refused, r"password in an address"),
    "to port 99999": ([moved("http://127.0.0.1:99999/")], Refused, r"no address of the web"),
}


@pytest.mark.fault(31, 33, 35, 73, 75, 80, 82, 83, 85, 86, 87)
@pytest.mark.parametrize("fault", ENDED)
def test_a_harvest_ends_in_one_clear_line(fault, server, asker, tmp_path):
    acts, error, said = ENDED[fault]
    server.acts = list(acts)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(error, match=said) as caught:
        harvested(server, asker, tmp_path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown < 64 * 1024, "kB"


PAUSES = {
    "seconds": (waits("429 Too Many Requests", 7), 7 + 1),
    "a date": (waits("503 Service Unavailable", dated(20)[1], dated(0)[0]), 20 + 1),
    "a date that has passed": (waits("503 Service Unavailable", dated(-300)[1], dated(0)[0]), 1),
    "soon": (waits("429 Too Many Requests", "soon"), 1),
    "a negative number": (waits("429 Too Many Requests", -5), 1),
    "a broken number": (waits("429 Too Many Requests", 1.5), 1.5 + 1),
    "nothing": (says("503 Service Unavailable"), 1),
    "a wait that means nothing with this status": (waits("500 Internal Server Error", 50), 1),
}


@pytest.mark.fault(69, 70, 71, 72)
@pytest.mark.parametrize("told", PAUSES)
def test_the_pause_is_no_shorter_than_the_source_asks_for(told, server, asker):
    act, pause = PAUSES[told]
    server.acts = [act]
    one = asker()
    assert one.send(f"{server.address}/works").status == 200
    assert one.pauses == [pytest.approx(pause)]


@pytest.mark.fault(68)
def test_pauses_grow_and_have_chance_in_them(server, asker):
    server.acts = [says("503 Service Unavailable")] * 3
    one = asker()
    one.send(f"{server.address}/works")
    assert one.pauses == [1, 2, 4], "the longest that chance may take"


@pytest.mark.fault(29, 32, 76, 77, 78, 79)
@pytest.mark.parametrize("slow", ["a body that drips", "a header that drips", "100 Continue without an end", "silence"])
def test_an_attempt_ends_in_time(slow, server, asker):
    server.acts = [*SURVIVED[slow]]
    one = asker()
    began = time.monotonic()
    one.send(f"{server.address}/works")
    assert time.monotonic() - began < LIMITS.total + 0.3


@pytest.mark.fault(29, 32)
def test_a_kept_connection_is_shut_in_time_as_well(server, asker):
    one = asker()
    one.send(f"{server.address}/works")
    server.acts = [endless(head(length=100_000), b" ", 0.05)]
    began = time.monotonic()
    one.send(f"{server.address}/works")
    assert time.monotonic() - began < LIMITS.total + 0.3


def test_connections_are_kept_and_let_go(server, asker):
    one = asker()
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(20):
        one.send(f"{server.address}/works")
    assert len(server._lines) == 1, "one connection for all"
    server.acts = [sends(lambda _good: b"")] * 3
    one.send(f"{server.address}/works")
    one.client.close()
    server.close()
    if before:
        time.sleep(0.1)
        assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_nobody_listens(asker):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(TryLater, match=r"no good answer in 4 attempts; .*refused"):
        asker().send(f"http://127.0.0.1:{port}/")


def test_a_server_without_tls(server, asker):
    with pytest.raises(TryLater, match=r"no whole answer"):
        asker().send(f"https://127.0.0.1:{server.port}/")


def test_a_name_that_is_not_known(asker, monkeypatch):
    def unknown(*_given, **_named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryLater, match=r"source\.invalid.*not known"):
        asker().send("http://source.invalid/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "works",
        "http://a:b@example.org/",
        "http://exa mple.org/",
        "http://example.org:x/",
    ],
)
def test_an_address_that_is_none_is_refused(url, asker):
    with pytest.raises(Refused):
        asker().send(url)


# --- who may be asked ---------------------------------------------------------------------------------------------------


@pytest.mark.fault(35)
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.9.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:192.168.1.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_that_are_public(address):
    assert public(address)


@pytest.mark.fault(35)
def test_a_private_address_is_asked_only_if_it_is_named(server, asker):
    with pytest.raises(Refused, match="name it in EVIMAP_PRIVATE_HOSTS"):
        asker(private=frozenset()).send(f"{server.address}/works")
    assert server.requests == []
    assert asker(private=frozenset({"127.0.0.1"})).send(f"{server.address}/works").status == 200


@pytest.mark.fault(35)
def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_judged(server, asker, monkeypatch):
    """A name that points to a public address first and to this machine next would pass a check that looks it up twice."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host, port, *given, **named):
        if host != "rebinding.example":
            return real(host, port, *given, **named)
        asked.append(host)
        address = "192.0.2.1" if len(asked) > 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with pytest.raises(Refused, match=r"rebinding\.example is at 127\.0\.0\.1"):
        asker(private=frozenset()).send(f"http://rebinding.example:{server.port}/works")
    assert len(asked) == 1
    asked.clear()
    assert asker(private=frozenset({"127.0.0.1"})).send(f"http://rebinding.example:{server.port}/works").status == 200
    assert len(asked) == 1, "the first answer was used"


@pytest.mark.fault(35)
def test_one_private_address_among_public_ones_is_enough_to_refuse(asker, monkeypatch):
    def both(_host, port, *_given, **_named):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("93.184.216.34", "10.0.0.7")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Refused, match=r"10\.0\.0\.7"):
        asker().send("http://both.example/")


# --- keys ---------------------------------------------------------------------------------------------------------------

QUERY = Credential("EVIMAP_PLAYED_KEY", "query", "api_key")
HEADER = Credential("EVIMAP_PLAYED_KEY", "header", "Authorization", "Bearer {}")
EMAIL = Credential("EVIMAP_EMAIL", "query", "mailto")
GIVEN = {"EVIMAP_PLAYED_KEY": KEY, "EVIMAP_EMAIL": "someone@example.org"}


@pytest.mark.fault(37)
def test_a_key_is_sent_and_is_nowhere_else(server, asker):
    echo = json.dumps({"you": f"/works?api_key={KEY}&mailto=someone@example.org", "by": "someone@example.org"}).encode()
    server.acts = [says("200 OK", echo)]
    one = asker(credentials=(QUERY, EMAIL), environment=GIVEN)
    response = one.send(f"{server.address}/works", params=(("q", "care"),))
    assert b"api_key=canary%2F3f9c%2Bkey" in server.requests[0]
    assert b"mailto=someone%40example.org" in server.requests[0]
    assert response.url == f"{server.address}/works?q=care"
    assert KEY.encode() not in response.body
    assert len(response.body) == len(echo), "what is blanked keeps its length"
    assert json.loads(response.body)["by"] == "someone@example.org", "an author's address is left alone"
    assert b"mailto=someone" not in response.body


def test_a_key_in_a_header(server, asker):
    asker(credentials=(HEADER,), environment=GIVEN).send(f"{server.address}/works")
    assert b"Authorization: Bearer " + KEY.encode() in server.requests[0]


@pytest.mark.fault(37)
@pytest.mark.parametrize("status", ["400 Bad Request", "500 Internal Server Error", "302 Found"])
def test_no_message_has_a_key_in_it(status, server, asker):
    said = f"the key {KEY} is wrong, see /x?api_key=canary%2F3f9c%2Bkey".encode()
    server.acts = [says(status, said, f"Location: /next?api_key={KEY}&key=canary/3f9c%2Bkey")] * 40
    with pytest.raises((Refused, TryLater)) as caught:
        asker(credentials=(QUERY, EMAIL), environment=GIVEN).send(f"{server.address}/works")
    assert not re.search("3f9c", str(caught.value))


@pytest.mark.fault(36, 84)
def test_a_key_does_not_go_to_another_host(server, asker):
    """Not in the header, not in the query, not in the address that the first host made of it; also not to another port."""
    with faulty() as other:
        target = f"http://127.0.0.1:{other.port}/x?api_key={KEY}&k=canary%2F3f9c%2Bkey&q=1"
        server.acts = [says("302 Found", b"", f"Location: {target}")] * 2
        for credential in (QUERY, HEADER):
            response = asker(credentials=(credential, EMAIL), environment=GIVEN).send(f"{server.address}/works")
            assert response.url == f"http://127.0.0.1:{other.port}/x?q=1"
        assert len(other.requests) == 2
        assert not any(b"canary" in request or b"someone" in request or b"mailto" in request for request in other.requests)


def test_a_redirect_on_the_same_host_has_the_key_once(server, asker):
    server.acts = [says("302 Found", b"", f"Location: /works?api_key={KEY}")]
    asker(credentials=(QUERY,), environment=GIVEN).send(f"{server.address}/works")
    assert server.requests[1].startswith(b"GET /works?api_key=canary%2F3f9c%2Bkey HTTP/1.1")


@pytest.mark.parametrize(
    ("status", "method"),
    [
        ("301 Moved", b"POST"),
        ("302 Found", b"POST"),
        ("303 See Other", b"GET"),
        ("307 Temporary Redirect", b"POST"),
        ("308 Permanent Redirect", b"POST"),
    ],
)
def test_a_search_that_is_sent_elsewhere_is_still_the_search(status, method, server, asker):
    server.acts = [says(status, b"", "Location: /works")]
    asker().send(f"{server.address}/search", method="POST", body='{"q": "fœtal"}')
    assert server.requests[1].startswith(method + b" /works")
    assert server.requests[1].endswith('{"q": "fœtal"}'.encode()) == (method == b"POST")


def test_a_key_that_is_missing_or_spoilt_is_told_before_anything_is_asked(asker):
    required = Credential("EVIMAP_PLAYED_KEY", "query", "api_key", required=True)
    with pytest.raises(Refused, match="EVIMAP_PLAYED_KEY is not set"):
        asker(credentials=(required,), environment={})
    for value in ("two\nlines", "kéy"):
        with pytest.raises(Refused, match="EVIMAP_PLAYED_KEY has characters") as caught:
            asker(credentials=(HEADER,), environment={"EVIMAP_PLAYED_KEY": value})
        assert value not in str(caught.value)


@pytest.mark.fault(36)
def test_neither_cookies_nor_proxies_nor_passwords_of_the_environment_are_used(server, asker, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password canary\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    server.acts = [says("200 OK", b"{}", "Set-Cookie: seen=1")]
    one = asker()
    one.send(f"{server.address}/works")
    one.send(f"{server.address}/works")
    assert not any(b"Cookie" in request or b"Authorization" in request for request in server.requests)
    assert len(server.requests) == 2


# --- conditional requests -----------------------------------------------------------------------------------------------


def test_a_status_that_the_connector_reads_is_an_answer(server, asker):
    server.acts = [says("404 Not Found", b"gone")]
    response = asker(reads={404}).send(server.address + "/works")
    assert (response.status, response.body) == (404, b"gone")
    server.acts = [says("410 Gone", b"gone")]
    with pytest.raises(Refused):
        asker(reads={404}).send(server.address + "/works")


def test_not_modified_is_an_answer_to_a_conditional_request(server, asker):
    server.acts = [says("304 Not Modified", b"")]
    response = asker().send(f"{server.address}/works", headers=(("If-None-Match", '"v1"'),))
    assert response.status == 304


def test_the_journal_sees_no_headers_that_are_secret(server, asker):
    server.acts = [says("200 OK", b"{}", "Set-Cookie: seen=1", "ETag: x")]
    turned = asker().send(f"{server.address}/works", lambda response: (response.headers["etag"], Turn(keep=False)))
    assert turned[0] == "x"


def test_what_accept_calls_broken_is_asked_again(server, asker):
    seen = []

    def accept(response):
        seen.append(response)
        if len(seen) < 3:
            raise Broken("not yet")
        return len(seen)

    assert asker().send(f"{server.address}/works", accept) == 3
