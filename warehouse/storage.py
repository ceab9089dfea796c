"""Where a review's data lives, who may write it, what time it is, and which release is live.

Only this module knows the pointer ``current``. Readers resolve it once and then read by the manifest's file list, so that they
never see two releases mixed.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import pyarrow.compute as pc

from warehouse import files
from warehouse.archive import Damaged, Log, Raw
from warehouse.edition import UNNUMBERED, numbered
from warehouse.failpoint import reached
from warehouse.tables.log import LOG

CURRENT = "current"
PUBLIC = "public"
LINK = "warehouse.duckdb"
REFRESH = "refresh"
_SET_BACK = timedelta(minutes=10)  # what a time server may correct
WRITE_AHEAD = ".wal"  # what DuckDB writes beside a database that is open for writing


class Busy(Exception):
    """Another run is writing this review."""


class ClockBehind(Exception):
    """The clock of the machine is behind what is logged: what comes now would count as earlier than what came before."""


def clock() -> datetime:
    """The time of the machine, in UTC and without a zone: summer time changes nothing."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _who(lock: TextIO) -> str:
    """The process that a lock file names."""
    lock.seek(0)
    return lock.read() or "unknown"


@dataclass(frozen=True, slots=True)
class Published:
    """A release on disk."""

    id: str
    folder: Path
    manifest: dict[str, object]

    def path(self, name: str) -> Path:
        """The Parquet file of a table: ``marts.study`` is ``marts/study.parquet``."""
        schema, table = name.split(".")
        return self.folder / schema / f"{table}.parquet"


