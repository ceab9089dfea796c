"""The public bundle of a release: one zip with everything that is for everybody, made afresh from public columns."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

from tasks.publish import citing
from tasks.publish.datapackage import LICENCE_FILE, package
from tasks.publish.exports import FORMS
from tasks.publish.pages.dictionary import dictionary
from warehouse import files
from warehouse.build import review_of
from warehouse.edition import UNNUMBERED, numbered
from warehouse.public import CSV, Refused, public_tables, withheld, write_public
from warehouse.release import inputs_named
from warehouse.review import Review
from warehouse.storage import Published, Storage

PAGES = {
    "map.html": "map.html", "report.html": "report.html", "prisma.svg": "prisma.svg", "prisma.csv": "prisma.csv",
    "docs/search-report.html": "search-report.html", "docs/search-report.csv": "search-report.csv",
}  # fmt: skip
"""Files of a release that are for everybody as they are, with their names in the bundle."""
SUMS = "SHA256SUMS"
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows: the same files give the same bytes


def bundle(storage: Storage, release: Published, folder: Path, edition: str = UNNUMBERED) -> Path:
    """The zip of a release as an edition, made in ``folder``: the same bytes each time, but for the DuckDB file in it.

    Raises `Refused` where anything would leave that is not for everybody.
    """
    review = review_of(storage.log, storage.raw, inputs_named(release), folder / "review")  # as it was for this release
    name = f"{review.id}-{release.id}"
    home = folder / name
    fill(home, release, review, edition)
    return _zipped(home, folder / f"{name}.zip")


def fill(home: Path, release: Published, review: Review, edition: str = UNNUMBERED) -> None:
    """Puts the files of a bundle into ``home``, and looks at them again before they leave."""
    as_of = datetime.fromisoformat(str(release.manifest["as_of"]))
    rows = write_public(release, review, home)
    shown = {name: one for name, one in public_tables().items() if name in rows}
    handles = {name: release.path(name) for name in (*rows, "staging.code")}
    made = {
        **{
            to: numbered((release.folder / page).read_bytes(), edition)
            for page, to in PAGES.items()
            if (release.folder / page).exists()
        },
        **{name: make(handles, review) for name, make in FORMS.values()},
        "dictionary.html": dictionary({name: handles[name] for name in shown}, shown.values(), review).encode(),
        LICENCE_FILE: citing.licence_text(review),
        citing.CITATION: citing.citation_cff(review, release.id, as_of),
        citing.README: citing.readme(review, release.id, as_of, rows),
    }
    for name, data in made.items():
        (home / name).write_bytes(data)
    tables = {name: home / CSV / f"{name}.csv" for name in rows}
    described = package(home, shown, tables, review, release.id, f"{as_of.isoformat()}Z")
    (home / "datapackage.json").write_bytes(described)
    (home / citing.CRATE).write_bytes(citing.ro_crate(review, release.id, as_of, _listed(home)))
    sums = "".join(f"{digest}  {name}\n" for name, (_, digest) in _listed(home).items())
    (home / SUMS).write_text(sums, encoding="utf-8")
    if kept_back := withheld(home, (*made, "datapackage.json", citing.CRATE, SUMS)):
        raise Refused(f"the bundle of release {release.id} is not made: " + "; ".join(kept_back))


def _listed(home: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each file by its path, in order."""
    found = sorted(path for path in home.rglob("*") if path.is_file())
    return {path.relative_to(home).as_posix(): (path.stat().st_size, files.sha256_of_file(path)) for path in found}


def _zipped(home: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in home.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{home.name}/{path.relative_to(home).as_posix()}", _OLDEST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            with path.open("rb") as source, packed.open(entry, "w") as part:
                while piece := source.read(1 << 20):
                    part.write(piece)
    return target
