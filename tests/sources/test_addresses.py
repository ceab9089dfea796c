"""Addresses of web pages: one form for one page, one site, and those that never end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats.addresses import absolute, canonical
from tasks.sources.addresses import DEEPEST, LONGEST, same_site, trap


@pytest.mark.parametrize(
    ("given_as", "one"),
    [
        ("HTTPS://Www.Example.ORG/A/b", "https://www.example.org/A/b"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?b=2&utm_source=x&UTM_Medium=y&fbclid=z&c=3", "https://example.org/a?b=2&c=3"),
        ("https://example.org/a?utm_source=x", "https://example.org/a"),
        ("https://example.org/a?gclidx=1", "https://example.org/a?gclidx=1"),
        ("https://example.org/%7eme/%e2%82%ac%2f", "https://example.org/~me/%E2%82%AC%2F"),
        ("https://example.org/a/./b/../c/", "https://example.org/a/c/"),
        ("https://example.org/a/b/..", "https://example.org/a/"),
        ("https://example.org/../../a", "https://example.org/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://[2001:DB8::1]:443/", "https://[2001:db8::1]/"),
        ("  https://example.org/a ", "https://example.org/a"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("https://example.org:x/", "https://example.org:x/"),
        ("https://[/", "https://[/"),
    ],
)
def test_one_form(given_as, one):
    assert canonical(given_as) == one
    assert canonical(one) == one


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "http://www.example.org/b", True),
        ("https://EXAMPLE.org", "https://example.org./", True),
        ("https://example.org:443/", "http://example.org:80/", True),
        ("https://example.org", "https://sub.example.org", False),
        ("https://a.co.uk", "https://b.co.uk", False),
        ("https://www.www.example.org", "https://example.org", False),
        ("https://example.org", "https://example.org:8080", False),
        ("https://example.org", "https://example.org.evil.invalid", False),
        ("https://example.org@evil.invalid/", "https://example.org/", False),
        ("https://bücher.example", "https://www.xn--bcher-kva.example", True),
        ("mailto:x", "mailto:x", False),
        ("https://[", "https://[", False),
    ],
)
def test_the_same_site(one, other, same):
    assert same_site(one, other) is same_site(other, one) is same


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("/b?c#d", "https://a.invalid/b?c"), ("b", "https://a.invalid/x/b"), ("//b.invalid/c", "https://b.invalid/c"),
        (" ../c ", "https://a.invalid/c"), ("", "https://a.invalid/x/y"), ("#top", "https://a.invalid/x/y"),
        ("javascript:void(0)", None), ("mailto:a@a.invalid", None), ("http://[", None),
        ("https://a.invalid:99999/", None), ("data:text/html,x", None), ("ftp://a.invalid/", None),
    ],
)  # fmt: skip
def test_links(link, found):
    assert absolute("https://a.invalid/x/y", link) == found


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/en/search/s/contact-form-7/en/search/s/contact-form-7", None),
        ("/en/search/s/en/search/s/en/search/s", "'en' 3 times"),
        ("/2021/2021/2021/report", None),
        ("/a" * 2, None),
        ("".join(f"/s{number}" for number in range(DEEPEST)), None),
        ("".join(f"/s{number}" for number in range(DEEPEST + 1)), "13 segments"),
        ("/a?b=" + "x" * LONGEST, "letters"),
    ],
)
def test_traps(path, why):
    found = trap("https://a.invalid" + path)
    assert (found is None) if why is None else (found is not None and why in found)


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_has_one_form(text):
    for address in (text, "https://" + text, "https://a.invalid/" + text):
        assert canonical(canonical(address)) == canonical(address)
        same_site(address, address)
        absolute("https://a.invalid/", address)
