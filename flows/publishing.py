"""What leaves the live release for others: the public bundle, and the studies in the form of another program."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from flows.faults import BadInput
from tasks.publish.bundle import bundle
from tasks.publish.exports import FORMS, NEEDED
from tasks.publish.signing import edition_of
from warehouse import files
from warehouse.build import review_of
from warehouse.integrity import release_faults
from warehouse.release import inputs_named
from warehouse.review import load
from warehouse.storage import Published, Storage


def make_bundle(folder: Path, root: Path, output: Path | None) -> Path:
    """Writes the public bundle of the live release into ``output``, by default ``bundles/`` of the review's data.

    Raises `BadInput` without a release or where it is damaged, `Refused` where the bundle would hold something that is not for
    everybody.
    """
    storage, live = _live(folder, root)
    with TemporaryDirectory() as scratch:
        made = bundle(storage, live, Path(scratch), edition_of(storage, live.id))
        target = (output or storage.folder / "bundles") / made.name
        files.write(target, made.read_bytes())
    return target


def write_export(folder: Path, root: Path, form: str, output: Path) -> None:
    """Writes the studies of the live release as ``form``; raises `BadInput` without a release, where it is
    damaged, and for an unknown form.
    """
    if form not in FORMS:
        raise BadInput(f"--as {form}: one of {', '.join(FORMS)}")
    storage, live = _live(folder, root)
    with TemporaryDirectory() as scratch:
        review = review_of(storage.log, storage.raw, inputs_named(live), Path(scratch))  # as it was for this release
        _, make = FORMS[form]
        files.write(output, make({name: live.path(name) for name in NEEDED}, review))


def _live(folder: Path, root: Path) -> tuple[Storage, Published]:
    storage = Storage(root, load(folder).id)
    live = storage.current()
    if live is None:
        raise BadInput(f"{folder}: no release yet; evimap refresh {folder} makes one")
    if faults := release_faults(storage, live.id):  # what leaves the house is not made of it
        raise BadInput(f"release {live.id} is damaged: {faults[0]}")
    return storage, live
