"""Which format a file is in, told from its content; suffixes lie (PubMed saves MEDLINE as .txt, EBSCO saves RIS as .txt).

Pages that a connector brought are read by the format that it names, as their content does not always tell: a page without
hits looks the same everywhere, and what a saved web page means depends on selectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tasks.formats import (
    bibtex,
    clinicaltrials,
    core,
    crossref,
    csl_json,
    datacite,
    doaj,
    endnote_xml,
    eric,
    europepmc,
    feed,
    govuk,
    medline,
    openalex,
    ovid,
    packed,
    proquest,
    pubmed_xml,
    refer,
    result_page,
    ris,
    scopus_api,
    search_table,
    semanticscholar,
    table,
    webpage,
    wordpress,
    wos_starter,
    wos_table,
    wos_tagged,
)
from tasks.formats.reference import Parsed, Reference, Rejected
from tasks.formats.text import Text, decode
from tasks.formats.undisturbed import undisturbed

Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: ``first`` finds the 0-based line at which it can be told, if the text has one; ``parse`` reads the text.

    ``parse_settings`` reads it with what its content does not tell, such as the selectors of a saved page.
    """

    name: str
    first: Callable[[Text], int | None]
    parse: Callable[[Text], Parsed]
    parse_settings: Callable[[Text, Settings], Parsed] | None = None

    def read(self, text: Text, settings: Settings) -> Parsed:
        """Reads a text that is known to be of this format; settings that it does not have are left aside."""
        return self.parse(text) if self.parse_settings is None else self.parse_settings(text, settings)


def _asked(name: str, parse_settings: Callable[[Text, Settings], Parsed]) -> Format:
    """A format that is never recognised, only read where it is named."""
    return Format(name, lambda _text: None, lambda text: parse_settings(text, {}), parse_settings)


FORMATS = (
    Format(openalex.NAME, openalex.first, openalex.parse_text),
    Format(crossref.NAME, crossref.first, crossref.parse_text),
    Format(datacite.NAME, datacite.first, datacite.parse_text),
    Format(semanticscholar.NAME, semanticscholar.first, semanticscholar.parse_text),
    Format(core.NAME, core.first, core.parse_text),
    Format(doaj.NAME, doaj.first, doaj.parse_text),
    Format(eric.NAME, eric.first, eric.parse_text),
    Format(europepmc.NAME, europepmc.first, europepmc.parse_text),
    Format(clinicaltrials.NAME, clinicaltrials.first, clinicaltrials.parse_text),
    Format(scopus_api.NAME, scopus_api.first, scopus_api.parse_text),
    Format(wos_starter.NAME, wos_starter.first, wos_starter.parse_text),
    Format(govuk.NAME, govuk.first, govuk.parse_text),
    Format(wordpress.NAME, wordpress.first, wordpress.parse_text),
    Format(wos_tagged.NAME, wos_tagged.first, wos_tagged.parse_text),
    Format(refer.NAME, refer.first, refer.parse_text),
    Format(ovid.NAME, ovid.first, ovid.parse_text),
    Format(proquest.NAME, proquest.first, proquest.parse_text),
    Format(csl_json.NAME, csl_json.first, csl_json.parse_text),
    Format(pubmed_xml.NAME, pubmed_xml.first, pubmed_xml.parse_text),
    Format(feed.NAME, feed.first, feed.parse_text, feed.parse_settings),
    Format(endnote_xml.NAME, endnote_xml.first, endnote_xml.parse_text),
    Format(bibtex.NAME, bibtex.first, bibtex.parse_text),
    Format(ris.NAME, ris.first, ris.parse_text),
    Format(medline.NAME, medline.first, medline.parse_text),
    Format(wos_table.NAME, wos_table.first, wos_table.parse_text),
    Format(search_table.NAME, search_table.first, search_table.parse_text),
    Format(table.NAME, table.first, table.parse_text),
    _asked(webpage.NAME, webpage.parse_settings),
    _asked(result_page.NAME, result_page.parse_settings),
)

