"""The command ``init``: a commented review folder to start from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from flows.faults import BadInput

_TEMPLATE = Path(__file__).parent / "template"


def start(folder: Path) -> list[Path]:
    """Copies the template to ``folder``, with a review id made of its name; the files made.

    Raises `BadInput` if the folder has anything in it: nobody's work is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder}: is not empty; give the name of a new folder")
    shutil.copytree(_TEMPLATE, folder, dirs_exist_ok=True)
    protocol = folder / "protocol.yaml"
    plain = re.sub(r"[^a-z0-9_-]+", "-", folder.resolve().name.lower()).strip("-_")[:64] or "my-review"
    protocol.write_text(
        re.sub(r"(?m)^review: my-review", f"review: {plain}", protocol.read_text(encoding="utf-8")), encoding="utf-8"
    )
    return sorted(path for path in folder.rglob("*") if path.is_file())
