"""What a harvest has asked so far: one line a step, written after its answer is safe in ``raw/``.

A harvest that was killed reads the journal and follows the kept answers again, so at most the one page that was on its way is
asked for once more. A last line that was cut short by the kill is as if it had not been written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

_PRIVATE = frozenset({"set-cookie", "set-cookie2", "authorization", "proxy-authorization", "www-authenticate"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer: the step that it belongs to, and where its bytes are."""

    step: str
    raw: str
    bytes: int
    status: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Journal:
    """The journal of one run of one strategy, a file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}
        whole = 0
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            if not line.endswith(b"\n"):
                break
            self._read(json.loads(line))
            whole += len(line)
        if path.exists() and path.stat().st_size > whole:
            os.truncate(path, whole)

    def find(self, step: str) -> Entry | None:
        """The answer to a step, if it has come."""
        return self._entries.get(step)

    def add(self, entry: Entry) -> None:
        """Notes an answer whose bytes are kept."""
        headers = {name: value for name, value in entry.headers.items() if name not in _PRIVATE}
        self._write({**asdict(entry), "headers": headers})
        self._entries[entry.step] = entry

    def forget(self, steps: Collection[str]) -> None:
        """Makes steps unasked: their slice starts again."""
        self._write({"forget": sorted(steps)})
        for step in steps:
            self._entries.pop(step, None)

    def _read(self, line: dict[str, object]) -> None:
        forgotten = line.get("forget")
        if isinstance(forgotten, list):
            for step in forgotten:
                self._entries.pop(step, None)
        else:
            entry = Entry(**line)  # type: ignore[arg-type]  # written by `add`
            self._entries[entry.step] = entry

    def _write(self, line: dict[str, object]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as handle:
            handle.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
