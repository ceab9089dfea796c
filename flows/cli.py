"""The command line ``evimap``. Prefect is imported inside flow commands only, because that takes seconds."""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows import report
from flows.faults import BAD_INPUT, DONE, STOPPED, plainly
from flows.places import data_root

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Scoping reviews and living evidence maps: search exports in, a published evidence map out.",
    epilog="Exit codes: 0 done, 1 a check stopped the release, 2 bad input or configuration, 70 internal error, 75 try later.",
)  # fmt: skip
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 160)  # a file has no edge to wrap at

ReviewFolder = Annotated[Path, typer.Argument(metavar="REVIEW", help="The review folder.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Export files of any known format.")]
OneRelease = Annotated[str | None, typer.Argument(metavar="[RELEASE]", help="Id of a release; by default the live one.")]
Data = Annotated[Path | None, typer.Option("--data", help="Data root; by default EVIMAP_DATA, else data/.")]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", help="Clock value of this run, in UTC; by default now.", formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]),
]


def main() -> None:
    """Entry point of ``evimap``."""
    progress = logging.getLogger("evimap")
    progress.setLevel(logging.INFO)
    progress.propagate = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    progress.addHandler(handler)
    app()


@app.command()
@plainly
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; must be new or empty.")]) -> None:
    """Make a commented review folder to start from."""
    from flows.start import start

    for path in start(folder):
        out.print(str(path), markup=False)
    out.print(f"next: put exports into {folder / 'imports'}, describe them in searches.yaml, then evimap refresh {folder}")


@app.command()
@plainly
def refresh(review: ReviewFolder, data: Data = None, as_of: AsOf = None) -> None:
    """Take the review from its search exports to a published evidence map."""
    from flows.orchestration import alone
    from warehouse.review import load

    load(review)  # a fault in the configuration is told at once, before a server is started
    with alone(data_root(data)):
        from flows.refresh import refresh as flow

        done = flow(str(review), str(data_root(data)), as_of)
    report.release(out, done.folder)
    out.print(f"{'published' if done.published else 'unchanged:'} release {done.release}")


@app.command()
@plainly
def parse(
    files: Files,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write records as .parquet, .csv or .jsonl.")] = None,
) -> None:
    """Show what is in export files: records, and quarantined pieces with the reason."""
    from flows import exports

    read = exports.read_files(files)
    if output:
        exports.write_records(read, output)
        out.print(f"{sum(len(one.parsed.references) for one in read):,} records written to {output}")
    report.parsed(out, read)


@app.command()
@plainly
def dedup(
    files: Files,
    output: Annotated[Path, typer.Option("-o", "--output", help="CSV to write: record_id,citation_id, a row per input row.")],
) -> None:
    """Find which records of any export files are the same paper."""
    from flows import exports

    records, citations, rejected = exports.deduplicate_files(files, output)
    out.print(f"{records:,} records, {citations:,} unique, {records - citations:,} duplicates: {output}")
    if rejected:
        out.print(f"{rejected:,} pieces could not be read and stand alone in it; evimap parse says why")


@app.command()
@plainly
def week(review: ReviewFolder, data: Data = None, as_of: AsOf = None) -> None:
    """Show what the coordinator has to do, in order: files, people, conflicts, texts, notices, refresh, sign-off."""
    from flows.week import week as steps

    report.week(out, steps(review, data_root(data), as_of))


@app.command("sign-off")
@plainly
def sign_off(
    review: ReviewFolder,
    by: Annotated[str, typer.Option("--by", metavar="PERSON", help="Who signs off: an id of protocol.yaml.")],
    note: Annotated[str | None, typer.Option("--note", help="What should be remembered of it.")] = None,
    major: Annotated[bool, typer.Option("--major", help="The next whole number: 2.0 after 1.4.")] = False,
    data: Data = None,
    as_of: AsOf = None,
) -> None:
    """Make the map of the live release the public one."""
    from flows import week as coordination

    version, pages = coordination.sign_off(review, data_root(data), by, note, as_of, major)
    out.print(f"release {version.release_id} is signed off as version {version.number}: {pages / 'map.html'}", markup=False)


@app.command()
@plainly
def bundle(
    review: ReviewFolder,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder; by default bundles/ beside the releases.")
    ] = None,
    data: Data = None,
) -> None:
    """Write the public bundle of the live release as a zip: what the sign-off makes public, to be looked at before."""
    from flows.publishing import make_bundle

    out.print(str(make_bundle(review, data_root(data), output)), markup=False)


