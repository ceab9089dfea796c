"""Values of single bibliographic fields, cleaned alike for every format: DOIs, pages, serial numbers, links, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

_DOI = re.compile(r"(?<![\d.])10\.\d{4,9}(?:\.\d+)*/\S+", re.IGNORECASE)
_DOI_HOST = re.compile(r"https?://(?:[\w-]+\.)*doi\.org(?:\.[\w.-]+)?/", re.IGNORECASE)
_LANDING = re.compile(r"(?:[?#].*|/(?:full|abstract|pdf|epdf|fulltext|summary|meta)/?)+$", re.IGNORECASE)
_LABEL = re.compile(r"[\[(]?\s*(?:doi|pii)\s*[\])]$", re.IGNORECASE)
_NO_PAGES = re.compile(r"n\.?\s?pag\.?|no (?:pagination )?specified|no pagination|n/?a|np", re.IGNORECASE)
_PAGE_WORD = re.compile(r"(?:pp?|pgs?|pages?)\.?\s*(?=\d)", re.IGNORECASE)
_RANGE = re.compile(r"(\w+)\s*[-‐‑–—−]+\s*(\w+)")
_ISSN = re.compile(r"(?<![\dXx-])(\d{4})-?(\d{3}[\dXx])(?![\dXx-])")
_ISBN = re.compile(r"(?<![\dXx-])(?:97[89]-?(?:\d-?){9}\d|(?:\d-?){9}[\dXx])(?![\dXx-])")
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[;,|])(?=https?://)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[^,]+(?:, [^, ][^,]*)?")
_BETWEEN = re.compile(r"\s*,\s*(?:and|&)\s+|\s+(?:and|&)\s+|\s*,\s*")
_INITIALS = re.compile(r"[^\W\d_a-z](?:[.\- ]{0,2}[^\W\d_a-z]){0,3}\.?")
_SHORT_NAME = re.compile(rf"\S*[a-z]\S*(?: \S+)*? {_INITIALS.pattern}")
_LONGEST = 60  # letters of a name with initials
_OTHERS = re.compile(r"(?:and |& )?(?:et\.? al\.?|others)", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:(?<=^)|(?<=\s))Copyright of .{1,300}? is the property of .*$", re.DOTALL)
_ABSENT = frozenset({"na", "n/a", "n.a.", "[no abstract available]", "no abstract available", "no abstract available."})


def doi(value: str | None) -> str | None:
    """The DOI in a value that is one, or a link to one: bare and in lower case (DOIs do not tell case apart: ISO 26324)."""
    if not value or "10." not in value:
        return None
    link = "://" in value
    if "%" in value and (link or "%2f" in value.lower()):
        value = unquote(value)
    found = _DOI.search(value)
    if not found:
        return None
    name = found[0]
    if link:
        name = _LANDING.sub("", name) if not _DOI_HOST.search(value) else name.split("?")[0].split("#")[0]
    name = _LABEL.sub("", name).rstrip(".,;:'\"”’>") if "<" not in name else name.rstrip(".,;'\"")
    for opening, closing in ("()", "[]"):
        while name.endswith(closing) and name.count(closing) > name.count(opening):
            name = name[:-1].rstrip(".,;")
    name = name.lower()
    return name if name.split("/", 1)[1] else None


def is_doi(value: str) -> bool:
    """Whether the value is nothing but a DOI, perhaps with ``doi:`` before it or as a link to doi.org."""
    bare = value.strip()
    if bare[:4].lower() == "doi:":
        bare = bare[4:].strip()
    return bool(_DOI_HOST.match(bare) or (_DOI.match(bare) and " " not in bare)) and doi(bare) is not None


def pages(first: str | None, last: str | None = None) -> str | None:
    """Pages as ``476-481``, or an article number as given; shortened ends are written out (475-82 is 475-482)."""
    if first and last and first.isdecimal() and last.isdecimal() and len(first) == len(last):
        return first if first == last else f"{first}-{last}"
    if first and last and _NO_PAGES.fullmatch(f"{first} {last}"):
        return None  # Ovid parts "No Pagination Specified" at a space
    first = None if first is None or _NO_PAGES.fullmatch(first) else _PAGE_WORD.sub("", first, count=1) or None
    last = None if last is None or _NO_PAGES.fullmatch(last) else _PAGE_WORD.sub("", last, count=1) or None
    if first is None or last is None or first == last:
        value = first or last
    elif _RANGE.fullmatch(first):
        value = first  # a range inside the first page says it all; the last page repeats its end
    else:
        value = f"{first}-{last}"
    found = _RANGE.fullmatch(value) if value else None
    if not found:
        return value
    start, end = found[1], found[2]
    if start.isdecimal() and end.isdecimal() and len(end) < len(start):
        whole = start[: -len(end)] + end
        end = whole if whole >= start else end  # 41103-1 is the first page of article 41103
    return start if start == end else f"{start}-{end}"


def serials(value: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ISSNs (1234-567X) and ISBNs (digits only) in values like ``0145-2134, 0145-2134`` or ``0-415-30980-8 (pbk.)``."""
    if one := _ISSN.fullmatch(value):
        return (f"{one[1]}-{one[2].upper()}",), ()
    issn: list[str] = []
    isbn: list[str] = []
    for part in re.split(r"[,;/|()]+", value):
        spaced = part.replace(" ", "").strip("-.: ")
        if _ISBN.fullmatch(spaced):
            isbn.append(spaced.replace("-", "").upper())
            continue
        isbn += [number.replace("-", "").upper() for number in _ISBN.findall(part)]
        issn += [f"{a}-{b.upper()}" for a, b in _ISSN.findall(_ISBN.sub(" ", re.sub(r"\bE?ISSN[-: ]*", " ", part)))]
    return unique(issn), unique(isbn)


