"""What robots.txt allows, by RFC 9309 and by what it leaves open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.sources.robots import LONGEST, READ, rules

SITE = "https://site.invalid"


def allows(text, path):
    body = text if isinstance(text, bytes) else text.encode()
    return rules(200, body).allows(SITE + path)


OPEN, SHUT = True, False


@pytest.mark.parametrize(
    ("text", "path", "open_"),
    [
        ("", "/a", OPEN),
        ("User-agent: *\nDisallow:", "/a", OPEN),
        ("User-agent: *\nDisallow: /", "/a", SHUT),
        ("User-agent: *\nDisallow: /", "/", SHUT),
        ("User-agent: *\nDisallow: /", "/robots.txt", OPEN),  # 2.2.2
        ("User-agent: *\nDisallow: /a", "/a/b?c=d", SHUT),
        ("User-agent: *\nDisallow: /a", "/A", OPEN),  # paths tell case apart
        ("User-agent: *\nDisallow: /a", "/b/a", OPEN),
        ("Disallow: /a", "/a", OPEN),  # a rule in no group
        ("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", OPEN),
        ("user-AGENT : *\ndisALLOW : /a", "/a", SHUT),
        ("User-agent:*\nDisallow:/a", "/a", SHUT),
        ("User-agent: * # everyone\nDisallow: /a # and below\n", "/a/b", SHUT),
        ("# Disallow: /a\nUser-agent: *\n#Disallow: /a", "/a", OPEN),
        ("User-agent: *\n\n\nDisallow: /a", "/a", SHUT),  # empty lines end no group
        ("User-agent: *\r\nDisallow: /a\r\nDisallow: /b", "/b", SHUT),
        ("User-agent: *\rDisallow: /a\rDisallow: /b", "/b", SHUT),
        ("User-agent: *\nSitemap: /s.xml\nDisallow: /a", "/a", SHUT),  # other records do not count (2.2.4)
        ("User-agent: *\nNoindex: /b\nDisallow: /a\nNoindex: /c", "/a", SHUT),
        ("User-agent: *\nNoindex: /b\n", "/b", OPEN),
        ("<html><body>Not found</body></html>", "/a", OPEN),
        ("\x00\x01 User-agent: *", "/a", OPEN),
    ],
)
def test_rules(text, path, open_):
    assert allows(text, path) is open_


GROUPS = "User-agent: %s\nDisallow: /ours\n\nUser-agent: *\nDisallow: /theirs\n"


@pytest.mark.parametrize(
    ("agent", "ours"),
    [
        ("evimap", True), ("EviMap", True), ("evimap/0.1", True), ("evimap/2", True), ("evimap # us", True),
        ("evi", False), ("map", False), ("evimaps", False), ("evimap-news", False), ("other-evimap", False), ("e", False),
        ("Mozilla/5.0 (compatible; evimap)", False), ("Googlebot", False),
    ],
)  # fmt: skip
def test_the_group_is_that_of_our_name_whole_and_without_regard_to_case(agent, ours):
    """2.2.1: the product token of the line is ours, or the group is for others."""
    assert allows(GROUPS % agent, "/ours") is not ours
    assert allows(GROUPS % agent, "/theirs") is ours


def test_groups_with_our_name_are_one():
    text = "User-agent: evimap\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: EVIMAP\nDisallow: /c"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [SHUT, OPEN, SHUT]


def test_groups_for_everybody_are_one():
    text = "User-agent: *\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: *\nDisallow: /c"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [SHUT, OPEN, SHUT]


def test_several_names_share_a_group():
    text = (
        "User-agent: other\nUser-agent: evimap\nSitemap: /s\nUser-agent: third\nDisallow: /a\nUser-agent: fourth\nDisallow: /b"
    )
    assert [allows(text, path) for path in ("/a", "/b")] == [SHUT, OPEN]


def test_a_group_of_ours_without_rules_opens_everything():
    """2.2.1: the last group may have no rules, and then allows all."""
    assert allows("User-agent: *\nDisallow: /\n\nUser-agent: evimap", "/a")
    assert allows("User-agent: evimap\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a")


@pytest.mark.parametrize(
    ("allow", "disallow", "path", "open_"),
    [
        ("/p", "/", "/page", OPEN), ("/folder", "/folder", "/folder/page", OPEN),  # equally long: allow (2.2.2)
        ("/a/b", "/a", "/a/b/c", OPEN), ("/a", "/a/b", "/a/b/c", SHUT), ("/a/", "/a", "/a/b", OPEN),
        ("/page", "/*.htm", "/page.htm", SHUT), ("/page", "/*.ph", "/page.php5", OPEN), ("/$", "/", "/", OPEN),
        ("/$", "/", "/page.htm", SHUT), ("/a*", "/a", "/ab", OPEN), ("/x", "/a", "/ab", SHUT),
    ],
)  # fmt: skip
def test_the_longest_match_decides_in_any_order(allow, disallow, path, open_):
    lines = [f"Allow: {allow}", f"Disallow: {disallow}"]
    for ordered in (lines, lines[::-1]):
        assert allows("User-agent: *\n" + "\n".join(ordered), path) is open_


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/fish", "/fish.html", True), ("/fish", "/fish/salmon", True), ("/fish", "/Fish", False),
        ("/fish*", "/fishheads", True),
        ("/fish/", "/fish", False), ("/fish/", "/fish/?id=1", True), ("/*.php", "/folder/any.php.file.html", True),
        ("/*.php", "/", False), ("/*.php$", "/filename.php", True), ("/*.php$", "/filename.php?x", False),
        ("/*.php$", "/filename.php5", False), ("/fish*.php", "/fishheads/catfish.php?x", True),
        ("/fish*.php", "/Fish.PHP", False), ("*/search", "/en/search/s", True), ("/*?s=", "/page/2/?s=x", True),
        ("/*?s=", "/page/2/", False), ("/a**b", "/axb", True),
        ("/a$b", "/a$b", True), ("/a$b", "/a", False), ("/*/*/c", "/a/b/c", True), ("/*/*/c", "/a/c", False), ("$", "/", False),
        ("/a.b", "/axb", False), ("/a+", "/aa", False), ("/(", "/(", True), ("/search?", "/search", False),
        ("/search?", "/search?q", True),
    ],
)  # fmt: skip
def test_wildcards_and_the_end(pattern, path, matches):
    assert allows(f"User-agent: *\nDisallow: {pattern}", path) is not matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        # the table of 2.2.2
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", True), ("/foo/bar/%E3%83%84", "/foo/bar/ツ", True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", True), ("/foo/bar/baz", "/foo/bar/%62%61%7A", True),
        # and of 2.2.3: special characters that are meant
        ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-x.html", False),
        ("/path/foo-%24", "/path/foo-$", True), ("/path/foo-%24", "/path/foo-", False),
        ("/a%3cd", "/a%3Cd", True), ("/a%2fb", "/a%2Fb", True), ("/a%2Fb", "/a/b", False), ("/100%", "/100%", True),
    ],
)  # fmt: skip
def test_percent_encoding(pattern, path, matches):
    assert allows(f"User-agent: *\nDisallow: {pattern}", path) is not matches


def test_who_opens_the_index_of_a_folder_opens_the_folder():
    """More than the standard allows; as Google reads it."""
    assert allows("User-agent: *\nDisallow: /\nAllow: /a/index.html", "/a/")
    assert not allows("User-agent: *\nDisallow: /\nAllow: /a/index.html", "/a/b")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_a_byte_order_mark_hides_no_group(encoding):
    assert not allows("User-agent: *\nDisallow: /ä".encode(encoding), "/ä")


def test_bytes_that_are_no_utf_8_spoil_their_line_alone():
    assert not allows(b"# caf\xe9\nUser-agent: *\nDisallow: /a\nDisallow: /\xff\n", "/a")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599, None])
def test_a_site_that_is_out_of_order_is_left_alone(status):
    """2.3.1.4: unreachable means that everything is disallowed, whatever the body says."""
    found = rules(status, b"User-agent: *\nAllow: /")
    assert not found.allows(SITE + "/a")
    assert found.delay is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_site_without_robots_txt_is_open(status):
    """2.3.1.3: unavailable means that everything may be asked for."""
    assert rules(status, b"User-agent: *\nDisallow: /").allows(SITE + "/a")


@pytest.mark.parametrize("status", [200, 203, 206])
def test_any_success_is_read(status):
    assert not rules(status, b"User-agent: *\nDisallow: /").allows(SITE + "/a")


def test_half_a_mebibyte_is_read_and_no_line_by_halves():
    """2.5: at least 500 KiB."""
    line = b"Disallow: /filler/0123456789\n"
    head, rule = b"User-agent: *\n", b"Disallow: /late/and/deep\n"
    within = head + line * ((500 * 1024 - len(head) - len(rule)) // len(line)) + rule
    assert len(within) <= 500 * 1024
    assert not allows(within, "/late/and/deep")
    assert READ >= 500 * 1024
    filled = (head + line * READ)[: READ - 10]
    filled = filled[: filled.rindex(b"\n") + 1]
    filled += b"#" * (READ - 12 - len(filled)) + b"\n"
    assert len(filled) == READ - 11
    assert allows(filled + rule, "/elsewhere")  # "Disallow: /" is what the limit leaves of the last line
    assert not allows(filled + b"Disallow: /", "/elsewhere")


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("Crawl-delay: 10", 10), ("Crawl-delay: 0.5", 0.5), ("crawl-DELAY:2\nDisallow: /a", 2), ("Crawl-delay: 3600", LONGEST),
        ("Crawl-delay: 0", 0), ("Crawl-delay: -5", None), ("Crawl-delay: nan", None), ("Crawl-delay: inf", None),
        ("Crawl-delay: ten", None), ("Crawl-delay:", None), ("Request-rate: 1/5", 5), ("Request-rate: 6/1m", 10),
        ("Request-rate: 1/1h", LONGEST), ("Request-rate: 1/5 0600-0845", 5), ("Request-rate: 0/5", None),
        ("Request-rate: x", None), ("Crawl-delay: 2\nRequest-rate: 1/5", 5), ("Crawl-delay: 7\nRequest-rate: 1/5", 7),
        ("\nUser-agent: evimap\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 9", 3), ("Disallow: /a", None),
        ("Disallow: /a\nUser-agent: other\nCrawl-delay: 9", None),
    ],
)  # fmt: skip
def test_delays(text, delay):
    assert rules(200, b"User-agent: *\n" + text.encode()).delay == delay


def test_a_delay_in_no_group_is_nobodys():
    assert rules(200, b"Crawl-delay: 5").delay is None


@given(st.binary(max_size=200), st.text(max_size=40))
@settings(max_examples=40, deadline=None)
def test_no_bytes_raise(body, path):
    found = rules(200, b"User-agent: *\nDisallow: /shut\n" + body)
    assert found.allows(SITE + "/" + path) in (True, False)
    rules(200, body).allows(path)


@given(
    st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), st.text("ab/", min_size=0, max_size=4)), max_size=6),
    st.text("ab/", max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_plain_rules_are_those_of_the_standard(lines, path):
    """Without wildcards, the longest rule that begins the path decides, an allowing one before a disallowing."""
    path = "/" + path
    text = "User-agent: *\n" + "".join(f"{kind}: /{pattern}\n" for kind, pattern in lines)
    matching = [(len(pattern), kind == "Allow") for kind, pattern in lines if path.startswith("/" + pattern)]
    expected = max(matching)[1] if matching else True
    assert allows(text, path) is expected