@app.command()
@plainly
def export(
    review: ReviewFolder,
    form: Annotated[str, typer.Option("--as", metavar="FORM", help="eppi-mapper, ris or xlsx.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    data: Data = None,
) -> None:
    """Write the studies of the live release for another program: EPPI-Mapper, a reference manager, a spreadsheet."""
    from flows.publishing import write_export

    write_export(review, data_root(data), form, output)
    out.print(str(output), markup=False)


@app.command()
@plainly
def worklists(
    review: ReviewFolder,
    data: Data = None,
    as_of: AsOf = None,
    whole: Annotated[bool, typer.Option("--whole", help="Also send lists shorter than exchange.minimum.")] = False,
    tools: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="[PERSON=]TOOL",
            help="Also write screening lists for a tool to import: rayyan, covidence, eppi-reviewer or asreview.",
        ),
    ] = None,
) -> None:
    """Write a file of open work for each person: screening, conflicts, full texts, coding, verification."""
    from flows import exchange

    issued = exchange.issue(review, data_root(data), as_of, whole, exchange.tools_of(review, tools or []))
    for path, rows in issued:
        out.print(f"{rows:>7,} rows  {path}", markup=False)
    if not issued:
        out.print("no new work: everything that is open has been handed out; evimap status says to whom")


@app.command()
@plainly
def matrix(review: ReviewFolder, data: Data = None) -> None:
    """Write a framework matrix for each theme: studies by dimensions, with quotes and pages, for the synthesis."""
    from flows.matrix import matrices

    made = matrices(review, data_root(data))
    for path, studies in made:
        out.print(f"{studies:>7,} studies  {path}", markup=False)
    if not made:
        out.print("no study with a theme is on the map yet")


@app.command()
@plainly
def ingest(review: ReviewFolder, data: Data = None, as_of: AsOf = None) -> None:
    """Take in the files that people put into the inbox; what is refused goes back with the reason in each row."""
    from flows import exchange

    taken = exchange.take_in(review, data_root(data), as_of)
    for one in taken:
        out.print(one.line, markup=False)
    if not taken:
        out.print("the inbox is empty")
    if any(one.refused for one in taken):
        raise typer.Exit(BAD_INPUT)


@app.command()
@plainly
def status(review: ReviewFolder, data: Data = None) -> None:
    """Show the funnel, who still has to vote, open conflicts and unverified codings."""
    from flows import exchange

    report.status(out, exchange.standing_of(review, data_root(data)))


@app.command()
@plainly
def check(review: ReviewFolder, data: Data = None) -> None:
    """Check the configuration of a review and, where there is a release, every law on its tables."""
    from flows.checking import check_review

    verdict = check_review(review, data_root(data))
    out.print(verdict.summary, markup=False)
    raise typer.Exit(STOPPED if verdict.stopped else DONE)


@app.command()
@plainly
def verify(review: ReviewFolder, release: OneRelease = None, data: Data = None) -> None:
    """Check every file that is kept against what it was when it was written, and every law of the release."""
    from flows.verifying import verify as verified

    found = verified(review, data_root(data), release)
    for line in (*found.notes, *found.faults):
        out.print(str(line), markup=False)
    if found.sound:
        out.print("every file is as it was written")
    elif found.faults:
        out.print(f"{len(found.faults):,} files are not in order")
    raise typer.Exit(DONE if found.sound else STOPPED)


@app.command()
@plainly
def share(
    review: ReviewFolder,
    store: Annotated[str | None, typer.Option("--store", metavar="URL", help="By default EVIMAP_STORE.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Read all that is there, and put anew what is damaged.")] = False,
    data: Data = None,
) -> None:
    """Put the live release where other machines read it; each refresh does that by itself where EVIMAP_STORE is set."""
    from flows.sharing import share as shared

    done, atomic = shared(review, data_root(data), store, repair)
    out.print(f"release {done.release} is {'now' if done.moved else 'already'} live there, {done.files:,} files were put")
    if not atomic:
        out.print("this kind of store cannot tell two writers apart: let one machine alone write the review")


@app.command()
@plainly
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One query; tables are called as in the warehouse, marts.study.")],
    review: Annotated[
        list[str] | None, typer.Option("--review", metavar="ID", help="A review of the store; by default all of them.")
    ] = None,
    store: Annotated[str | None, typer.Option("--store", metavar="URL", help="By default EVIMAP_STORE.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, a row a line.")] = False,
) -> None:
    """Ask the live releases of a store a question in SQL, straight from there."""
    from flows.sharing import answer

    columns, rows = answer(sql, review or [], store)
    if as_json:
        import json

        for row in rows:
            typer.echo(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str))
    else:
        report.answer(out, columns, rows)


