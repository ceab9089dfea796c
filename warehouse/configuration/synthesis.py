"""``synthesis/<theme>.md``: what people wrote on a theme, in Markdown, citing studies as ``[@c0123456789abcdef; @c…]``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from warehouse.configuration.codebook import Codebook
from warehouse.yaml import ConfigurationError

LONGEST = 200_000
"""Characters of a text; a chapter has a fifth of that."""


def read_synthesis(folder: Path, codebook: Codebook) -> Mapping[str, str]:
    """The text of each theme that has one. Raises `ConfigurationError` with a line for each fault."""
    themes = {code.id for dimension in codebook.dimensions if dimension.role == "theme" for code in dimension.codes}
    found: dict[str, str] = {}
    faults = []
    for path in sorted(folder.glob("*.md")):
        try:
            text = path.read_text(encoding="utf-8-sig").strip()
        except UnicodeDecodeError as error:
            faults.append(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8")
            continue
        if path.stem not in themes:
            faults.append(f"{path}: no theme {path.stem!r} in codebook.yaml (there are {', '.join(sorted(themes))})")
        if len(text) > LONGEST:
            faults.append(f"{path}: {len(text):,} characters; at most {LONGEST:,}")
        found[path.stem] = text
    if faults:
        raise ConfigurationError("\n".join(faults))
    return MappingProxyType({theme: text for theme, text in found.items() if text})