_SEEN = (  # formats that are recognised only to tell people what they have sent
    (re.compile(rb"PK\x03\x04"), "a ZIP or Excel file; save the sheet as CSV"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Office file; save the sheet as CSV"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\x28\xb5\x2f\xfd|\xfd7zXZ|7z\xbc\xaf|Rar!|BZh[1-9]1AY"), "a compressed file; unpack it first"),
    (re.compile(rb"(?s).{257}ustar"), "a tar archive; unpack it first"),
    (re.compile(rb"(?i)\s*<(?:!doctype html|html)"), "a web page; use the export of the database instead"),
    (re.compile(rb"\s*<\?xml|\s*<[A-Za-z]+[ >]"), "XML of no source that is known; export as RIS instead"),
    (re.compile(rb"\s*[\[{]\s*[\"{\]}]"), "JSON of no source that is known; export as RIS instead"),
    (re.compile(rb"(?i)(?:[^@]*\n)?[ \t]*@[a-z]+\s*\{"), "BibTeX in which no entry begins; export it again"),
    (re.compile(rb"(?m)(?:.*\n){0,50}?ER  ?-"), "RIS without a TY line, so that no record has a beginning"),
)


def read(data: bytes, format: str | None = None, settings: Settings | None = None) -> Parsed:
    """Recognise the format of a file and read it, or read it by the format that is named, with its settings if it has such.

    Where several formats could be meant (an abstract in a spreadsheet quotes RIS), the one that shows itself in the earliest
    line is taken, and in the same line the one that stands first in `FORMATS`. A .gz or .zip is unpacked first; then offsets
    are those in the unpacked bytes, and from the second file of a .zip on larger by the sizes of the files before it. Whoever
    keeps the files stores `packed.members` one by one instead, so that offsets lead to the bytes.

    Raises ValueError for a format that nobody knows.
    """
    with undisturbed():
        if format is not None:
            known, text = _named(format), decode(data)
            return _empty(text) or known.read(text, settings or {})
        packing = packed.kind(data)
        return _recognised(decode(data)) if packing is None else _unpacked(data, packing)


def _named(name: str) -> Format:
    found = next((known for known in FORMATS if known.name == name), None)
    if found is None:
        raise ValueError(f"format {name!r} is not known; the formats are {', '.join(known.name for known in FORMATS)}")
    return found


def _empty(text: Text) -> Parsed | None:
    if any(line.strip() for line in text.lines):
        return None
    return Parsed("empty", text.encoding, 0, warnings=("the file is empty",))


def _recognised(text: Text) -> Parsed:
    if empty := _empty(text):
        return empty
    found: Format | None = None
    window = text
    for known in FORMATS:
        line = known.first(window)
        if line is not None:
            found = known
            window = replace(text, lines=text.lines[:line], offsets=text.offsets[: line + 1])  # only earlier lines can beat it
    return found.parse(text) if found else _unknown(text.data, text.encoding, _guess(text), text.warnings)


def _unknown(data: bytes, encoding: str, why: str, warnings: tuple[str, ...] = ()) -> Parsed:
    reason = f"not a format that is known: {why}"
    return Parsed("unknown", encoding, 1, (), (Rejected(0, len(data), 1, reason, data),), warnings)


def _unpacked(data: bytes, packing: str) -> Parsed:
    """The references of all files in an archive together."""
    members = packed.unpack(data)
    if isinstance(members, packed.Refusal):
        return _unknown(data, "binary", f"it is {members.reason}")
    if len(members) == 1:
        parsed = _recognised(decode(members[0].data))
        return replace(parsed, warnings=(f"from a .{packing}", *parsed.warnings))
    return _together(members, packing)


def _together(members: list[packed.Member], packing: str) -> Parsed:
    references: list[Reference] = []
    rejected: list[Rejected] = []
    warnings = [f"from a .{packing} with {len(members):,} files"]
    formats: set[str] = set()
    encodings: set[str] = set()
    before = 0
    for member in members:
        parsed = _recognised(decode(member.data))
        references += [replace(one, offset=before + one.offset) for one in parsed.references]
        rejected += [replace(one, offset=before + one.offset, reason=f"{member.name}: {one.reason}") for one in parsed.rejected]
        warnings += [f"{member.name}: {warning}" for warning in parsed.warnings]
        formats.add(parsed.format)
        encodings.add(parsed.encoding)
        before += len(member.data)
    formats = formats - {"empty"} or formats
    return Parsed(
        formats.pop() if len(formats) == 1 else packing, encodings.pop() if len(encodings) == 1 else "several",
        len(references) + len(rejected), tuple(references), tuple(rejected), tuple(warnings),
    )  # fmt: skip


def _guess(text: Text) -> str:
    head = text.data.removeprefix(b"\xef\xbb\xbf")[:65_536]
    seen = next((what for pattern, what in _SEEN if pattern.match(head)), None)
    if seen:
        return f"it looks like {seen}"
    names = ", ".join(known.name for known in FORMATS)
    line = next(line for line in text.lines if line.strip())
    return f"no record of {names} starts anywhere in it; it begins with {' '.join(line.split())[:60]!r}"