@app.command()
@plainly
def erase(
    review: ReviewFolder,
    person: Annotated[str, typer.Option("--person", metavar="ID", help="Whose data: an id of protocol.yaml.")],
    data: Data = None,
    as_of: AsOf = None,
) -> None:
    """Erase a person's data: the files they sent back, their worklists, their names. Decisions stay, under their id."""
    from flows.erasing import erase as erased

    done = erased(review, data_root(data), person, as_of)
    out.print(f"{done.returned:,} returned files and {done.protocols:,} versions of the protocol were erased")
    out.print(f"{len(done.deleted):,} copies and worklists were deleted")
    if done.others:
        out.print(f"these files had rows of others too, whose decisions stay as well: {', '.join(done.others)}")
    for path in done.unknown:
        out.print(
            f"nothing of this file was taken, so look whose it is, and delete it with what is kept of it: {path}", markup=False
        )
    out.print("backups are not reached from here; neither are releases that were handed on")


@app.command()
@plainly
def doctor(
    review: Annotated[Path | None, typer.Argument(metavar="[REVIEW]", help="A review folder, to look at it as well.")] = None,
    data: Data = None,
) -> None:
    """Say what is wrong with the installation, and with a review, and how to mend it."""
    import os

    from flows.doctor import examine

    found = examine(data_root(data), os.environ, review)
    for one in found:
        out.print(f"{one.what}\n  -> {one.mend}", markup=False)
    if not found:
        out.print("nothing is wrong")
    raise typer.Exit(STOPPED if found else DONE)


@app.command()
@plainly
def rebuild(
    review: ReviewFolder,
    release: OneRelease = None,
    repair: Annotated[bool, typer.Option("--repair", help="Put damaged and missing files of the release back.")] = False,
    restore: Annotated[
        bool, typer.Option("--restore", help="After a backup was put back: make the live and the signed-off release again.")
    ] = False,
    data: Data = None,
) -> None:
    """Make a release again from raw files and logs alone, and say whether it is identical."""
    from flows.orchestration import quiet

    quiet(data_root(data))
    if repair:
        from flows.repair import repair as mend

        mended, names = mend(str(review), str(data_root(data)), release)
        for name in names:
            out.print(name, markup=False)
        out.print(f"release {mended}: {f'{len(names)} files mended' if names else 'nothing to mend'}")
        return
    if restore:
        from flows.repair import restore as bring_back

        restored = bring_back(str(review), str(data_root(data)), release)
        out.print("\n".join(f"release {one} is there again" for one in restored) or "nothing to restore")
        return
    from flows.refresh import rebuild as again

    made, different = again(str(review), str(data_root(data)), release)
    for line in different:
        out.print(line, markup=False)
    out.print(f"release {made}: {'rebuilt identical' if not different else f'{len(different)} differences'}")
    raise typer.Exit(STOPPED if different else DONE)


@app.command()
@plainly
def releases(
    review: ReviewFolder,
    pin: Annotated[str | None, typer.Option("--pin", metavar="ID", help="Never remove this release.")] = None,
    unpin: Annotated[str | None, typer.Option("--unpin", metavar="ID", help="Leave it to the next --prune.")] = None,
    back_to: Annotated[str | None, typer.Option("--back-to", metavar="ID", help="Make this release the live one.")] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove old releases; never the live, public or a pinned one.")
    ] = False,
    keep: Annotated[int, typer.Option("--keep", metavar="N", help="With --prune: how many of the newest stay.")] = 10,
    data: Data = None,
    as_of: AsOf = None,
) -> None:
    """List the releases of a review, pin or remove them, or go back to one."""
    from flows import releases as shelf

    root = data_root(data)
    if pin:
        shelf.pin(review, root, pin)
    if unpin:
        shelf.unpin(review, root, unpin)
    if back_to:
        before = shelf.back_to(review, root, back_to, as_of)
        out.print(f"release {back_to} is live" + (f" instead of {before}" if before else " already"))
    if prune:
        gone = shelf.prune(review, root, keep)
        out.print(f"{len(gone):,} releases removed{': ' if gone else ''}{', '.join(gone)}")
    report.releases(out, shelf.listed(review, root))


@app.command()
@plainly
def diff(
    review: ReviewFolder,
    before: Annotated[str, typer.Argument(metavar="A", help="A release: its id, its version, current, or public.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The release to compare with it.")],
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Show what release B says otherwise than release A: studies, codes, notices, gaps, numbers."""
    from flows.diff import diff as compare

    compared = compare(review, data_root(data), before, after)
    if as_json:
        import dataclasses
        import json

        typer.echo(json.dumps(dataclasses.asdict(compared), ensure_ascii=False, indent=1))
    else:
        report.diff(out, compared)


if __name__ == "__main__":
    main()
