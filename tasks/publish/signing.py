"""The sign-off: a person looks at a release before its map is the public one (protocol: release.sign_off)."""

from __future__ import annotations

from datetime import datetime

from tasks.publish.bundle import bundle
from tasks.publish.pages.plain import day
from warehouse.edition import UNNUMBERED, Version, following, versions
from warehouse.review import Review
from warehouse.storage import Published, Storage
from warehouse.tables.catalogue import table

PAGES = ("map.html", "report.html", "prisma.svg", "prisma.csv")
"""What the public is shown of a release."""


def may_sign(review: Review) -> tuple[str, ...]:
    """Ids of those who can sign off: the coordinators, where the protocol names any, else everybody."""
    return review.protocol.with_role("coordinator") or tuple(person.id for person in review.protocol.people)


def sign(
    storage: Storage, review: Review, release: Published, by: str, note: str | None, as_of: datetime, major: bool = False
) -> Version:
    """Logs that ``by`` signed the release off, and shows pages and bundle as the next version, which it returns.

    A release that is signed off again keeps its number. Raises `Refused` where the bundle may not be made; then nothing is
    logged or shown.
    """
    before = versions(storage.log)
    known = next((one for one in before if one.release_id == release.id), None)
    version = known or Version(following(before, major), release.id, as_of)
    with storage.building() as folder:
        made = [bundle(storage, release, folder, _edition(version))]
        if storage.shown() != release.id or known is None:
            row: dict[str, object] = {
                "review": review.id, "release_id": release.id, "by": by, "note": note, "version": version.number,
                "as_of": as_of,
            }  # fmt: skip
            signed = {(one["release_id"], one["as_of"]) for one in storage.log.read("sign_off").to_pylist()}
            if (release.id, as_of) not in signed:  # a run that was cut short has logged it
                storage.log.append("sign_off", table("log.sign_off").of_rows([row]))
        storage.show(release, PAGES, made, _edition(version))
        return version


def signed_last(storage: Storage) -> str | None:
    """The release that was signed off last, by the log."""
    rows = storage.log.read("sign_off").to_pylist()
    return str(rows[-1]["release_id"]) if rows else None


def show_signed(storage: Storage, release: Published) -> None:
    """Shows a release that was signed off before, as the version that it became then."""
    version = next(one for one in versions(storage.log) if one.release_id == release.id)
    with storage.building() as folder:
        storage.show(release, PAGES, [bundle(storage, release, folder, _edition(version))], _edition(version))


def edition_of(storage: Storage, release_id: str) -> str:
    """What the pages of a release say of its version: one that nobody signed off has none."""
    return next((_edition(one) for one in versions(storage.log) if one.release_id == release_id), UNNUMBERED)


def _edition(version: Version) -> str:
    return f"Version {version.number}, {day(version.signed)}"


def show_unsigned(storage: Storage, review: Review) -> None:
    """Shows the live release, where the protocol asks for no sign-off."""
    live = storage.current()
    if review.protocol.release.sign_off == "none" and live and storage.shown() != live.id:
        with storage.building() as folder:
            storage.show(live, PAGES, [bundle(storage, live, folder)])
