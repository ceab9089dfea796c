"""The fields of one BibTeX entry to a reference: names of BibTeX, biblatex, Scopus, EBSCO, Web of Science and JabRef.

What no field takes stays in ``other`` under its own name, in small letters: nothing is dropped unread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

from tasks.formats import columns, fields, latex, markup, people, tagged
from tasks.formats.reference import Reference
from tasks.formats.tagged import Values
from tasks.formats.text import clean, damaged

TYPES = {  # of BibTeX and biblatex, and of exporters
    **dict.fromkeys(("article", "periodical", "suppperiodical", "review", "newspaper"), "article"),
    **dict.fromkeys(
        ("inbook", "incollection", "bookinbook", "suppbook", "inreference", "suppcollection"), "chapter"),
    **dict.fromkeys(
        ("book", "mvbook", "booklet", "collection", "mvcollection", "reference", "mvreference", "ebook"), "book"),
    **dict.fromkeys(("inproceedings", "conference", "proceedings", "mvproceedings"), "conference"),
    **dict.fromkeys(("report", "techreport", "manual", "standard", "unpublished"), "report"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "thesis"),
    **dict.fromkeys(("online", "electronic", "www", "webpage"), "webpage"),
    **dict.fromkeys(("dataset", "data"), "dataset"),
    **dict.fromkeys(
        ("misc", "patent", "software", "artwork", "audio", "video", "image", "movie", "music", "performance", "legislation",
         "legal", "jurisdiction", "commentary", "letter", "bibnote", "presentation", "other", "generic"), "other"),
}  # fmt: skip
_PLAIN = frozenset({  # types of which nothing is lost in our name for them
    "article", "incollection", "book", "inproceedings", "report", "phdthesis", "online", "dataset", "misc",
})  # fmt: skip

_NAMES = ("author",)
_KEYWORDS = ("author_keywords", "keywords", "keyword", "keywords-plus")
_PROSE = frozenset({"title", "subtitle", "abstract"})
_LITERAL = frozenset({"doi", "url", "urls", "howpublished", "link", "ee", "issn", "eissn", "isbn", "pmid", "eprint", "pages"})
_PATHS = frozenset({"file", "local-url", "localfile", "pdf"})
_JOURNAL = ("fjournal", "journaltitle", "journal", "booktitle", "maintitle", "series")
_PAGES = ("pages", "art_number", "article-number", "articleno", "eid")
_LINKS = ("url", "urls", "howpublished", "link", "ee", "eprint")
_NOTES = ("note", "annote", "annotation", "comment", "comments")
_ACCESSION = ("unique-id", "unique_id", "accession", "accession_number", "accession-number")
_PUBLISHER = ("publisher", "school", "institution", "organization")
_INHERITED = (  # of the whole by its parts; a title of the whole is the book's title of the part
    "booktitle", "maintitle", "editor", "publisher", "organization", "address", "location", "series", "volume", "issn", "isbn",
)  # fmt: skip
_DATED = ("date", "year", "month")
_LINKED_ID = re.compile(r"scopus\.com/\S*[?&]eid=(2-s2\.0-\d+)|ebscohost\.com/\S*[?&]AN=([\w.-]+)", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:and\s+)*", re.IGNORECASE)
_READY = re.compile(r"[^\W\d_][\w.'’ -]*, [^\W\d_][\w.'’ -]*")  # as it is to be
_OTHERS = re.compile(r"others|et\.? al\.?", re.IGNORECASE)
_INITIALS = re.compile(r"[^\W\d_](?:[.\- ]?[^\W\d_]){0,2}\.?")
_SUFFIX = re.compile(r"(?:[JS]r|I{1,3}|I?V)\.?", re.IGNORECASE)
_BODY = re.compile(r"(?<!\S)(?:of|for|the|on|in|und|für|&)(?!\S)")


def reference(
    offset: int, length: int, name: str, key: str | None, pairs: Sequence[tuple[str, str]], noticed: tuple[str, ...] = ()
) -> Reference | None:
    """The reference of an entry's (field, raw value) pairs; ``None`` if none of them says anything.

    ``name`` is the entry's type, ``noticed`` what was damaged in it.
    """
    raw: dict[str, list[str]] = {}
    for field, value in pairs:
        raw.setdefault(field.lower(), []).append(value)
    authors, others = _people([value for field in _NAMES for value in raw.pop(field, [])])
    keywords = _keywords([value for field in _KEYWORDS for value in raw.pop(field, [])])
    values = Values([*_dated(raw), *((field, _read(field, value)) for field, many in raw.items() for value in many)])
    if not (authors or keywords or values):
        return None
    for other in others:
        values.leave("author", other)
    kind = _type(name, values)
    year, date, warnings = _when(values)
    title = values.first("title")
    subtitle = values.first("subtitle")
    if title and subtitle and subtitle.lower() not in title.lower():
        title = f"{title} {subtitle}" if title[-1] in ":?!." else f"{title}: {subtitle}"
    journal = values.first(*_JOURNAL)
    pages = fields.pages(values.first(*_PAGES))
    doi = tagged.doi(values, ("doi",)) or tagged.linked_doi(values, _LINKS)
    issn, isbn = tagged.serials(values, ("issn", "eissn", "isbn"))
    abstract = tagged.abstract(values, ("abstract",))
    database = values.first("database", "source")
    accession, pmid = _ids(values, key, database)
    volume, issue = values.first("volume"), values.first("number", "issue")
    language, publisher = values.first("language", "langid"), values.first(*_PUBLISHER)
    links = tagged.urls(values, _LINKS)
    notes = tuple(note for field in _NOTES for note in values.take(field) if note != "NULL")  # Mendeley writes it for none
    types = (value for field in ("document_type", "type") for value in values.seen(field))
    notices = tagged.notices(part for value in types for part in value.split(";"))
    damage = damaged((("title", title), ("authors", authors), ("journal", journal), ("abstract", abstract)))
    return Reference(
        offset=offset, length=length, type=kind, title=title or subtitle, authors=authors, year=year, date=date,
        journal=journal, volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn, isbn=isbn, abstract=abstract,
        keywords=keywords, language=language, publisher=publisher, urls=links, accession=accession, database=database,
        notes=notes, notices=notices, other=values.rest(), warnings=(*noticed, *warnings, *damage),
    )  # fmt: skip


def inherited(pairs: Sequence[tuple[str, str]], parent: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What an entry takes from the one that its ``crossref`` names: what it does not say itself."""
    own = {name.lower() for name, _ in pairs}
    whole = {name.lower(): value for name, value in reversed(parent)}
    found = [(name, whole[name]) for name in _INHERITED if name in whole and name not in own]
    if "title" in whole and "booktitle" not in whole and not own & {"booktitle", "journal", "journaltitle"}:
        found.append(("booktitle", whole["title"]))
    return found if own & {"date", "year"} else [*found, *((name, whole[name]) for name in _DATED if name in whole)]


