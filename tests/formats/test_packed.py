"""Packed files: what is unpacked comes out whole, and whatever is wrong with an archive is told and takes nothing with it."""

import gzip
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasks.formats import detect, packed
from tasks.formats.packed import Limits, Member, Refusal

RIS = b"TY  - JOUR\nTI  - Kites\nID  - 7\nER  - \n"
NBIB = b"PMID- 12345678\nTI  - Strings\n"
SMALL = Limits(total=50_000, ratio=20, free=2_000, members=5)


def zipped(*files, compression=zipfile.ZIP_DEFLATED, comment=b""):
    """A ZIP file of (name, bytes) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name) if name.endswith("/") else name, data)
        archive.comment = comment
    return out.getvalue()


def patched(data, signature, at, value, *, last=False):
    """The bytes with ``value`` put at ``at`` behind the (first or last) header that begins with the signature."""
    start = data.rindex(signature) if last else data.index(signature)
    return data[: start + at] + value + data[start + at + len(value) :]


def refused(data, said, limits=packed.LIMITS):
    """Unpacking refuses the archive with this reason; read as an export, it is one rejected piece with all its bytes."""
    found = packed.unpack(data, limits)
    assert isinstance(found, Refusal), found
    assert said in found.reason
    if limits is packed.LIMITS:
        assert packed.members(data) == [Member("", data)]
        parsed = detect.read(data)
        [piece] = parsed.rejected
        assert (parsed.starts, parsed.references, piece.data) == (1, (), data)
        assert found.reason in piece.reason


# What is in order.


@pytest.mark.parametrize("data", [b"", b"TY  - JOUR", b"\x1f\x8b", b"PK", b"PK\x03", b"%PDF-1.7"])
def test_files_that_are_not_packed(data):
    assert packed.kind(data) is None
    assert packed.members(data) == [Member("", data)]
    assert isinstance(packed.unpack(data), Refusal)


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (gzip.compress(RIS, mtime=0), [("", RIS)]),
        (gzip.compress(RIS, mtime=0) + gzip.compress(NBIB, mtime=0), [("", RIS + NBIB)]),
        (gzip.compress(RIS, mtime=0) + b"\0" * 512, [("", RIS)]),  # as tape programs fill up
        (gzip.compress(b"", mtime=0), [("", b"")]),
        (zipped(("a.ris", RIS), ("sub/b.nbib", NBIB)), [("a.ris", RIS), ("sub/b.nbib", NBIB)]),
        (zipped(("a.ris", RIS), compression=zipfile.ZIP_STORED, comment=b"exported"), [("a.ris", RIS)]),
        (zipped(("empty.ris", b""), ("a.ris", RIS)), [("empty.ris", b""), ("a.ris", RIS)]),
        (zipped(("sub/", b""), ("a.ris", RIS), ("__MACOSX/._a.ris", b"x"), ("sub/.DS_Store", b"x"), ("Thumbs.db", b"x")),
         [("a.ris", RIS)]),
        (zipped(("größe 2020.ris", RIS)), [("größe 2020.ris", RIS)]),
    ],
)  # fmt: skip
def test_files_come_out_whole_and_in_order(data, files):
    assert packed.unpack(data) == packed.members(data) == [Member(name, content) for name, content in files]


def test_a_zip_that_was_written_to_a_pipe_is_read():
    class Pipe(io.RawIOBase):
        """Cannot be sought, so that sizes stand behind the data."""

        def __init__(self):
            self.written = b""

        def writable(self):
            return True

        def write(self, data):
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ris", RIS)
    assert pipe.written[6] & 0x08  # sizes are not in the head of the entry
    assert packed.unpack(pipe.written) == [Member("a.ris", RIS)]


def test_what_an_archive_holds_is_read_as_exports_and_located_in_its_own_bytes():
    data = zipped(("a.ris", RIS), ("b.nbib", NBIB))
    parsed = detect.read(data)
    assert [one.title for one in parsed.references] == ["Kites", "Strings"]
    assert (parsed.format, parsed.starts, parsed.warnings) == ("zip", 2, ("from a .zip with 2 files",))
    for member in packed.members(data):
        [one] = detect.read(member.data).references
        assert (one.offset, one.length) == (0, len(member.data))


def test_a_member_that_is_no_export_is_rejected_by_name_and_takes_no_other_with_it():
    parsed = detect.read(zipped(("a.ris", RIS), ("read me.pdf", b"%PDF-1.7 nothing")))
    assert [one.title for one in parsed.references] == ["Kites"]
    [piece] = parsed.rejected
    assert (piece.data, piece.reason.startswith("read me.pdf: ")) == (b"%PDF-1.7 nothing", True)


def test_an_archive_in_an_archive_is_unpacked_and_one_in_that_is_not():
    inner = zipped(("a.ris", RIS), ("b.ris", RIS))
    assert packed.unpack(zipped(("in.zip", inner), ("c.ris", NBIB))) == [
        Member("in.zip/a.ris", RIS), Member("in.zip/b.ris", RIS), Member("c.ris", NBIB)
    ]  # fmt: skip
    assert packed.unpack(zipped(("a.ris.gz", gzip.compress(RIS, mtime=0)))) == [Member("a.ris.gz", RIS)]
    assert packed.unpack(gzip.compress(zipped(("a.ris", RIS)), mtime=0)) == [Member("a.ris", RIS)]
    refused(zipped(("x.zip", zipped(("in.zip", inner)))), "an archive in an archive in an archive (x.zip/in.zip)")
    refused(gzip.compress(gzip.compress(gzip.compress(RIS)), mtime=0), "an archive in an archive in an archive")


def test_an_office_file_is_not_unpacked_and_inside_an_archive_it_alone_is_rejected():
    sheet = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    refused(sheet, "save the sheet as CSV")
    assert packed.unpack(zipped(("a.ris", RIS), ("b.xlsx", sheet))) == [Member("a.ris", RIS), Member("b.xlsx", sheet)]
    parsed = detect.read(zipped(("a.ris", RIS), ("b.xlsx", sheet)))
    assert (len(parsed.references), len(parsed.rejected)) == (1, 1)
    assert "save the sheet as CSV" in parsed.rejected[0].reason


# Bombs: refused after the limit, however little was sent, and whatever sizes are stated.


@pytest.mark.fault(45)
def test_a_gzip_bomb_is_refused():
    refused(gzip.compress(b"\0" * 50_000_000, mtime=0), "more than 200 times its size")
    refused(gzip.compress(b"TY  - JOUR " * 4_000, mtime=0), "more than 20 times its size", SMALL)


@pytest.mark.fault(45)
def test_a_zip_bomb_is_refused():
    refused(zipped(("a.ris", b"\0" * 50_000_000)), "more than 200 times its size (a.ris)")
    lying = patched(zipped(("a.ris", b"\0" * 50_000_000)), b"PK\x01\x02", 24, struct.pack("<I", 38))
    refused(lying, "more than 200 times its size")
    spread = zipped(*((f"{number}.ris", b"\0" * 900_000) for number in range(5)))  # each alone would pass
    refused(spread, "more than 200 times its size")


def test_the_limit_of_all_files_together_counts_what_is_in_archives_inside():
    noise = bytes(zlib.crc32(bytes([i % 251, i // 251])) % 256 for i in range(30_000))
    assert len(packed.unpack(zipped(("a", noise)), SMALL)) == 1
    refused(zipped(("a", noise), ("b", noise[::-1])), "more than 0 MiB", SMALL)
    refused(zipped(("a", noise), ("in.zip", zipped(("b", noise[::-1])))), "more than 0 MiB", SMALL)


@pytest.mark.fault(45)
def test_a_bomb_is_not_unpacked_whole_before_it_is_refused(monkeypatch):
    out = []
    counted = packed._Budget.bytes

    def count(budget, new, *rest):
        out.append(new)
        counted(budget, new, *rest)

    monkeypatch.setattr(packed._Budget, "bytes", count)
    bomb = gzip.compress(b"\0" * 200_000_000, mtime=0)
    assert isinstance(packed.unpack(bomb), Refusal)
    assert max(out) <= 65_536
    assert sum(out) <= packed.LIMITS.ratio * len(bomb) + 65_536


def test_what_comes_out_counts_against_all_bytes_that_it_was_made_of():
    noise = bytes(zlib.crc32(bytes([i % 251, i // 251])) % 256 for i in range(1_500))
    files = [("a", noise), ("b", noise[::-1]), ("c", b"\0" * 30_000)]
    assert len(packed.unpack(zipped(*files), SMALL)) == 3  # 33,000 bytes out of more than 3,000
    refused(zipped(*files[2:]), "more than 20 times its size", SMALL)


def test_a_list_of_contents_that_is_far_too_long_is_not_even_read(monkeypatch):
    data = zipped(*((f"{number}", b"") for number in range(30)))
    monkeypatch.setattr(packed.zipfile, "ZipFile", None)
    refused(data, "more than 5 files", SMALL)


@pytest.mark.fault(45)
def test_an_archive_of_very_many_files_is_refused():
    assert len(packed.unpack(zipped(*((f"{number}.ris", RIS) for number in range(5))), SMALL)) == 5
    refused(zipped(*((f"{number}.ris", RIS) for number in range(6))), "more than 5 files", SMALL)
    refused(zipped(*((f"{number}.ris", RIS) for number in range(30))), "more than 5 files", SMALL)
    inner = zipped(*((f"{number}.ris", RIS) for number in range(3)))
    assert len(packed.unpack(zipped(("in.zip", inner), ("a", RIS), ("b", RIS)), SMALL)) == 5
    refused(zipped(("x.zip", inner), ("y.zip", inner)), "more than 5 files", SMALL)


@pytest.mark.fault(45)
def test_entries_that_share_their_bytes_are_refused():
    one = zipped(("a.ris", RIS * 20), compression=zipfile.ZIP_STORED)
    at = one.index(b"PK\x01\x02")
    listed = one[at : one.index(b"PK\x05\x06")]
    twice = listed + listed.replace(b"a.ris", b"b.ris")
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(twice), at, 0)
    refused(one[:at] + twice + end, "states false sizes")


# Lies and damage.


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    ("at", "value"), [(24, struct.pack("<I", 5)), (24, struct.pack("<I", 500)), (16, b"\0\0\0\0")], ids=["short", "long", "crc"]
)
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_size_or_checksum_that_is_not_so_is_told(at, value, compression):
    data = zipped(("a.ris", RIS * 5), compression=compression)
    refused(patched(data, b"PK\x01\x02", at, value), "has not the size and checksum that it states")


def test_more_packed_bytes_than_there_are_is_told():
    data = patched(zipped(("a.ris", RIS)), b"PK\x01\x02", 20, struct.pack("<I", 4_000_000))
    refused(data, "states false sizes")


def test_a_list_that_leads_nowhere_is_told():
    data = zipped(("a.ris", RIS), ("b.ris", NBIB))
    refused(patched(data, b"PK\x01\x02", 42, struct.pack("<I", 7), last=True), "is not where its list says")


@pytest.mark.fault(46, 47)
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\kites.ris", "..\\..\\a.ris", "a\x00b.ris", "a\nb\x1b[31m"]
)
def test_names_are_never_paths_and_are_shown_on_one_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = zipped(("PLACE" + "_" * (len(name) - 5), RIS)) if len(name) > 5 else zipped((name, RIS))
    data = data.replace(b"PLACE" + b"_" * (len(name) - 5), name.encode())
    [member] = packed.unpack(data)
    assert (member.data, member.name.isprintable()) == (RIS, True)
    assert list(tmp_path.iterdir()) == []
    parsed = detect.read(data)
    assert [one.title for one in parsed.references] == ["Kites"]


def test_a_file_without_a_name_is_read():
    data = zipped(("a", RIS))
    data = patched(patched(data, b"PK\x03\x04", 26, b"\0\0\x01\0"), b"PK\x01\x02", 28, b"\0\0\0\0\x01\0")
    assert packed.unpack(data) == [Member("", RIS)]


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_entry_that_goes_on_behind_the_end_of_the_file_is_told(compression):
    data = zipped(("a.ris", RIS), compression=compression)
    refused(patched(data, b"PK\x03\x04", 28, struct.pack("<H", 300)), "'a.ris' goes on behind its end")  # by its head


@pytest.mark.fault(47)
def test_a_very_long_name_is_shortened():
    [member] = packed.unpack(zipped(("k" * 5_000 + ".ris", RIS)))
    assert len(member.name) == 100


def test_two_files_of_one_name_are_told():
    data = zipped(("a.ris", RIS), ("b.ris", NBIB)).replace(b"b.ris", b"a.ris")
    refused(data, "2 files named 'a.ris'")


def test_a_password_is_told():
    data = zipped(("a.ris", RIS))
    data = patched(patched(data, b"PK\x03\x04", 6, b"\x01\0"), b"PK\x01\x02", 8, b"\x01\0")
    refused(data, "a password on 'a.ris'")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_uncommon_compression_is_told(compression):
    refused(zipped(("a.ris", RIS), compression=compression), "an uncommon compression of 'a.ris'")


@pytest.mark.parametrize("data", [zipped(), zipped(("sub/", b"")), zipped(("__MACOSX/a", b"x"))])
def test_an_archive_without_files_is_told(data):
    refused(data, "no file in it")


@pytest.mark.parametrize("cut", [1, 7, 8, 9, 20, 40])
def test_a_gzip_that_breaks_off_is_told(cut):
    whole = gzip.compress(bytes(range(256)) * 4 + RIS, mtime=0)
    refused(whole[:-cut], "breaks off")


def test_a_gzip_with_damage_in_it_is_told():
    whole = bytearray(gzip.compress(bytes(range(256)) * 4 + RIS, mtime=0))
    refused(bytes(whole[:-8]) + b"\0\0\0\0" + bytes(whole[-4:]), "damaged gzip file")  # its checksum
    refused(gzip.compress(RIS, mtime=0) + b"TY  - JOUR", "something else after its end")
    refused(gzip.compress(RIS, mtime=0) + gzip.compress(NBIB, mtime=0)[:-3], "breaks off")


@pytest.mark.parametrize("cut", [1, 10, 22, 30, 60])
def test_a_zip_that_breaks_off_is_told(cut):
    refused(zipped(("a.ris", RIS))[:-cut], "cannot be opened")


def test_damage_inside_a_member_is_told():
    data = bytearray(zipped(("a.ris", bytes(range(256)) * 4)))
    data[60] ^= 0xFF
    refused(bytes(data), "a.ris")


def accounted(data):
    """Whatever the bytes are, they come out as members or are refused, and reading them accounts for each start."""
    found = packed.unpack(data, SMALL)
    assert isinstance(found, Refusal) or all(isinstance(member, Member) for member in found)
    if isinstance(found, list):
        assert sum(len(member.data) for member in found) <= SMALL.total
        assert len(found) <= SMALL.members
    parsed = detect.read(data)
    assert parsed.starts == len(parsed.references) + len(parsed.rejected)


WHOLE = st.sampled_from([
    zipped(("a.ris", RIS), ("b.nbib", NBIB)), zipped(("a.ris", RIS), compression=zipfile.ZIP_STORED),
    gzip.compress(RIS, mtime=0),
    zipped(("in.zip", zipped(("a.ris", RIS)))), gzip.compress(zipped(("a.ris", RIS)), mtime=0), zipped(("größe.ris", RIS)),
])  # fmt: skip


@given(WHOLE, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4), st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_no_damage_raises(data, flips, cut):
    damaged = bytearray(data[: len(data) - cut] if cut < len(data) // 2 else data)
    for at, byte in flips:
        damaged[at % len(damaged)] = byte
    accounted(bytes(damaged))


@given(st.sampled_from([b"\x1f\x8b\x08", b"PK\x03\x04", b"PK\x05\x06", b""]), st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
@example(b"PK\x05\x06", b"\0" * 18)
def test_no_bytes_raise(begin, data):
    accounted(begin + data)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_what_was_packed_comes_out(files, stored):
    files = [data for data in files if packed.kind(data) is None] or [b""]
    named = [(f"{number}.txt", data) for number, data in enumerate(files)]
    data = zipped(*named, compression=zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    assert packed.unpack(data) == [Member(*one) for one in named]
    assert packed.unpack(gzip.compress(files[0], mtime=0)) == [Member("", files[0])]
