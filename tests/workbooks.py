"""People and programs that fill in, save and spoil workbooks."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.shared import absent

Change = Callable[[Worksheet], object]


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(data: bytes, change: Change) -> bytes:
    """The workbook after somebody worked on its first sheet."""
    book = load_workbook(io.BytesIO(data))
    change(book.worksheets[0])
    return saved(book)


def filled(data: bytes, answer: Callable[[dict[str, str]], Mapping[str, object]]) -> bytes:
    """The workbook with a person's answer to each row: by column, or by dimension where that has yes/no columns."""

    def fill(sheet: Worksheet) -> None:
        names = [str(cell.value) for cell in sheet[1]]
        for cells in sheet.iter_rows(min_row=2):
            row = dict(zip(names, cells, strict=True))
            for name, value in answer({at: str(cell.value or "") for at, cell in row.items()}).items():
                if name in row:
                    row[name].value = value
                else:
                    headings = [at for at in names if at.startswith(f"{name}: ")]
                    assert headings, name
                    for at in headings:
                        row[at].value = "yes" if at.removeprefix(f"{name}: ") in str(value).split("; ") else "no"

    return changed(data, fill)


def table(rows: list[list[object]], change: Change = lambda sheet: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    return saved(book)


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts as some other program might have written it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def resaved(paths: list[Path], folder: Path) -> list[Path]:
    """The workbooks as LibreOffice saves them again, in ``folder``; skips where it is not installed."""
    if shutil.which("soffice") is None:
        absent("soffice", "LibreOffice (soffice) is not installed")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), *map(str, paths)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return [folder / path.name for path in paths]
