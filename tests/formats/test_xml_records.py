"""Records in XML documents: built at once or read bit by bit, they are the same, in the same places."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import xml_records
from tasks.formats.xml_records import Cut, _built_at_once, _Reader, elements

NAMES = frozenset({"record", "item"})


def shown(found):
    """Place and content; what stands behind a record in the document is no part of it."""
    for one in found:
        one.element.tail = None
    return [(one.start, one.end, ElementTree.tostring(one.element)) for one in found]


def bit_by_bit(data):
    return list(_Reader(data, NAMES).found())


PIECES = st.recursive(
    st.sampled_from([
        "text", "a &amp; b &gt;", "<b>bold</b>", "<!-- <record> -->", "<!-- </record> -->", "<![CDATA[<record>]]>", "<record/>",
        "<record />", '<record id="1">', "</record>", '<item about="a>b">', "</item>", "<records/>", "<a:record/>",
        "<?pi <item> ?>",
        "<x y='<'/>", '<record a="/">x</record>', "é", "<record\n\tid='a'\n>y</record >", "<item.a/>", "<sub-record/>",
        '<x item="1"/>',
    ]),
    lambda inner: st.lists(inner, max_size=4).map("".join) | inner.map("<record>{}</record>".format)
    | inner.map('<item xml:lang="en">{}</item>'.format) | inner.map("<list>{}</list>".format),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    PIECES,
    st.sampled_from(["", '<?xml version="1.0" encoding="UTF-8"?>\n', "\ufeff", "<!DOCTYPE all [<!ELEMENT record ANY>]>"]),
    st.sampled_from(["<all>{}</all>", '<all xmlns:a="https://example.org/a" xmlns="https://example.org/d">{}</all>']),
)
def test_both_ways_agree(inside, head, outer):
    data = (head + outer.format(inside)).encode()
    at_once = _built_at_once(data, NAMES)
    if at_once is None:
        return
    assert shown(at_once) == shown(bit_by_bit(data))


WHOLE = b"<all><record a='1'><t>x</t></record>\n<record/><item><record>inner</record></item></all>"


def test_a_plain_document_is_built_at_once():
    found = _built_at_once(WHOLE, NAMES)
    assert [WHOLE[one.start : one.end] for one in found] == [
        b"<record a='1'><t>x</t></record>", b"<record/>", b"<item><record>inner</record></item>",
    ]  # fmt: skip
    assert shown(found) == shown(bit_by_bit(WHOLE)) == shown(list(elements(WHOLE, NAMES)))


@pytest.mark.parametrize(
    "data",
    [
        WHOLE[:-3], b"<all><!-- <record> --><record/></all>", b"<all><![CDATA[<record/>]]><record/></all>",
        b"<all><item><!-- </record> --><!-- <record> --><!-- <record> --></item></all>",
        b'<!DOCTYPE all [<!ENTITY e "x">]><all><record>&e;</record></all>', WHOLE.decode().encode("utf-16"),
        b'<!DOCTYPE all SYSTEM "all.dtd"><all><record>&alpha;</record></all>', b"<all><x:record>unbound</x:record></all>", b"",
    ],
    ids=["cut", "comment", "CDATA", "comments inside", "entity", "UTF-16", "unknown entity", "unbound prefix", "nothing"],
)  # fmt: skip
def test_any_other_is_read_bit_by_bit(data):
    assert _built_at_once(data, NAMES) is None


def test_the_record_before_the_cut_is_read():
    found = []
    with pytest.raises(Cut) as cut:
        found.extend(xml_records.elements(WHOLE[:40], NAMES))
    assert cut.value.at == WHOLE.index(b"\n<record/>")


def test_namespaces_are_dropped_from_names_of_elements_and_attributes():
    data = (
        b'<a xmlns="https://example.org/" xmlns:x="https://example.org/x"><x:record x:id="1" xml:lang="en"><t/></x:record></a>'
    )
    [found] = _built_at_once(data, NAMES)
    assert (found.element.tag, found.element.attrib, found.element[0].tag) == ("record", {"id": "1", "lang": "en"}, "t")
    assert shown([found]) == shown(bit_by_bit(data))
