"""What the Prefect UI shows of a run: PRISMA numbers, the verdict of the checks, what changed, who owes what, the pages."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from flows.exchange import standing_of
from warehouse.engine import Engine
from warehouse.review import load
from warehouse.storage import Published, Storage

_PAGES = {"map": "map.html", "report": "report.html", "searches": "docs/search-report.html", "checks": "quality/index.html"}
_TOLD = {"map": "The map", "report": "The report", "searches": "How it was searched", "checks": "Every check, with its rows"}
_SEVERITY = {"stop": "would stop a release", "report": "would be reported"}
_COUNTED = ("records", "citations", "studies", "mapped")


def publish_artifacts(storage: Storage, release: Published) -> None:
    """Artifacts of a release under keys that stay the same from run to run, so that the UI shows their history."""
    review = _key(release)
    names = ("marts.prisma_flow", "meta.quality_check")
    with Engine({name: release.path(name) for name in names}) as engine:
        prisma = engine.rows("SELECT arm, label, n FROM marts.prisma_flow WHERE detail = '' AND n > 0 ORDER BY position, arm")
        checks = engine.rows("SELECT severity, passed, count(*) AS n FROM meta.quality_check GROUP BY ALL ORDER BY ALL")
        failed = engine.rows(
            'SELECT "table", meaning, failing, examples, remedy FROM meta.quality_check WHERE NOT passed ORDER BY check_id'
        )
    create_table_artifact(prisma, key=f"prisma-{review}", description=f"PRISMA numbers of release {release.id}")
    told = f"{len(failed)} of {sum(int(str(row['n'])) for row in checks)} checks of release {release.id} failed"
    create_markdown_artifact(_verdict(release, checks, failed), key=f"quality-{review}", description=told)
    create_table_artifact(changed(storage, release), key=f"change-{review}", description=f"What release {release.id} changed")
    for name, page in _PAGES.items():
        path = release.folder / page
        create_link_artifact(
            path.as_uri(), key=f"{name}-{review}", link_text=f"{page} of {release.id}", description=f"{_TOLD[name]}: {path}"
        )


def owed_artifact(folder: Path, root: Path) -> None:
    """Who has been sent what and has not answered."""
    rows = [dict(zip(("who", "what", "since", "rows"), map(str, row), strict=True)) for row in standing_of(folder, root).owed]
    create_table_artifact(rows, key=f"owed-{_dashed(load(folder).id)}", description="Work that is out")


def changed(storage: Storage, release: Published) -> list[dict[str, object]]:
    """The counts of a release beside those of the one before it: records, citations, studies, studies on the map."""
    logged = {row["release_id"]: row for row in storage.log.read("publication").to_pylist()}
    now, before = logged.get(release.id, {}), logged.get(release.manifest["predecessor"], {})
    return [
        {"": name, "before": before.get(name, 0), "now": now.get(name, 0), "more": now.get(name, 0) - before.get(name, 0)}
        for name in _COUNTED
    ]


def _verdict(release: Published, checks: list[dict[str, object]], failed: list[dict[str, object]]) -> str:
    """The verdict in words; the rows that fail as code, so that no text in them is read as Markdown."""
    lines = [f"# Checks of release {release.id}", ""]
    lines += [
        f"- {row['n']} {'passed' if row['passed'] else 'failed'} that {_SEVERITY[str(row['severity'])]}" for row in checks
    ]
    for row in failed:
        rows = "1 row" if row["failing"] == 1 else f"{row['failing']} rows"
        said = escape(f"{row['meaning']} Not so in {rows}. {row['remedy']}", quote=False)  # <theme> is no HTML
        lines += [f"- **{row['table']}**: {said}", ""]
        shown = [json.dumps(one, ensure_ascii=False).replace("`", "'") for one in json.loads(str(row["examples"] or "[]"))]
        lines += ["      " + one for one in shown] + [""]
    return "\n".join(lines)


def _key(release: Published) -> str:
    return _dashed(str(release.manifest["review"]))


def _dashed(review: str) -> str:
    """A review's id as a key of artifacts may be written."""
    return review.replace("_", "-").lower()