def _read(field: str, value: str) -> str:
    if field in _PATHS:
        return value
    if field in _LITERAL:
        value = latex.literal(value)
        return re.sub(r"-{2,}", "-", value) if field == "pages" else value
    value = latex.plain(value)
    return markup.plain(value) or "" if field in _PROSE else value


def _dated(raw: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Month and day, which mean something only beside the year, as one date."""
    if not (raw.get("year") and raw.get("month")):
        return []
    year, month = (clean(latex.plain(raw[name][0])) or "" for name in ("year", "month"))
    day = clean(latex.plain(raw["day"][0])) if "day" in raw else None
    del raw["month"]
    raw.pop("day", None)
    number = month.isdecimal() and (day is None or day.isdecimal())
    return [("month", "-".join(part for part in (year, month, day) if part) if number else f"{day or ''} {month} {year}")]


def _when(values: Values) -> tuple[int | None, str | None, tuple[str, ...]]:
    said = [(tag, value) for tag in ("date", "year", "month") for value in values.seen(tag)]
    found = tagged.when(values, ("date", "year", "month"))
    if found[0] is None:
        for tag, value in said:  # "in press"
            if (tag, value) not in values.other:
                values.leave(tag, value)
    return found


def _type(name: str, values: Values) -> str:
    """The type; Scopus calls a chapter a book, and says what it is in ``document_type``."""
    kind = TYPES.get(name.lower(), "other")
    if name.lower() not in _PLAIN:
        values.leave("entrytype", name.lower())
    refined = columns.kind(next(iter(values.seen("document_type")), None))
    return kind if refined in (None, "other") else str(refined)


def _ids(values: Values, key: str | None, database: str | None) -> tuple[str | None, str | None]:
    """Accession and PubMed number. A database's own number says more than a key, which is made of author and year."""
    found = values.first(*_ACCESSION)
    if found is None:
        links = (_LINKED_ID.search(link) for link in values.seen("url"))
        found = next((match[1] or match[2] for match in links if match), None)
    pubmed = values.first("pmid", "pubmed_id", "pubmedid")
    if pubmed is None and any(value.lower() in ("pubmed", "pmid") for value in values.seen("eprinttype")):
        pubmed = values.first("eprint")
    pmid = fields.pmid(pubmed) or tagged.pmid(found, database)
    if pubmed and pmid != fields.pmid(pubmed):
        values.leave("pmid", pubmed)
    if found is not None and key != found:
        values.leave("key", key)
    return found or key, pmid


def _keywords(raw: Sequence[str]) -> tuple[str, ...]:
    """Keywords, parted at semicolons, else at line ends (EndNote), else at commas; not inside braces."""
    found: list[str | None] = []
    for value in raw:
        if _braced(value.strip()):
            value = value.strip()[1:-1]  # Web of Science has braces around all keywords together
        lines = [line for line in value.splitlines() if line.strip()]
        if ";" in value:
            mark = ";"
        elif len(lines) > 1 and not any(line.rstrip().endswith(",") for line in lines[:-1]):
            mark = "\n"
        else:
            mark = ","
        found += map(clean, map(latex.plain, _parted(value, mark)))
    return fields.unique(word for word in found if word)


def _parted(value: str, mark: str) -> list[str]:
    """The value parted at a mark outside braces."""
    plainly = value.split(mark)
    if all(part.count("{") == part.count("}") for part in plainly):
        return plainly
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"\\.|[{{}}{re.escape(mark)}]", value):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
        elif match[0] == mark and depth == 0:
            parts.append(value[start : match.start()])
            start = match.end()
    return [*parts, value[start:]] if depth == 0 else plainly


