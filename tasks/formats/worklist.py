"""The CSV that goes out to people and comes back filled in.

Text from outside must not become a formula (OWASP, "CSV Injection"), and what comes back was saved by whatever spreadsheet
program the person has: other delimiters, other encodings, another order of rows. Pasting and sorting can move a title away from
its id; the ``check`` of each row shows it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tasks.formats.question import Question

LEADING = ("worklist_id", "task", "reviewer", "citation_id", "check")
REFERENCE = ("title", "authors", "year", "journal", "doi", "abstract")
ENTRY: dict[str, tuple[str, ...]] = {
    "title_abstract": ("decision", "note", "decided_on"),
    "title_abstract_conflict": ("votes", "decision", "note", "decided_on"),
    "retrieval": ("status", "note", "decided_on"),
    "full_text": ("decision", "reason", "note", "decided_on"),
    "full_text_conflict": ("votes", "decision", "reason", "note", "decided_on"),
}
REFUSED = "refused_because"
TAKEN = "taken"  # column of a marked copy: the `mark` of a row that was taken, so that it is not taken again
EXTRA = ""  # key of a row's cells beyond the last column: a sign of an unquoted delimiter

_PAPER = ("worklist_id", "citation_id", "record_id", "other_record_id")
_CELL_LIMIT = 32_000  # spreadsheet programs hold 32,767 UTF-16 units a cell and spill the rest into others
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NOT_A_NUMBER = re.compile(r"[abcdf]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a workbook writes a character that XML cannot hold (ECMA-376, ST_Xstring)


class NotAWorklist(Exception):
    """The file is no table with a column citation_id or record_id; the text says why, for the person who sent it."""


@dataclass(frozen=True)
class Worklist:
    """One file for one person: ``columns`` are all columns in order, ``rows`` their cells by column (absent: empty).

    It has all that the person owes of the task: what is new bears its ``id``, what was sent before that of the list on which it
    was, by which an answer is known in whatever file it comes. ``questions`` are the columns to fill in, ``guide`` what to do
    in sentences, and ``spare`` how many empty rows a paper gets for further groups of codes: a workbook shows them. A CSV, in
    which people add rows as they like, does not.
    """

    id: str
    task: str
    reviewer: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    questions: tuple[Question, ...] = ()
    guide: tuple[str, ...] = ()
    spare: int = 0

    @property
    def new(self) -> tuple[dict[str, str], ...]:
        """The rows that were not sent before."""
        return tuple(cells for cells in self.rows if cells["worklist_id"] == self.id)

    def without_new(self, name: str) -> Worklist:
        """What was sent before of it, under the name of the list that the person has."""
        return replace(self, id=name, rows=tuple(cells for cells in self.rows if cells["worklist_id"] != self.id))


@dataclass(frozen=True, slots=True)
class Owed:
    """What one person owes of one task, in papers, studies or pairs: how many were not sent yet, how many were, since when.

    ``whole``: what is new goes out however little it is.
    """

    task: str
    reviewer: str
    new: int
    sent: int
    since: datetime | None
    whole: bool = False


@dataclass(frozen=True)
class Row:
    """One row that came back. ``line`` is the row number that a spreadsheet program shows; the header is 1."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Refused:
    """One row that was not taken, and why, in words for the person who sent it."""

    line: int
    citation_id: str
    reason: str
    values: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file that came back. Every row has a value for every column, stripped of surrounding space."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def unused(wanted: str, known: Collection[str]) -> str:
    """``wanted``, or with the first free number: several lists may go out on one day."""
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(known) + 2))
    return next(name for name in numbered if name not in known)


def check(worklist_id: str, citation_id: str, title: str) -> str:
    """Twelve hexadecimal digits of the SHA-256 of the three: they fit as long as id and title are those that were sent.

    Runs of space count as one, as programs rewrite line ends. They are the first twelve digits that a spreadsheet program
    cannot take for a number (it would show 1.2E+11 and save that): nearly always simply the first twelve. A title with
    ``_x000D_`` in it counts as one with that character: not every program that saves workbooks tells the two apart.
    """
    return _digits(worklist_id, citation_id, " ".join(unescaped(title).split()))


def mark(values: Mapping[str, str]) -> str:
    """Twelve hexadecimal digits that change with any cell of a row, but for what a marked copy adds to it."""
    kept = {name: " ".join(text.split()) for name, text in values.items() if name not in (REFUSED, TAKEN)}
    return _digits(*(f"{name}={text}" for name, text in sorted(kept.items()) if text))