def urls(value: str) -> tuple[tuple[str, ...], str | None]:
    """The http(s) links of a value, and what else it says: e-mail addresses, ORCIDs, links without a scheme."""
    if value.startswith("http") and _URL.fullmatch(value) and not _GLUED.search(value) and value[-1] not in ";,|/":
        return (value,), None
    links: list[str] = []
    rest: list[str] = []
    for part in _GLUED.split(value):
        links += [link.rstrip(";,|") for link in _URL.findall(part)]
        rest.append(_URL.sub(" ", part))
    left = " ".join(" ".join(rest).split()).strip(";,| ")
    return unique(link for link in links if len(link) > len("https://")), left or None


def _joined(value: str) -> list[str]:
    """The names of a value that should be one name and is a list of names with initials, parted by commas or "and"."""
    if value.count(",") < 2 and " and " not in value and "&" not in value:
        return [value]
    pieces = [piece for piece in _BETWEEN.split(value) if piece]
    if len(pieces) > 3 and len(pieces) % 2 == 0 and all(map(_INITIALS.fullmatch, pieces[1::2])):
        return [f"{family}, {given}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    short = len(pieces) > 2 and all(len(piece) <= _LONGEST and _SHORT_NAME.fullmatch(piece) for piece in pieces)
    return pieces if short else [value]


def names(value: str) -> tuple[tuple[str, ...], str | None]:
    """The names in one author field, comma and space between family and given; "et al." comes back apart, it is nobody."""
    if ";" not in value and _PLAIN_NAME.fullmatch(value) and not value.lower().endswith(("al", "al.", "others")):
        return (value,), None
    found: list[str] = []
    others: str | None = None
    for part in [one for several in value.split(";") for one in _joined(several.strip())]:
        name = ", ".join(piece.strip() for piece in part.split(",") if piece.strip())
        if _OTHERS.fullmatch(name):
            others = name
        elif name:
            found.append(name)
    return tuple(found), others


def abstract(values: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """The abstract out of one or several values, and EBSCO's "Copyright of … is the property of …" apart: it is no abstract."""
    parts: list[str] = []
    tails: list[str] = []
    for value in values:
        tail = _COPYRIGHT.search(value) if "Copyright of " in value else None
        if tail:
            tails.append(tail[0])
            value = value[: tail.start()].rstrip()
        if value and value.lower() not in _ABSENT and value not in parts:
            parts.append(value)
    return " ".join(parts) or None, tuple(tails)


def pmid(value: str | None) -> str | None:
    """The PubMed number in ``29097493``, ``29097493[pmid]``, ``PMID: 29097493`` or ``MEDLINE:29097493``."""
    found = re.fullmatch(r"(?:PMID:?|MEDLINE:)?\s*(\d{1,8})\s*(?:\[pmid\])?", value or "", re.IGNORECASE)
    return found[1].lstrip("0") or None if found else None


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values once each, in the order of their first appearance."""
    return tuple(dict.fromkeys(values))
