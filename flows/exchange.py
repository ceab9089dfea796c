"""Work out, work in: files for people, the files that they send back, and what is still owed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

import tasks.dedup.returned as compared
import tasks.dedup.worklists as duplicates
import tasks.extraction.reports.returned as tied
import tasks.extraction.reports.worklists as reports
import tasks.extraction.returned as coded
import tasks.screening.returned as voted
from flows import returned
from flows.faults import BadInput
from flows.outbox import Outbox
from flows.owing import PARTS, goes_out, out, owed
from tasks.extraction.draw import draw
from tasks.extraction.stand import stand as stand_of_codings
from tasks.extraction.standing import held
from tasks.formats import handed_over
from tasks.formats.worklist import NotAWorklist, Sheet, unanswered
from tasks.records.frame import frame
from tasks.screening import full_text, pilot
from tasks.screening.ranking import WRITES
from tasks.screening.stand import stand as stand_of_votes
from warehouse import files
from warehouse.build import INPUT_LOGS
from warehouse.engine import Engine, Handle, Tables
from warehouse.review import Review, load
from warehouse.storage import Storage
from warehouse.tables.catalogue import table

MOST_BYTES = 128 * 1024**2  # of a returned file; a workbook of ten thousand abstracts has a twentieth of that
SECOND_LOOKS = ("title_abstract_conflict", "full_text_conflict", "reconciliation", "verification", "appraisal_reconciliation")
_RELEASED = (
    "staging.record", "staging.citation", "staging.citation_record", "staging.citation_field", "staging.citation_alias",
    "staging.citation_relation", "staging.record_pair", "marts.notice",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one returned file."""

    name: str
    rows: int
    refused: int
    line: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a review stands today: rows of (place, citations), (who, what, since, rows), (what is open, citations).

    ``pilot`` has what is to be screened in open pilot rounds: (stage, who, papers). ``notices`` are those of the live release:
    (citation, title, notice) of each included paper that has one.
    """

    pilot: list[tuple[str, str, int]]

    funnel: list[tuple[object, ...]]
    owed: list[tuple[object, ...]]
    open: list[tuple[object, ...]]
    notices: list[tuple[object, ...]]

    @property
    def conflicts(self) -> int:
        """Papers on which reviewers differ and that nobody has settled, at both stages of screening."""
        return sum(int(str(n)) for what, n in self.open if str(what).startswith("conflicts at "))


def issue(
    folder: Path, root: Path, wanted: datetime | None, whole: bool = False, tools: Mapping[str, str] | None = None
) -> list[tuple[Path, int]]:
    """Writes a file for everybody who has new work, with all that is open, and again each that is not there any more.

    Gives the files and their rows. ``whole``: short ones go out, too. ``tools`` has the tool of each person who screens in
    another one ("" for everybody else): they get a file to import, too.

    The double-coded sample and the papers of pilot rounds are drawn first, so that they are drawn before anybody codes or
    screens. The log row comes before the file: a file that was lost is made again, work that was handed out twice
    cannot be taken back.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    with storage.writing(), storage.moment(wanted, (BadInput,), "worklists") as as_of:
        tables = standing_tables(review, storage, as_of)
        drawn = [storage.log.append("draw", draw(tables, review, as_of))]
        drawn += [storage.log.append("pilot", pilot.draw(tables, review, as_of))]
        if any(drawn):
            tables = standing_tables(review, storage, as_of)
        there = review.without_the_absent(as_of.date())
        outbox = Outbox(storage.worklists, rows_of(tables, "log.worklist"), tools or {})
        made: list[tuple[Path, int]] = []
        owing: set[tuple[str, str]] = set()
        for part in PARTS:
            found = {(one.task, one.reviewer): one for one in part.owed(tables, there)}
            sending = {key for key, one in found.items() if goes_out(one, review, whole)}
            lacking = {key for key, one in found.items() if one.sent and key not in sending and outbox.may_lack(one)}
            owing |= set(found)  # what waits for more of the kind, too: it may be asked anew, and be in the file that is there
            if not sending | lacking:
                continue
            new, rows = part.worklists(tables, there, as_of, sending)
            old = [outbox.again(one) for one in part.worklists(tables, there, as_of, lacking)[0]] if lacking else []
            every = [*new, *old]
            content = [outbox.files(one, review, as_of) for one in every]  # what cannot be written is not logged as sent
            storage.log.append("worklist", rows)
            for one in new:
                outbox.issued(one)
            for one, its in zip(every, content, strict=True):
                made += [(outbox.put(one.reviewer, name, data), len(one.rows)) for name, data in its]
        outbox.tidy(owing)
        return made