def _people(raw: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The names, and "others" apart, which is nobody."""
    found: list[str] = []
    others: list[str] = []
    for value in raw:
        one = " ".join(value.split())
        if _braced(one) and all(part.count(",") == 1 for part in _AND.split(one)):
            one = one[1:-1]  # Web of Science has braces around all authors together
        if " and " not in one.lower() and (";" in one or len(_parted(one, ",")) > 3):
            several, rest = people.names(latex.plain(one))
            found += several
            others += [rest] if rest else []
            continue
        names = _AND.split(one)
        if any(name.count("{") != name.count("}") for name in names):
            names = split_multiple_persons_names(one)  # an "and" in braces is part of a name
        for name in names:
            if name.lower() == "and":
                continue
            if _READY.fullmatch(name):
                found.append(name)
            elif _OTHERS.fullmatch(name.strip(" ,{}")):
                others.append(name.strip(" ,{}"))
            elif read := clean(_name(name.strip(" ,"))):
                found.append(read)
    return tuple(found), others


def _in_parts(name: str) -> str | None:
    """A name that biblatex writes by its parts: ``family=Berg, given=Jan, prefix=van der, useprefix=true``."""
    parts = [part.split("=", 1) for part in _parted(name, ",")]
    if any(len(part) < 2 for part in parts):
        return None
    said = {part.strip().lower(): " ".join(latex.plain(value).split()) for part, value in parts}
    family = " ".join(said[part] for part in ("prefix", "family") if said.get(part))
    return ", ".join(part for part in (family, said.get("given"), said.get("suffix")) if part) if said.get("family") else None


def _name(name: str) -> str:
    """``von Last, Jr, First`` and ``First von Last`` as "Last, First, Jr"; who is in braces, or no person, as given."""
    if _braced(name):
        return latex.plain(name)
    if "=" in name and (read := _in_parts(name)):
        return read
    raw, plain = _parted(name, ","), latex.plain(name).split(",")
    parts = [part.strip() for part in (plain if len(plain) == len(raw) else map(latex.plain, raw))]
    if len(parts) > 1:
        if len(parts) == 3 and _SUFFIX.fullmatch(parts[1]):
            parts = [parts[0], parts[2], parts[1]]
        return ", ".join(part for part in parts if part)
    whole = parts[0]
    words = whole.split()
    if len(words) < 2 or _BODY.search(whole) or whole.lower() == whole.upper():
        return whole
    if words[0].islower() and len(words) == 2:
        return whole  # "van Dijk" has no given name
    if _are_initials(words[-1]) and not _are_initials(words[0]):
        return whole  # "Doe JA", out of MEDLINE: BibTeX would take JA for the family name
    split = parse_single_name_into_parts(name, strict=False)
    family, given, suffix = (latex.plain(" ".join(words)) for words in (split.von + split.last, split.first, split.jr))
    return ", ".join(part for part in (family, given, suffix) if part)


def _are_initials(word: str) -> bool:
    return _INITIALS.fullmatch(word) is not None and word.isupper()


def _braced(value: str) -> bool:
    """Whether one pair of braces is around the whole value."""
    if not (value.startswith("{") and value.endswith("}")):
        return False
    depth = 0
    for match in re.finditer(r"\\.|[{}]", value[1:-1]):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth < 0:
            return False
    return depth == 0
