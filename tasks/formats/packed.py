"""Packed files: the exports inside a .gz or .zip, told from the content, under limits that a bomb cannot get past.

Names inside an archive are shown to people and never used as paths. Sizes that an archive states are not believed: bytes are
counted as they come out, so a file of a megabyte that would unpack to gigabytes is refused after the first of them.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

_GZIP = b"\x1f\x8b\x08"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_LOCAL, _LISTED = b"PK\x03\x04", b"PK\x01\x02"  # begin an entry, and its line in the list of contents
_STEP = 65_536  # bytes that come out at a time
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "Index/Document.iwa"})
_CLUTTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_DEEPEST = 2  # an archive, and an archive in it


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unpack to. ``ratio`` counts only beyond ``free`` bytes: short texts may repeat themselves."""

    total: int = 512 * 1024**2  # bytes of all members together
    ratio: int = 200  # bytes that come out of one byte
    free: int = 1024**2
    members: int = 1000


LIMITS = Limits()
WORKBOOK = Limits(total=256 * 1024**2)  # ten thousand abstracts are a tenth of it


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive; ``name`` is for people ("" inside a .gz, which holds but one)."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an archive is not unpacked, and what to do instead: "a ZIP file with a password on …; unpack it …"."""

    reason: str


class _Refused(Exception):
    """An archive is not unpacked."""


def kind(data: bytes) -> str | None:
    """``gz`` or ``zip`` where the bytes begin like one; an Excel or Word file is a ZIP file, too."""
    if data.startswith(_GZIP):
        return "gz"
    return "zip" if data.startswith(_ZIP) else None


def unpack(data: bytes, limits: Limits = LIMITS) -> list[Member] | Refusal:
    """The files in an archive, in its order, or the reason why none is taken: where one cannot be had, none is.

    An archive inside it is unpacked as well, one inside that is not. An Office document inside stays as it is. Directories and
    what macOS and Windows add of their own are passed over. Bytes that are no archive are refused.
    """
    try:
        return list(_opened(Member("", data), _Budget(limits), 1))
    except _Refused as refused:
        return Refusal(str(refused))


def members(data: bytes) -> list[Member]:
    """The files that are to be kept of a received one, each with the bytes in which its references are located.

    A file that is not packed is its own only member. So is an archive that is refused: when it is read, it is rejected with
    the reason.
    """
    found = unpack(data) if kind(data) else Refusal("not packed")
    return [Member("", data)] if isinstance(found, Refusal) else found


def office(data: bytes, limits: Limits = WORKBOOK) -> list[Member] | Refusal:
    """The parts of an Office document, or the reason why it is not opened: what reads it can then believe its sizes."""
    try:
        return list(_unzipped(Member("", data), _Budget(limits), documents=True))
    except _Refused as refused:
        return Refusal(str(refused))


@dataclass(slots=True)
class _Budget:
    """What has been unpacked so far, counted over an archive and those inside it."""

    limits: Limits
    out: int = 0
    count: int = 0

    def files(self, number: int) -> None:
        self.count += number
        if self.count > self.limits.members:
            raise _Refused(f"an archive with more than {self.limits.members:,} files; unpack it and put in only the exports")

    def bytes(self, new: int, out: int, used: int, name: str) -> None:
        """Counts ``new`` bytes, with which ``out`` bytes have come out of ``used`` bytes of one archive."""
        self.out += new
        if self.out > self.limits.total:
            most = f"{self.limits.total / 1024**2:,.0f} MiB"
            raise _Refused(f"an archive that unpacks to more than {most}; unpack it and put in its exports in parts")
        if out > max(self.limits.free, self.limits.ratio * used):
            raise _Refused(
                f"an archive that unpacks to more than {self.limits.ratio} times its size{_at(name)}, which exports do not; "
                f"if it holds exports all the same, unpack it and put them in"
            )


def _opened(archive: Member, budget: _Budget, depth: int) -> Iterator[Member]:
    """The members of an archive, those of an archive inside it in its place."""
    packed = kind(archive.data)
    if packed is None:
        raise _Refused("no archive")
    for member in _gunzipped(archive, budget) if packed == "gz" else _unzipped(archive, budget):
        inner = kind(member.data)
        if inner is None or (inner == "zip" and _is_office(member.data)):
            yield member
        elif depth == _DEEPEST:
            raise _Refused(f"an archive in an archive in an archive{_at(member.name)}; unpack it and put in the exports")
        else:
            budget.count -= 1  # what is in it counts, not it
            yield from _opened(member, budget, depth + 1)