def tools_of(folder: Path, wanted: list[str]) -> dict[str, str]:
    """Who screens in which tool, from "rayyan" (everybody) and "r1=asreview". Raises `BadInput` where there is none such."""
    people = {person.id for person in load(folder).protocol.people}
    found = {}
    for one in wanted:
        person, _, tool = one.rpartition("=")
        if tool not in handed_over.TOOLS:
            raise BadInput(f"--for {one}: there is no tool {tool!r}; there are {', '.join(handed_over.TOOLS)}")
        if person and person not in people:
            raise BadInput(f"--for {one}: {person!r} is not in protocol.people")
        found[person] = tool
    return found


def take_in(folder: Path, root: Path, wanted: datetime | None) -> list[Taken]:
    """Takes every file of the inbox: it moves to ``inbox/taken``, and what was refused goes back to ``worklists/refused``.

    Files that spreadsheet programs put beside an open one are passed over; one that is too large to be read stays.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    found = waiting_in(storage.inbox)
    waiting = [path for path in found if path.stat().st_size <= MOST_BYTES]
    done = [_too_large(path) for path in found if path not in waiting]
    cut_short = "ingest" in storage.unfinished()
    if not waiting and not cut_short:
        return done
    with storage.writing():
        if cut_short and not _half_taken(waiting, storage):
            storage.finished("ingest")  # that run had taken whole files only: what is taken now is of another moment
        return done + (_taken(waiting, review, storage, wanted) if waiting else [])


def _half_taken(waiting: Sequence[Path], storage: Storage) -> bool:
    """Whether the logs have rows of one of the files: the run may have been in the middle of it."""
    raws = pa.array([files.sha256(path.read_bytes()) for path in waiting], pa.string())
    logs = [storage.log.read(name) for name in INPUT_LOGS if "raw" in table(f"log.{name}").column_names]
    return any(pc.any(pc.is_in(rows.column("raw"), value_set=raws)).as_py() for rows in logs)


def _taken(waiting: Sequence[Path], review: Review, storage: Storage, wanted: datetime | None) -> list[Taken]:
    done = []
    with storage.moment(wanted, (BadInput,), "ingest") as as_of:
        tables = standing_tables(review, storage, as_of)
        later = []
        for path in waiting:
            came = _came(path)
            if came.looks_again:
                later.append(path)
            else:
                done.append(_file(came, tables, review, storage, as_of))
        tables = standing_tables(review, storage, as_of) if later else tables
        done += [_file(_came(path), tables, review, storage, as_of) for path in later]
    return done


@dataclass(frozen=True, slots=True)
class _Came:
    """A file of the inbox as it came, and its table, or why it has none."""

    path: Path
    data: bytes
    sheet: Sheet | NotAWorklist

    @property
    def looks_again(self) -> bool:
        """Whether somebody looks in it at what others decided: it is taken against what the other files of the inbox say."""
        return isinstance(self.sheet, Sheet) and not returned.tasks_of(self.sheet).isdisjoint(SECOND_LOOKS)


def _came(path: Path) -> _Came:
    data = path.read_bytes()
    try:
        return _Came(path, data, returned.read(data, path.name))
    except NotAWorklist as error:
        return _Came(path, data, error)


def _file(came: _Came, tables: Tables, review: Review, storage: Storage, as_of: datetime) -> Taken:
    """Takes the file, unless its very bytes were taken before, and files it."""
    name, mark = came.path.name, files.sha256(came.data)[:12]
    if not full_text.is_full_text(came.data) and any(storage.inbox.glob(f"taken/{mark}-*")):
        done = Taken(name, 0, 0, f"{name}: taken before, nothing changed")
    else:
        done = _take(came, tables, review, storage, as_of)
    home = storage.inbox / "taken" / f"{mark}-{name}"
    home.parent.mkdir(exist_ok=True)
    came.path.replace(home)
    return done


def waiting_in(inbox: Path) -> list[Path]:
    """The files that people put there, without those that spreadsheet programs put beside an open one."""
    return sorted(path for path in inbox.glob("*") if path.is_file() and not path.name.startswith((".", "~$")))


def standing_of(folder: Path, root: Path) -> Standing:
    """The funnel, the open work by person, and what has to be settled."""
    review = load(folder)
    storage = Storage(root, review.id)
    tables = standing_tables(review, storage)
    open_pilot = pilot.still_open(tables, review.without_the_absent(datetime.now(UTC).date()))
    sent = out(owed(tables, review, datetime.now(UTC)))
    with Engine(tables) as engine:
        return Standing(
            pilot=open_pilot,
            funnel=_tuples(engine, "funnel"), owed=sent, open=_tuples(engine, "open"), notices=_tuples(engine, "notices"),
        )  # fmt: skip


def _take(came: _Came, tables: Tables, review: Review, storage: Storage, as_of: datetime) -> Taken:
    name, data, sheet = came.path.name, came.data, came.sheet
    raw = storage.raw.put(data)
    if full_text.is_full_text(data):
        return _full_text(came, raw, tables, review, storage, as_of)
    if isinstance(sheet, NotAWorklist):
        return Taken(name, 0, 1, f"{name}: refused: {sheet}")
    taken = _taker(sheet)(unanswered(sheet), raw, tables, review, as_of)
    rows = 0
    for log, added in sorted(taken.logs.items()):
        if pc.any(pc.equal(rows_of(tables, log).column("raw"), raw)).as_py():
            continue  # a run that was killed half-way through this file has logged it
        storage.log.append(log.removeprefix("log."), added)
        rows += added.num_rows
    line = f"{name}: {rows:,} decisions taken"
    if isinstance(taken, voted.Taken) and taken.unasked:
        line += f", {taken.unasked:,} of them votes of people who were not asked"
    if taken.refused:
        title, back = returned.marked(name, data, sheet, taken.refused, review, as_of)
        path = _place(storage.worklists / "refused" / title, name, sheet, raw)
        files.write(path, back)
        first = taken.refused[0]
        line += f", {len(taken.refused):,} rows refused (row {first.line}: {first.reason}): {path}"
    return Taken(name, rows, len(taken.refused), line)


def _full_text(came: _Came, raw: str, tables: Tables, review: Review, storage: Storage, as_of: datetime) -> Taken:
    """Keeps a full text where it can be read, for the team alone."""
    name = came.path.name
    rows = full_text.take(name, raw, tables, review, as_of)
    if isinstance(rows, str):
        return Taken(name, 0, 1, f"{name}: refused: {rows}")
    paths = rows.column("path").to_pylist()
    for path in paths:
        files.write(storage.folder / path, came.data)
    known = pa.array(storage.log.read("full_text").column("path").to_pylist(), pa.string())  # it may have been handed in before
    storage.log.append("full_text", rows.filter(pc.invert(pc.is_in(rows.column("path"), value_set=known))))
    return Taken(name, len(paths), 0, f"{name}: full text kept: {', '.join(str(storage.folder / path) for path in paths)}")


def _place(path: Path, name: str, sheet: Sheet, raw: str) -> Path:
    """Where a marked copy goes: in the place of the one before, if the file is one of our lists, whose names are of one person.

    Others are marked with their bytes: two people may send files of one name, and neither must lose what was refused to
    the other.
    """
    ours = any(name.startswith(f"{row.values.get('task')}-{row.values.get('reviewer')}-") for row in sheet.rows)
    return path if ours else path.with_name(f"{path.stem}-{raw[:8]}{path.suffix}")


def _too_large(path: Path) -> Taken:
    most = f"{MOST_BYTES / 1024**2:,.0f} MiB"
    return Taken(
        path.name, 0, 1, f"{path.name}: refused: it is larger than {most}, and stays where it is; return the worklist alone"
    )


def _taker(
    sheet: Sheet,
) -> Callable[[Sheet, str, Tables, Review, datetime], compared.Taken | tied.Taken | coded.Taken | voted.Taken]:
    """Whose work a returned table is."""
    if duplicates.PAIRS.is_of(sheet):
        return compared.take
    if reports.PAIRS.is_of(sheet):
        return tied.take
    return coded.take if any(row.values.get("task") in returned.EXTRACTION_TASKS for row in sheet.rows) else voted.take


def standing_tables(review: Review, storage: Storage, as_of: datetime | None = None) -> dict[str, Handle]:
    """Citations of the live release, the logs and the configuration of today, and where each citation stands by them.

    Without ``as_of`` that is where it stood when the logs last grew.
    """
    live = storage.current()
    if live is None:
        raise BadInput(
            f"{review.folder}: no release yet; evimap refresh {review.folder} makes the citations that work is about"
        )
    tables: dict[str, Handle] = {name: live.path(name) for name in _RELEASED}
    for name in WRITES:  # earlier versions wrote none
        tables[name] = live.path(name) if live.path(name).exists() else table(name).empty()
    logs = {f"log.{name}": storage.log.read(name) for name in INPUT_LOGS}
    tables |= logs
    tables |= frame(review)
    latest: list[datetime] = [pc.max(rows.column("as_of")).as_py() for rows in logs.values() if rows.num_rows]
    tables |= stand_of_votes(tables, review, as_of or max(latest))
    tables |= held(tables, review)  # whoever asks next what is owed need not compare all codings again
    return tables | stand_of_codings(tables, review)


def rows_of(tables: Tables, log: str) -> pa.Table:
    """A log among the tables of `standing_tables`."""
    handle = tables[log]
    if isinstance(handle, Path):
        raise TypeError(f"{log}: a log is a table")
    return handle


def _tuples(engine: Engine, name: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in engine.rows(Path(__file__).parent / "status" / f"{name}.sql")]
