"""What runs are called in the Prefect UI."""

from __future__ import annotations

from pathlib import Path

from prefect.runtime import flow_run


def run_name() -> str:
    """Flow and review, such as "refresh my-review", wherever the folder is."""
    return f"{flow_run.flow_name} {Path(flow_run.parameters['review']).name}"
