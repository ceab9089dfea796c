"""What the Prefect UI shows of a refresh: the PRISMA numbers, the verdict of the checks, and where the map is."""

from __future__ import annotations

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from warehouse.engine import Engine
from warehouse.storage import Published


def publish_artifacts(release: Published) -> None:
    """Three artifacts under keys that stay the same from run to run, so that the UI shows their history."""
    review = str(release.manifest["review"])
    names = ("marts.prisma_flow", "meta.quality_check")
    with Engine({name: release.path(name) for name in names}) as engine:
        prisma = engine.rows("SELECT arm, label, n FROM marts.prisma_flow WHERE detail = '' AND n > 0 ORDER BY position, arm")
        checks = engine.rows("SELECT severity, passed, count(*) AS n FROM meta.quality_check GROUP BY ALL ORDER BY ALL")
        failed = engine.rows(
            'SELECT "table", meaning, failing, remedy FROM meta.quality_check WHERE NOT passed ORDER BY check_id'
        )
    create_table_artifact(prisma, key=f"prisma-{review}", description=f"PRISMA numbers of release {release.id}")
    lines = [f"# Checks of release {release.id}", ""]
    lines += [f"- {row['n']} {'passed' if row['passed'] else 'failed'} ({row['severity']})" for row in checks]
    lines += [f"- **{row['table']}**: {row['meaning']}: {row['failing']} rows. {row['remedy']}" for row in failed]
    create_markdown_artifact("\n".join(lines), key=f"quality-{review}")
    create_link_artifact((release.folder / "map.html").as_uri(), key=f"map-{review}", link_text=f"Map, release {release.id}")
