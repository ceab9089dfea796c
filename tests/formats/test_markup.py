"""Markup of titles and abstracts to plain text, and values of JSON records."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import json_values
from tasks.formats.markup import plain
from tasks.formats.text import decode


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", None),
        ("<p> </p>", None),
        ("Care &amp; home", "Care & home"),
        ("H<sub>2</sub>O and CO<SUB>2</SUB>", "H2O and CO2"),
        ("<i>E. coli</i> in <b>two</b> towns", "E. coli in two towns"),
        ("<p>One.</p><p>Two.<br/>Three.</p>", "One. Two. Three."),
        ("&lt;i&gt;E. coli&lt;/i&gt; &amp;amp; others", "E. coli & others"),
        ("p < .05, n > 3 and x<y>z", "p < .05, n > 3 and x<y>z"),
        ("p &lt; .05", "p < .05"),
        ("a <b and c> d, <mother and child>, <mother>", "a <b and c> d, <mother and child>, <mother>"),
        ("5 <10 <= 20 <> <", "5 <10 <= 20 <> <"),
        ("<a href=\"https://a.invalid/?x=1&amp;y=2\" title='t'>Link</a>", "Link"),
        ("<!-- hidden -->seen<![CDATA[ too ]]>", "seen too"),
        ("<h4>Aims</h4>To see.<h4>Results:</h4>Seen.<h4>Why?</h4>So.", "Aims: To see. Results: Seen. Why? So."),
        ("<jats:title>Abstract</jats:title><jats:p>Text.</jats:p>", "Text."),
        ("<title>Methods</title><p>Text.</p>", "Methods: Text."),
        ("<jats:sec><jats:title><jats:bold>Aim</jats:bold></jats:title><jats:p>A.</jats:p></jats:sec>", "Aim: A."),
        ("<jats:list><jats:list-item><jats:p>a</jats:p></jats:list-item></jats:list>b", "a b"),
        ('x<mml:math xmlns:mml="http://m.invalid"><mml:mi>y</mml:mi><mml:mn>2</mml:mn></mml:math>z', "xy2z"),
        ("<jats:tex-math>\\begin{document}y</jats:tex-math><mml:math><mml:mi>y</mml:mi></mml:math>", "y"),
        ("<jats:never-heard-of>x</jats:never-heard-of>", "x"),
    ],
)
def test_plain(value, read):
    assert plain(value) == read


@given(st.text(alphabet="<>/abip &;lt=\"'", max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_is_survived_and_nothing_is_made_up(value):
    assert len(plain(value) or "") <= len(value) + 2 * value.count("<")


@pytest.mark.parametrize("value", [None, True, [], {}, [1], {"a": 1}])
def test_values_of_other_types_are_absent(value):
    assert (json_values.text(value), json_values.prose(value), json_values.year(value)) == (None, None, None)


def test_values():
    assert (json_values.text(12), json_values.text(" a &amp; b "), json_values.text("x\ud800")) == ("12", "a & b", "x\ufffd")
    assert (json_values.year("2020"), json_values.year(2020), json_values.year("20200"), json_values.year(20)) == (
        2020,
        2020,
        None,
        None,
    )
    assert json_values.member({"a": {"b": 1}}, "a", "b") == 1
    assert json_values.member({"a": [1]}, "a", "b") is None
    assert (json_values.records({"a": 1}), json_values.records([{}, 1, None]), json_values.records("x")) == (
        [{"a": 1}],
        [{}],
        [],
    )
    assert (json_values.texts("a"), json_values.texts(["a", None, 1, ""]), json_values.texts(None)) == (["a"], ["a", "1"], [])


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b'{"x": []}', ("x",)), (b'{"x": {}}', ()), (b"[]", ()), (b'{"x": [1', ("x",)), (b'{"y": [1', ()),
        (b"null", ()), (b"", ()),
    ],
)  # fmt: skip
def test_where_records_are(data, path):
    assert json_values.place(decode(data), ("x",)) == path


@pytest.mark.parametrize("data", [b"", b"null", b'\x00{"x": [{}]}'])
def test_a_file_without_a_document_is_rejected_as_a_whole(data):
    parsed = json_values.parse("made-up", decode(data), json_values.place(decode(data), ("x",)), lambda *_: "no")
    assert [(piece.offset, piece.data) for piece in parsed.rejected] == [(0, data)]


@pytest.mark.parametrize(
    ("data", "pieces"), [(b'{"y": 1} "x"', [(0, b'{"y": 1}'), (9, b'"x"')]), (b"[{}]\n[{}]", [(1, b"{}"), (5, b"[{}]")])]
)
def test_what_follows_a_document_is_not_passed_over(data, pieces):
    parsed = json_values.parse("made-up", decode(data), (), lambda *_: "no")
    assert [(piece.offset, piece.data) for piece in parsed.rejected] == pieces
