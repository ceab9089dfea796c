"""Writes the example's export files to ``imports/synthetic/``; the same bytes each time, on every machine.

Usage: ``python reviews/reducing-care-entry/synthetic/make.py [FOLDER]``
"""

from __future__ import annotations

import sys
from pathlib import Path

from exports import exports

HOME = Path(__file__).resolve().parent.parent / "imports" / "synthetic"


def main(folder: Path) -> None:
    """Writes all export files to ``folder`` and says what they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    made = exports()
    for export in made:
        path = folder / export.name
        if not path.exists() or path.read_bytes() != export.data:
            path.write_bytes(export.data)
    print(f"{len(made)} synthetic export files with {sum(export.starts for export in made):,} records in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME)
