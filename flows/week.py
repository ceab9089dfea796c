"""The coordinator's week: what is to be done now, in the order in which one thing waits for another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from flows.exchange import rows_of, standing_tables, waiting_in
from flows.faults import BadInput
from flows.owing import goes_out, out, owed
from tasks.extraction.draw import draw
from tasks.extraction.growth import too_little
from tasks.extraction.standing import held
from tasks.formats.worklist import Owed
from tasks.publish.signing import may_sign, sign
from tasks.screening import pilot
from warehouse.build import inputs_of
from warehouse.edition import Version
from warehouse.engine import Engine, Tables
from warehouse.integrity import release_faults
from warehouse.public import Refused
from warehouse.recall import up_to_date, went_back
from warehouse.release import inputs_named
from warehouse.review import Review, load
from warehouse.storage import PUBLIC, Published, Storage

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: what it is, how it is done, and for whom or what. ``counted``: the last column is a number."""

    what: str
    action: str
    head: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
    counted: bool = True


def week(folder: Path, root: Path, wanted: datetime | None = None) -> list[Step]:
    """The steps that have something in them, as of ``wanted`` or now. Changes nothing."""
    review = load(folder)
    storage = Storage(root, review.id)
    as_of = wanted or datetime.now(UTC).replace(tzinfo=None)
    tables = standing_tables(review, storage, as_of)
    steps = [*_files(folder, storage), *_work(folder, review, tables, as_of), *_release(folder, review, storage)]
    return [step for step in steps if step.rows]


def sign_off(
    folder: Path, root: Path, by: str, note: str | None, wanted: datetime | None, major: bool = False
) -> tuple[Version, Path]:
    """Makes the live release the public one, in the name of a person; the version that it is, and where its pages are.

    Raises `BadInput` if there is none, or the person may not.
    """
    review = load(folder)
    storage = Storage(root, review.id)
    able = may_sign(review)
    if by not in able:
        raise BadInput(f"--by {by}: may not sign off; protocol.yaml has {', '.join(able) or 'nobody'} for that")
    with storage.writing(), storage.moment(wanted, (BadInput,), "sign-off") as as_of:
        live = storage.current()
        if live is None:
            raise BadInput(f"{folder}: no release yet; evimap refresh {folder} makes one to sign off")
        if faults := release_faults(storage, live.id):
            raise BadInput(f"release {live.id} is damaged: {faults[0]}")
        try:
            return sign(storage, review, live, by, note, as_of, major), storage.folder / PUBLIC
        except Refused as refused:
            raise BadInput(str(refused)) from None


def _files(folder: Path, storage: Storage) -> Iterator[Step]:
    yield Step(
        "Files that came back",
        f"evimap ingest {folder}",
        ("file",),
        [(path.name,) for path in waiting_in(storage.inbox)],
        False,
    )
    refused = sorted(path for path in (storage.worklists / "refused").glob("*") if path.is_file())
    yield Step(
        "Files with rows that were refused",
        "give them back to be corrected, with the reason in each row; delete them when that is done",
        ("file",), [(str(path),) for path in refused], False,
    )  # fmt: skip