def unescaped(text: str) -> str:
    """``text`` with each ``_x000B_`` as the character that it stands for."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _digits(*parts: str) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
    if _NOT_A_NUMBER.search(digest, 0, 12):
        return digest[:12]
    windows = (digest[start : start + 12] for start in range(1, len(digest) - 11))
    return next((window for window in windows if _NOT_A_NUMBER.search(window)), digest[:12])


def fits(values: Mapping[str, str], title: str) -> bool:
    """Whether a row's check fits what the row says.

    A file saved in a code page has lost the letters that the page lacks (they became ``?``). Then the check cannot fit the
    row's own title; it may fit ``title``, the one that we hold, if the two are the same but for letters outside ASCII.
    """
    worklist_id, citation_id, given = values.get("worklist_id", ""), values.get("citation_id", ""), values.get("title", "")
    expected = values.get("check", "").strip().lower()
    if expected == check(worklist_id, citation_id, given):
        return True
    code_page = given.replace("\ufffd", "?")
    lossy = code_page.encode("cp1252", "replace").decode("cp1252") == code_page  # else no code page stood between us
    return lossy and _ascii(given) == _ascii(title) and expected == check(worklist_id, citation_id, title)


def row(worklist_id: str, task: str, reviewer: str, citation: Mapping[str, object]) -> dict[str, str]:
    """The leading and reference cells of one row, from a row of staging.citation."""
    shown = {name: "" if citation.get(name) is None else str(citation[name]) for name in REFERENCE}
    listed = citation.get("authors")
    if isinstance(listed, list | tuple):
        shown["authors"] = "; ".join(str(name) for name in listed)
    shown = {name: shortened(text) for name, text in shown.items()}
    citation_id = str(citation["citation_id"])
    leading = (worklist_id, task, reviewer, citation_id, check(worklist_id, citation_id, shown["title"]))
    return {**dict(zip(LEADING, leading, strict=True)), **shown}


def shortened(text: str, limit: int = _CELL_LIMIT) -> str:
    """The text as far as a cell can hold it; where it was cut, it ends in […]."""
    if 2 * len(text) <= limit or len(text) + sum(letter > "\uffff" for letter in text) <= limit:
        return text  # letters beyond the sixteen bits count twice
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")
    return cut + " […]"


def write(worklist: Worklist) -> bytes:
    """UTF-8 with a byte order mark, without which Excel takes it for a code page; CRLF; every cell quoted and no formula."""
    return _csv(worklist.columns, worklist.rows)


def marked(refused: Iterable[Refused], columns: Iterable[str]) -> bytes:
    """The refused rows as they came, with the reason in a first column: for the person, who corrects and returns it."""
    kept = tuple(name for name in columns if name != REFUSED)
    rows = ({**{name: one.values.get(name, "") for name in kept}, REFUSED: one.reason} for one in refused)
    return _csv((REFUSED, *kept), rows)


def read(data: bytes) -> Sheet:
    """What a spreadsheet program made of a worklist, or any table with a column citation_id or record_id.

    Raises `NotAWorklist` if there is no such header, or quotes do not close: reading on would swallow the rows that follow.
    """
    text = _decoded(data)
    first, delimiter, names = _header(text)
    rows = []
    for line, cells in _records(text, delimiter):
        if line <= first or not any(map(str.strip, cells)):
            continue
        values = dict(zip(names, [restored(cell) if cell[:1] == "'" else cell.strip() for cell in cells], strict=False))
        if len(cells) < len(names):
            values |= dict.fromkeys(names[len(cells) :], "")
        if len(cells) > len(names) and (extra := [cell.strip() for cell in cells[len(names) :] if cell.strip()]):
            values[EXTRA] = delimiter.join(extra)
        rows.append(Row(line, values))
    return Sheet(names, tuple(rows))


def unanswered(sheet: Sheet) -> Sheet:
    """``sheet`` without the papers of a marked copy of which every row was taken and still says the same."""
    if TAKEN not in sheet.columns:
        return sheet
    of_paper: dict[tuple[str, ...], list[Row]] = {}
    for one in sheet.rows:
        of_paper.setdefault(tuple(one.values.get(name, "") for name in _PAPER), []).append(one)
    old = {id(one) for rows in of_paper.values() if all(_is_taken(one) for one in rows) for one in rows}
    return Sheet(sheet.columns, tuple(one for one in sheet.rows if id(one) not in old))


def _is_taken(one: Row) -> bool:
    return one.values[TAKEN] == mark(one.values)


def _csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([neutral(name) for name in columns])
    writer.writerows([neutral(values.get(name, "")) for name in columns] for values in rows)
    return buffer.getvalue().encode("utf-8-sig", "replace")


def neutral(cell: str) -> str:
    """``cell`` as text that no program evaluates; with one more quote where it has some already, so that it can be undone."""
    return "'" + cell if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """What was in the cell before it was made harmless, without the space around it."""
    return (cell[1:] if NEUTRALISED.match(cell) else cell).strip()


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a header as column names, up to the last that is not empty."""
    names = [restored(cell).lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def is_header(names: tuple[str, ...]) -> bool:
    """Whether these are the columns of a worklist. Raises `NotAWorklist` if one of its columns stands there twice."""
    if not {"citation_id", "record_id"} & set(names):
        return False
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NotAWorklist(f"column {', '.join(twice) or 'without a name'} stands there twice")
    return True


def _ascii(title: str) -> str:
    return "".join(letter for letter in title if letter.isascii() and letter.isalnum())


def _decoded(data: bytes) -> str:
    """Text of a file in UTF-8, in UTF-16 with a mark (Excel's "Unicode text"), or else in the Western code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its row number, empty ones included."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise NotAWorklist(f"line {reader.line_num} of the file cannot be read as CSV: {error}") from error


def _header(text: str) -> tuple[int, str, tuple[str, ...]]:
    """Row number, delimiter and column names: the first row that is neither empty nor Excel's ``sep=`` line."""
    seen: list[str] = []
    for delimiter in (",", ";", "\t"):
        try:
            found = next((one for one in _records(text, delimiter) if "".join(one[1]).strip() and not _is_hint(one[1])), None)
        except NotAWorklist:
            continue  # with another delimiter it may be well formed
        if found is None:
            continue
        names = column_names(found[1])
        if is_header(names):
            return found[0], delimiter, names
        seen = seen or list(names)
    if not seen:
        raise NotAWorklist("the file is empty or is not text in columns")
    given = ", ".join(seen)[:200]
    raise NotAWorklist(f"no column citation_id or record_id in the first row ({given}); is it saved as CSV, with its header?")


def _is_hint(cells: list[str]) -> bool:
    return re.fullmatch(r"sep=.?", "".join(cells).strip(), re.IGNORECASE) is not None