class Storage:
    """The data folder of one review."""

    def __init__(self, root: Path, review: str) -> None:
        self.folder = root / review
        self.raw = Raw(self.folder / "raw")
        self.log = Log(self.folder / "log")
        self.cache = self.folder / "cache"
        self.journals = self.folder / "journals"  # of harvests that are under way
        self.inbox = self.folder / "inbox"
        self.worklists = self.folder / "worklists"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the one writer's lock, which dies with its process. Raises `Busy` at once if somebody else has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(
                    f"{self.folder}: another run is writing this review (process {_who(handle)}); try again when it has ended"
                ) from None
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            for left_over in (self.folder / ".build").glob("*"):
                shutil.rmtree(left_over)
            yield

    def as_of(self, wanted: datetime | None, run: str = REFRESH) -> datetime:
        """The clock value of this run: that of one of its kind that was cut short, else ``wanted``, else now; until `finished`.

        Raises ValueError when an unfinished run has another value than the one that is asked for.
        """
        journal = self._journal(run)
        if journal.exists():
            begun = datetime.fromisoformat(json.loads(journal.read_text(encoding="utf-8"))["as_of"])
            if wanted is not None and wanted != begun:
                raise ValueError(f"an unfinished run has --as-of {begun.isoformat()}: finish it first, with that value or none")
            return begun
        moment = (wanted or self._now()).replace(microsecond=0)
        files.write(journal, json.dumps({"as_of": moment.isoformat()}).encode())
        reached("clock journaled")
        return moment

    def finished(self, run: str = REFRESH) -> None:
        """The run is over; the next one of its kind has its own clock value, and a refresh asks its sources anew."""
        if run == REFRESH:
            shutil.rmtree(self.journals, ignore_errors=True)
        self._journal(run).unlink(missing_ok=True)
        files.sync_folder(self.folder)
        reached("run finished")

    def holder(self) -> str | None:
        """The process that is writing this review, if there is one."""
        try:
            handle = (self.folder / ".lock").open()
        except FileNotFoundError:
            return None
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _who(handle)
        return None

    def unfinished(self) -> dict[str, datetime]:
        """Runs that were cut short, or are under way: the clock value of each by its kind."""
        found = {}
        for path in sorted(self.folder.glob("run*.json")):
            run = path.stem.removeprefix("run").removeprefix("-") or REFRESH
            found[run] = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["as_of"])
        return found

    def latest(self) -> datetime | None:
        """The latest clock value in the logs."""
        last = [(name, self.log.files(name)[-1:]) for name in sorted(one.name for one in LOG)]
        moments = [pc.max(self.log.read(name, paths).column("as_of")).as_py() for name, paths in last if paths]
        return max(moments, default=None)

    def _now(self) -> datetime:
        """The clock, which never goes back: set back a little, it stands still. Raises `ClockBehind` if it was set back far."""
        now, latest = clock(), self.latest()
        if latest is None or now >= latest:
            return now
        if latest - now <= _SET_BACK:
            return latest
        raise ClockBehind(
            f"{self.folder}: the clock says {now:%Y-%m-%d %H:%M} UTC, and the logs go on to {latest:%Y-%m-%d %H:%M};"
            " set the clock, or give the time with --as-of, and run again, nothing is lost"
        )

    def _journal(self, run: str) -> Path:
        return self.folder / ("run.json" if run == REFRESH else f"run-{run}.json")

    @contextmanager
    def moment(self, wanted: datetime | None, ended_by: tuple[type[Exception], ...], run: str = REFRESH) -> Iterator[datetime]:
        """The run's one clock value. Each kind of ``run`` has its own: people's work goes on while a refresh is half done.

        Forgotten when the run ends, or is ended by an exception of ``ended_by``: one that says what has to be mended first.
        Kept when the run is cut short by anything else, so that running it again goes on with the same value.
        """
        value = self.as_of(wanted, run)
        try:
            yield value
        except ended_by:
            self.finished(run)
            raise
        self.finished(run)

    @contextmanager
    def building(self) -> Iterator[Path]:
        """An empty folder on the same disk, in which a release is made beside the live one."""
        folder = self.folder / ".build" / secrets.token_hex(6)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def current(self) -> Published | None:
        """The live release, if there is one."""
        live = self.live_id()
        return None if live is None else self.release(live)

    def live_id(self) -> str | None:
        """The id of the live release, whatever state that is in."""
        return self._led_to(CURRENT)

    def release(self, release_id: str) -> Published:
        """A release by its id. Raises `Damaged` if it is not there."""
        folder = self.folder / "releases" / release_id
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError) as error:  # no text, or no JSON
            raise Damaged(f"{folder}: no readable manifest ({error}); evimap verify says what to do") from None
        return Published(release_id, folder, manifest)

    def release_ids(self) -> list[str]:
        """The ids of all releases on disk, whatever state they are in."""
        return sorted(path.name for path in (self.folder / "releases").glob("*") if path.is_dir())

    def releases(self) -> list[Published]:
        """All releases on disk, by the clock of their data, then id."""
        found = [self.release(path.parent.name) for path in (self.folder / "releases").glob("*/manifest.json")]
        return sorted(found, key=lambda one: (str(one.manifest["as_of"]), one.id))

    def place(self, built: Path, release_id: str) -> Published:
        """Puts a finished build among the releases, read-only and flushed to disk; not live yet."""
        home = self.folder / "releases" / release_id
        if not home.exists():
            for path in sorted(built.rglob("*"), reverse=True):
                if path.is_dir():
                    files.sync_folder(path)
                else:
                    files.sync_file(path)
                    path.chmod(0o444)
            files.sync_folder(built)
            files.made(home.parent)
            os.rename(built, home)
            files.sync_folder(home.parent)
            reached("release placed")
        return self.release(release_id)

    def swap(self, expected: str | None, new: str) -> None:
        """Makes ``new`` the live release if ``expected`` still is. The one step that readers can see; it is atomic.

        Raises `Damaged` where a write-ahead log lies beside the link to the database: with the next database no reader could
        open it.
        """
        if (stale := self.folder / f"{LINK}{WRITE_AHEAD}").exists():
            raise Damaged(
                f"{stale}: somebody has opened the warehouse for writing, so that the next release cannot go live;"
                " close that program, delete the file, and run again"
            )
        if self.live_id() != expected:
            raise Busy(f"{self.folder}: the live release is no longer {expected}; run again")
        self._point(CURRENT, Path("releases") / new)
        reached("release live")
        if not (self.folder / LINK).is_symlink():
            self._point(LINK, Path(CURRENT) / LINK)

    def show(self, release: Published, pages: Sequence[str], made: Sequence[Path] = (), edition: str = UNNUMBERED) -> Path:
        """Makes copies of pages of a release, as an edition, the public ones, in ``public/``, and of files ``made`` of it.

        They stay when releases are pruned.
        """
        home = self.folder / "signed" / release.id
        if not home.exists():
            with self.building() as folder:
                for page in pages:
                    files.write(folder / "pages" / Path(page).name, numbered((release.folder / page).read_bytes(), edition))
                for path in made:
                    files.write(folder / "pages" / path.name, path.read_bytes())
                files.sync_folder(folder / "pages")
                files.made(home.parent)
                os.rename(folder / "pages", home)
                files.sync_folder(home.parent)
                reached("pages copied")
        elif edition != UNNUMBERED:  # shown before without a number, and signed off now
            for path in (home / Path(page).name for page in pages):
                files.write(path, numbered(path.read_bytes(), edition))
            for path in made:
                files.write(home / path.name, path.read_bytes())
        self._point(PUBLIC, Path("signed") / release.id)
        reached("pages public")
        return self.folder / PUBLIC

    def shown(self) -> str | None:
        """The id of the release whose pages are public, if there is one."""
        return self._led_to(PUBLIC)

    def _led_to(self, name: str) -> str | None:
        try:
            return Path(os.readlink(self.folder / name)).name
        except FileNotFoundError:
            return None

    def _point(self, name: str, target: Path) -> None:
        beside = self.folder / f".{name}.{secrets.token_hex(4)}"
        os.symlink(target, beside)
        os.replace(beside, self.folder / name)
        files.sync_folder(self.folder)