def _work(folder: Path, review: Review, tables: Tables, as_of: datetime) -> Iterator[Step]:
    drawn = pa.concat_tables([rows_of(tables, "log.draw"), draw(tables, review, as_of)])  # as handing out would
    piloted = pa.concat_tables([rows_of(tables, "log.pilot"), pilot.draw(tables, review, as_of)])
    tables = {**tables, "log.draw": drawn, "log.pilot": piloted}
    tables |= held(tables, review)
    owing = owed(tables, review, as_of)
    sent = [_row(one) for one in owing if goes_out(one, review)]
    yield Step("Work that nobody has been sent", f"evimap worklists {folder}", ("who", "what", "rows"), sent)
    few = [_row(one) for one in owing if one.new and not goes_out(one, review)]
    yield Step(
        "Too little for a file (exchange.minimum)", f"evimap worklists {folder} --whole sends it all the same",
        ("who", "what", "rows"), few,
    )  # fmt: skip
    yield Step(
        "A pilot is open: nothing else of its stage goes out",
        "when all have screened it, look at their agreement (marts.agreement, round 0) after a refresh and talk the rules over",
        ("stage", "who", "papers"),
        [(_plain(stage), who, n) for stage, who, n in pilot.still_open(tables, review.without_the_absent(as_of.date()))],
    )
    with Engine(tables) as engine:
        yield Step(
            "Work that is out", f"remind them, or say in {folder / 'leave.yaml'} that somebody is away: then it goes to others",
            ("who", "what", "since", "rows"), out(owing),
        )  # fmt: skip
        ranked = review.protocol.screening.title_abstract.prioritised is not None
        yield Step(
            "Screening by rank, as of the live release: it informs, and decides nothing",
            f"go on: each paper is owed its decisions; evimap refresh {folder} ranks by what was decided since",
            ("", ""), _tuples(engine, "recall") if ranked else [],
        )  # fmt: skip
        settle = [row for row in _tuples(engine, "open") if row[1]]
        yield Step("To be settled", "done with the worklists above", ("", "citations"), settle)
        yield Step(
            "Full texts", "ask for them (worklist retrieval); only a person can say that one is not to be had",
            ("", "since", "reports"), [(what, since, n) for what, n, since in _tuples(engine, "texts")],
        )  # fmt: skip
        yield Step(
            "Reports of coded studies that no coder has seen",
            "those of their coders who are there get them with evimap worklists; where none is, another codes the study",
            ("study", "report", "title"), _tuples(engine, "unread"), False,
        )  # fmt: skip
        yield Step(
            "Dimensions on which two coders agree too little (extraction.agreement)",
            "talk about them, and make their definitions clearer; the double-coded sample grows with the next evimap worklists",
            ("dimension", "studies", "same"), _too_little(tables, review),
        )  # fmt: skip
        yield Step(
            "Codes that coders propose (other: …)",
            f"add them to {folder / 'codebook.yaml'} under a new version, or say in its changes what becomes of them",
            ("dimension", "words", "which", "studies"), _tuples(engine, "proposed"),
        )  # fmt: skip
        yield Step(
            "Notices on included papers", "read the notice, then decide again on the paper",
            ("citation", "title", "notice"), _tuples(engine, "notices"), False,
        )  # fmt: skip


def _row(one: Owed) -> tuple[object, ...]:
    return one.reviewer, _plain(one.task), one.new


def _too_little(tables: Tables, review: Review) -> list[tuple[object, ...]]:
    if review.protocol.extraction.agreement is None:
        return []
    return [(row["dimension_label"], row["studies"], row["same"]) for row in too_little(tables, review).to_pylist()]


def _release(folder: Path, review: Review, storage: Storage) -> Iterator[Step]:
    live = storage.current()
    if live is None:
        return
    have = inputs_named(live).batches
    new = {
        name: [storage.log.file(name, batch) for batch in batches if batch not in have.get(name, ())]
        for name, batches in inputs_of(storage.log).batches.items()
    }
    rows = [(_plain(name), storage.log.read(name, paths).num_rows) for name, paths in new.items() if paths]
    if (left := went_back(storage.log, live.id)) and up_to_date(storage.log, left):
        rows = []  # somebody did not want what is new to it: a refresh publishes nothing until there is more
    yield Step(f"What release {live.id} does not have yet", f"evimap refresh {folder}", ("log", "rows"), rows)
    shown = storage.shown()
    if review.protocol.release.sign_off == "required" and shown != live.id:
        yield Step(
            "The public map", f"look at {live.folder / 'map.html'}, then evimap sign-off {folder} --by PERSON",
            ("", "studies"), _between(storage, shown, live),
        )  # fmt: skip


def for_the_public(storage: Storage) -> list[tuple[object, ...]]:
    """What would change for the public if the live release were signed off: what, and how many studies."""
    live = storage.current()
    return _between(storage, storage.shown(), live) if live else []


def _between(storage: Storage, shown: str | None, live: Published) -> list[tuple[object, ...]]:
    """What would change for the public."""
    earlier = {one.id: one for one in storage.releases()}.get(shown or "")
    now = {name: live.path(name) for name in ("marts.study", "marts.study_code")}
    with Engine(now) as engine:
        if earlier is None:
            (counted,) = engine.rows("SELECT count(*) AS n FROM marts.study WHERE mapped AND state <> 'ongoing'")
            return [(f"on the map of release {live.id}; {f'{shown} is public' if shown else 'none is public'}", counted["n"])]
        changed = _tuples(engine, "between", **{f"public_{name.split('.')[1]}": str(earlier.path(name)) for name in now})
        return changed or [("no study comes, goes or is coded in another way", 0)]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _tuples(engine: Engine, name: str, **values: object) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in engine.rows(_HERE / "status" / f"{name}.sql", **values)]
