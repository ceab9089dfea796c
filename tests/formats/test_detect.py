import gc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.formats import detect
from tasks.formats.detect import FORMATS, read
from tasks.formats.text import decode
from tests.formats.invented import accounted

RIS = b"TY  - JOUR\nTI  - Kites\nER  - \n"
NBIB = b"PMID- 1\nTI  - Kites\n"
CSV = b"title,year,doi\nKites,2021,\n"
WOS = b"FN Nobody\nVR 1.0\nPT J\nAU Doe, J\nTI Kites\nER\n\nEF\n"
REFER = b"%0 Journal Article\n%T Kites\n"
OVID = b"<1. >\nVN  - Ovid Technologies\nTI  - Kites\n"
LABELS = b"<1>\nUnique Identifier\n  7\nTitle\n  Kites\n"
PROQUEST = (
    b"____________________________________________________________\n\nDocument 1 of 1\n\nKites\n\nProQuest document ID: 7\n"
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (RIS, "ris"), (NBIB, "medline"), (CSV, "table"), (WOS, "wos"), (REFER, "refer"),
        (OVID, "ovid"), (LABELS, "ovid"), (PROQUEST, "proquest"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_format_is_known_by_its_content(data, name, encoding):
    parsed = read(data.decode().encode(encoding))
    assert (parsed.format, parsed.starts) == (name, 1)
    assert parsed.references[0].title == "Kites"


def test_the_earliest_format_wins():
    quoted = b'title,year,abstract\nKites,2021,"\nTY  - JOUR\nTI  - Two\nPMID- 1\n"\n'
    assert read(quoted).format == "table"
    assert read(b"TY  - JOUR\nAB  - see\ntitle,year,doi\nPMID- 1\nER  - \n").format == "ris"
    assert read(NBIB + RIS).format == "medline"
    assert read(b'title,year,abstract\nKites,2021,"\n' + OVID + WOS + REFER + b'"\n').format == "table"
    assert read(RIS.replace(b"ER", b"AB  - x\n" + WOS + REFER + PROQUEST + b"ER")).format == "ris"
    assert read(b"Provider: Nobody\nDatabase: Kites\n\n" + RIS).format == "ris"


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_has_no_starts_and_says_so(data):
    parsed = read(data)
    assert (parsed.starts, parsed.rejected, parsed.warnings) == (0, (), ("the file is empty",))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.4", "a PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'<?xml version="1.0"?><xml/>', "XML"),
        (b'\xef\xbb\xbf[{"title": "Kites"}]', "JSON"),
        (b"% comment\n@string{kites = {Kites}}", "BibTeX"),
        (b"AU  - Doe, J\nTI  - Kites\nER  - \n", "without a TY line"),
        (b"Dear colleague,\nplease find", "'Dear colleague,'"),
        (b"\x00\x01\x02", "it begins with"),
        (b"a,b,c\n1,2,3\n", "'a,b,c'"),
    ],
)
def test_unknown_bytes_are_rejected_whole_with_a_reason(data, word):
    parsed = read(data)
    (rejected,) = parsed.rejected
    assert (parsed.format, parsed.starts, rejected.data, rejected.line) == ("unknown", 1, data, 1)
    assert rejected.reason.startswith("not a format that is known: ")
    assert word in rejected.reason


def test_format_names_are_unique():
    assert len({known.name for known in FORMATS}) == len(FORMATS)


PIECES = st.sampled_from(
    [
        RIS,
        NBIB,
        CSV,
        WOS,
        REFER,
        OVID,
        PROQUEST,
        b"\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xe9",
        b'"',
        b"TY  - ",
        b"text\n",
        b"\x00",
    ]
)


@pytest.mark.fault(15)
@given(st.lists(PIECES | st.binary(max_size=20), max_size=6).map(b"".join))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_accounted_for(data):
    parsed = read(data)
    assert parsed.starts == len(parsed.references) + len(parsed.rejected)
    assert read(data) == parsed


def test_reading_puts_the_collector_of_cycles_off_and_on_again(monkeypatch):
    seen = []
    [known] = [one for one in detect.FORMATS if one.name == "ris"]
    spying = replace(known, parse=lambda text: seen.append(gc.isenabled()) or known.parse(text))
    monkeypatch.setattr(detect, "FORMATS", (spying,))
    detect.read(b"TY  - JOUR\r\nTI  - x\r\nER  - \r\n", format="ris")
    assert (seen, gc.isenabled()) == ([False], True)
    gc.disable()
    try:
        detect.read(b"TY  - JOUR\r\nTI  - x\r\nER  - \r\n")
        assert not gc.isenabled(), "somebody else's choice stays"
    finally:
        gc.enable()


@pytest.mark.fault(15)
@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
@given(st.lists(PIECES | st.binary(max_size=20), max_size=6).map(b"".join))
@settings(max_examples=20, deadline=None)
def test_whatever_a_file_is_named_nothing_in_it_is_passed_over_in_silence(known, data):
    parsed = read(data, known.name, {})
    accounted(parsed, data)
    said = any(letter.isalnum() for line in decode(data).lines for letter in line)
    assert parsed.starts or parsed.warnings or not said