def _gunzipped(archive: Member, budget: _Budget) -> Iterator[Member]:
    """The content of a gzip file, which may be several, one after another (RFC 1952); zeros may follow."""
    budget.files(1)
    where = _at(archive.name)
    parts: list[bytes] = []
    at = out = 0
    while archive.data.startswith(_GZIP, at):
        unpacker = zlib.decompressobj(wbits=31)
        for part, used in _inflated(unpacker, archive.data, at, len(archive.data), f"gzip file{where}"):
            out += len(part)
            budget.bytes(len(part), out, at + used, archive.name)
            parts.append(part)
        if not unpacker.eof:
            raise _Refused(f"a gzip file that breaks off{where}; get it again, its end is missing")
        at += used
    if archive.data[at:].strip(b"\0"):
        raise _Refused(f"a gzip file with something else after its end{where}; get it again or unpack it")
    yield Member(archive.name, b"".join(parts))


def _unzipped(archive: Member, budget: _Budget, documents: bool = False) -> Iterator[Member]:
    data, where = archive.data, _at(archive.name)
    if data.count(_LISTED) > 4 * budget.limits.members:  # before a list of millions is read; macOS doubles each file
        budget.files(budget.limits.members + 1)
    entries = [entry for entry in _listed(data, where, documents) if not _is_clutter(entry.filename)]
    _check(entries, data, where)
    budget.files(len(entries))
    out = before = 0
    for entry in entries:
        name = _shown(entry.filename, archive.name)
        parts: list[bytes] = []
        checksum = size = 0
        for part, used in _content(entry, data, name):
            size, out, checksum = size + len(part), out + len(part), zlib.crc32(part, checksum)
            budget.bytes(len(part), out, before + used, name)
            parts.append(part)
        if size != entry.file_size or checksum != entry.CRC:
            raise _Refused(f"a ZIP file in which {name!r} has not the size and checksum that it states; get it again")
        before += entry.compress_size
        yield Member(name, b"".join(parts))


def _listed(data: bytes, where: str, documents: bool) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            entries = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _Refused(f"a ZIP or Excel file that cannot be opened{where} ({error}); get it again") from None
    if not documents and _OFFICE.intersection(entry.filename for entry in entries):
        raise _Refused(f"an Excel or other Office file{where}; save the sheet as CSV")
    return entries


def _check(entries: list[zipfile.ZipInfo], data: bytes, where: str) -> None:
    """Raises `_Refused` for what can be told before anything is unpacked."""
    if not entries:
        raise _Refused(f"a ZIP file with no file in it{where}; make it again")
    for name, number in Counter(entry.filename for entry in entries).items():
        if number > 1:
            raise _Refused(f"a ZIP file with {number} files named {_shown(name)!r}{where}; unpack it and put in the right one")
    if sum(entry.compress_size for entry in entries) > len(data):
        raise _Refused(f"a ZIP file that states false sizes{where}; unpack it and put in its exports")
    for entry in entries:
        name = _shown(entry.filename)
        if entry.flag_bits & 0x1:
            raise _Refused(f"a ZIP file with a password on {name!r}{where}; unpack it and put in its exports")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Refused(f"a ZIP file with an uncommon compression of {name!r}{where}; unpack it and put in its exports")


def _content(entry: zipfile.ZipInfo, data: bytes, name: str) -> Iterator[tuple[bytes, int]]:
    """The bytes of an entry piece by piece, each with the number of packed bytes used so far."""
    head = data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or not head.startswith(_LOCAL):
        raise _Refused(f"a damaged ZIP file: {name!r} is not where its list says; get it again")
    start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    end = start + entry.compress_size
    if end > len(data):
        raise _Refused(f"a damaged ZIP file: {name!r} goes on behind its end; get it again")
    if entry.compress_type == zipfile.ZIP_STORED:
        yield data[start:end], entry.compress_size
    else:
        yield from _inflated(zlib.decompressobj(wbits=-15), data, start, end, f"ZIP file at {name!r}")


def _inflated(unpacker: zlib._Decompress, data: bytes, at: int, end: int, where: str) -> Iterator[tuple[bytes, int]]:
    """What comes out of ``data[at:end]`` piece by piece, each with the number of bytes used so far."""
    start, rest, part = at, b"", b""
    while not unpacker.eof and (rest or at < end or len(part) == _STEP):
        piece = rest or data[at : min(at + _STEP // 4, end)]
        at += 0 if rest else len(piece)
        try:
            part = unpacker.decompress(piece, _STEP)
        except zlib.error as error:
            raise _Refused(f"a damaged {where} ({error}); get it again") from None
        rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        yield part, at - start - len(rest)


def _is_office(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            return bool(_OFFICE.intersection(opened.namelist()))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False


def _is_clutter(name: str) -> bool:
    """Whether an entry is a directory, or what macOS and Windows add of their own."""
    return name.endswith("/") or name.startswith("__MACOSX/") or name.rpartition("/")[2] in _CLUTTER


def _shown(name: str, archive: str = "") -> str:
    """A name as people can read it, on one line and not too long."""
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in name)
    plain = plain if len(plain) <= 100 else plain[:99] + "…"
    return f"{archive}/{plain}" if archive else plain


def _at(name: str) -> str:
    return f" ({name})" if name else ""
