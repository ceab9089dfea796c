"""Ranges by which searches are cut, and how long a source asks to wait."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.sources import spans
from tasks.sources.spans import Span
from tasks.sources.waiting import seconds

DATE = "Mon, 23 Nov 2026 10:00:00 GMT"  # 1795428000 seconds after 1970


@pytest.mark.parametrize(
    ("span", "name"),
    [
        (spans.years(2004, 2010), "2004..2010"), (spans.years(2004, 2004), "2004"), (spans.years(2004, 2001), "2004"),
        (spans.days(date(2020, 2, 28), date(2020, 3, 1)), "2020-02-28..2020-03-01"),
        (spans.days(date(2020, 2, 29), date(2020, 2, 29)), "2020-02-29"),
        (spans.days(date(2020, 2, 29), date(2020, 2, 29)).seconds(), "2020-02-29T00:00:00..2020-02-29T23:59:59"),
    ],
)  # fmt: skip
def test_a_range_is_read_back_from_its_name(span, name):
    assert span.name == name
    assert spans.read(name) == span


def test_what_is_just_outside():
    assert spans.years(2004, 2010).around == ("2003", "2011")
    assert spans.days(date(2020, 2, 29), date(2020, 12, 31)).around == ("2020-02-28", "2021-01-01")


UNITS = st.sampled_from(["year", "day", "second"])


@given(UNITS, st.integers(1500, 700_000), st.integers(0, 700_000))
@settings(max_examples=40, deadline=None)
def test_halves_cover_a_range_without_a_gap_or_an_overlap(unit, first, length):
    span = Span(unit, first, first + length)
    halves = span.halves()
    if not length:
        assert halves == ()
        return
    low, high = halves
    assert (low.first, low.last + 1, high.last) == (span.first, high.first, span.last)
    assert abs((low.last - low.first) - (high.last - high.first)) <= 1


def test_halving_ends_with_single_days():
    left, singles = [spans.days(date(2023, 12, 25), date(2024, 3, 3))], []
    while left:
        span = left.pop()
        left += span.halves()
        singles += [span.name] * (not span.halves())
    assert len(singles) == len(set(singles)) == 70
    assert {"2023-12-31", "2024-02-29", "2024-03-03"} <= set(singles)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7.0), ({"retry-after": " 0.5 "}, 0.5), ({}, None), ({"retry-after": ""}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "1795428060", "date": DATE}, 60.0), ({"retry-after": "1795428060000", "date": DATE}, 60.0),
        ({"retry-after": "Mon, 23 Nov 2026 10:01:00 GMT", "date": DATE}, 60.0),
        ({"retry-after": "2026-11-23T10:01:00+0000", "date": DATE}, 60.0),
        ({"retry-after": "2026-11-23T10:01:00", "date": DATE}, 60.0),
        ({"retry-after": "1795427000", "date": DATE}, 0.0), ({"retry-after": "1795428060"}, None),
        ({"x-ratelimit-reset": "1795428001", "date": DATE}, 1.0), ({"retry-after": "nan", "date": DATE}, None),
        ({"retry-after": "inf", "date": DATE}, None), ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "1795428060", "date": "today"}, None),
    ],
)  # fmt: skip
def test_how_long_a_source_asks_to_wait(headers, wait):
    assert seconds(headers, "retry-after", "x-ratelimit-reset") == wait
