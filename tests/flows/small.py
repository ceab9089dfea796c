"""A small review of invented papers, and people who answer their worklists: what the end-to-end tests run on."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from flows import exchange
from flows.start import start
from tests.workbooks import filled

JANUARY, FEBRUARY, MARCH = datetime(2026, 1, 1), datetime(2026, 2, 1), datetime(2026, 3, 1)

SUBJECTS = (
    "Kinship placements in coastal towns", "Mentoring for young carers", "Peer advocacy in family courts",
    "Short breaks and respite for foster homes", "Debt advice before care proceedings", "Reunification after long placements",
    "Night-time helplines for parents", "Shared training of social workers", "Family group meetings in rural councils",
    "Housing offers for care leavers", "Substance use courts and their families", "Early years visits by nurses",
)  # fmt: skip


def ris(subjects: tuple[str, ...] = SUBJECTS, doi: bool = True) -> bytes:
    """An export with one invented paper a subject."""
    records = []
    for number, subject in enumerate(subjects):
        lines = [
            "TY  - JOUR",
            f"AU  - Okafor, {'ABCDEFGHIJKLMN'[number]}.",
            "AU  - Lindqvist, M.",
            f"TI  - {subject}: an invented study",
        ]
        lines += [
            f"PY  - {2001 + number}",
            "JO  - Journal of Invented Care",
            f"VL  - {number + 3}",
            f"SP  - {100 + 10 * number}",
        ]
        lines += [f"EP  - {108 + 10 * number}", f"AB  - Invented abstract about {subject.lower()}.", f"AN  - 2026-{number:05d}"]
        lines += [f"DO  - 10.5555/invented.{number}"] if doi else []
        records.append("\r\n".join([*lines, "ER  - ", ""]))
    return "\r\n".join(records).encode()


WEBSITES = (
    b"url,title,organisation,date\r\nhttps://example.org/1,A guide to invented family meetings,Invented Trust,2015-03-01\r\n"
    b"https://example.org/2,Annual review of invented mentoring,Invented Trust,2016\r\n"
)
EXPERTS = (
    b"suggested_by,suggested_on,title,authors,year\r\n"
    b'x1,2026-01-02,An unpublished invented trial of respite,"Adeyemi, T.",2019\r\n'
)

SEARCHES = """
searches:
  - {source: psycinfo, files: [psycinfo.ris], strategy: 1 foster care, hits: 12, searched_on: 2026-01-01, searcher: r1}
  - {source: websites, files: [websites.csv], searched_on: 2026-01-01}
  - {source: experts, files: [experts.csv], searched_on: 2026-01-02}
"""


def make_review(folder: Path, worklists: str = "csv") -> Path:
    """The template of `evimap init` with three small exports in its imports."""
    start(folder)
    protocol = folder / "protocol.yaml"
    text = protocol.read_text().replace("  - {id: a1,", "  - {id: x1, roles: [expert]}\n  - {id: a1,")
    protocol.write_text(text.replace("  worklists: xlsx", f"  worklists: {worklists}"))
    imports = folder / "imports"
    (imports / "psycinfo.ris").write_bytes(ris())
    (imports / "websites.csv").write_bytes(WEBSITES)
    (imports / "experts.csv").write_bytes(EXPERTS)
    (imports / "searches.yaml").write_text(SEARCHES)
    return folder


Answer = Callable[[str, str, dict[str, str]], dict[str, str]]


def agreeable(task: str, reviewer: str, row: dict[str, str]) -> dict[str, str]:
    """Includes all but two papers, whose titles name them; codes everything alike."""
    if task.startswith("title_abstract"):
        return {"decision": "exclude" if "Housing" in row["title"] else "include"}
    if task == "retrieval":
        return {"status": "arrived"}
    if task.startswith("full_text"):
        return {"decision": "exclude", "reason": "design"} if "guide" in row["title"] else {"decision": "include"}
    if task in ("coding", "reconciliation"):
        kind = "review" if "review" in row["title"] else "primary"
        return {
            "group": "1",
            "topic": "first; second" if "Kinship" in row["title"] else "first",
            "outcome": "one",
            "kind": kind,
        }
    return {"verdict": "agree"}


def work(review: Path, root: Path, answer: Answer = agreeable, rounds: int = 12) -> int:
    """Hands out work and takes it in until nothing is left, at most ``rounds`` times; decisions taken in all."""
    total = 0
    for day in range(2, 2 + rounds):
        as_of = datetime(2026, 1, day)
        issued = exchange.issue(review, root, as_of)
        if not issued:
            break
        for path, _ in issued:
            fill(path, root / review.name / "inbox" / path.name, answer)
        taken = exchange.take_in(review, root, as_of)
        assert [one.line for one in taken if one.refused] == []
        total += sum(one.rows for one in taken)
    return total


def in_workbook(row: dict[str, str], answer: Answer) -> dict[str, object]:
    """The answer as it is given in a workbook: nothing in the spare rows, and the day as a date."""
    if row.get("group", "1") not in ("", "1"):
        return {}
    return {**answer(row["task"], row["reviewer"], row), **({"decided_on": date(2026, 1, 2)} if "decided_on" in row else {})}


def fill(source: Path, target: Path, answer: Answer) -> None:
    """A worklist as a person sends it back; nothing for what lies beside it."""
    if source.suffix == ".ris":
        return
    if source.suffix == ".xlsx":
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(filled(source.read_bytes(), lambda row: in_workbook(row, answer)))
        return
    rows = list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"), newline="")))
    for row in rows:
        row |= answer(row["task"], row["reviewer"], row) | ({"decided_on": "2026-01-02"} if "decided_on" in row else {})
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", newline="", encoding="utf-8-sig") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
