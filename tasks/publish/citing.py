"""What a bundle says in words: how to cite it, under which licence it is, what is in it and how to read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from string import Template

import yaml

from warehouse.review import Review

_SPDX = re.compile(r"[A-Za-z]+[-A-Za-z0-9.]*\d(\.\d+)*([-A-Za-z0-9.]*)|MIT|Unlicense|0BSD")
_README = Template(Path(__file__).with_name("bundle_readme.md").read_text(encoding="utf-8"))
CITATION = "CITATION.cff"
CRATE = "ro-crate-metadata.json"
README = "README.md"


class _Text(str):
    """A text that stays one for every reader: 12345678e9012345 is a number in YAML 1.2, and none to the writer that we use."""


class _Writer(yaml.SafeDumper):
    pass


_Writer.add_representer(_Text, lambda writer, text: writer.represent_scalar("tag:yaml.org,2002:str", text, style="'"))


def citation_cff(review: Review, release: str, as_of: datetime) -> bytes:
    """``CITATION.cff`` (Citation File Format 1.2.0). The authors are the team as one: people are named nowhere in a bundle."""
    said = review.protocol.release
    told: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": said.cite_as or "Please cite this evidence map with its title, its release and its date.",
        "type": "dataset",
        "title": review.protocol.title,
        "abstract": " ".join([*([f"Synthetic. {said.synthetic}"] if said.synthetic else []), review.protocol.question]),
        "authors": [{"name": f"Review team of {review.protocol.title}"}],
        "version": _Text(release),
        "date-released": as_of.date().isoformat(),
    }
    if _SPDX.fullmatch(said.licence):
        told["license"] = said.licence
    return yaml.dump(told, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=1000).encode("utf-8", "replace")


def licence_text(review: Review) -> bytes:
    """``LICENSE.txt``: the licence as the protocol names it."""
    said = review.protocol.release.licence
    line = (
        "No licence is stated: ask before you use these files." if said == "not stated" else f"Licence of these files: {said}"
    )
    return f"{review.protocol.title}\n\n{line}\n".encode("utf-8", "replace")


def readme(review: Review, release: str, as_of: datetime, rows: Mapping[str, int]) -> bytes:
    """``README.md``: what each file is, how to read the tables, and how to see that nothing was changed."""
    said = review.protocol.release
    return _README.substitute(
        title=review.protocol.title,
        question=review.protocol.question,
        release=release,
        day=as_of.date().isoformat(),
        licence=said.licence,
        synthetic=f"\n**Synthetic.** {said.synthetic}\n" if said.synthetic else "",
        cite=f"Cite as: {said.cite_as}\n" if said.cite_as else "",
        contact=f"\nQuestions, errors, missing studies: {said.contact}\n" if said.contact else "",
        abstracts="Abstracts are in `map.html` alone, as the protocol allows, and may be"
        if said.abstracts
        else "Abstracts are in no file here, since they are",
        tables="\n".join(f"| `{name}` | {number:,} |" for name, number in rows.items()),
    ).encode("utf-8", "replace")


_MEDIA = {
    "html": "text/html", "svg": "image/svg+xml", "csv": "text/csv", "json": "application/json", "md": "text/markdown",
    "txt": "text/plain", "cff": "application/yaml", "parquet": "application/vnd.apache.parquet",
    "duckdb": "application/vnd.duckdb", "ris": "application/x-research-info-systems",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def ro_crate(review: Review, release: str, as_of: datetime, files: Mapping[str, tuple[int, str]]) -> bytes:
    """``ro-crate-metadata.json`` (RO-Crate 1.1) of ``files``: sizes and SHA-256 by path."""
    said = review.protocol.release
    root: dict[str, object] = {
        "@id": "./", "@type": "Dataset", "name": review.protocol.title, "identifier": release, "version": release,
        "description": f"Synthetic. {said.synthetic}" if said.synthetic else review.protocol.question,
        "datePublished": as_of.isoformat() + "Z", "license": {"@id": "LICENSE.txt"},
        "hasPart": [{"@id": name} for name in files],
    }  # fmt: skip
    if said.cite_as:
        root["citation"] = said.cite_as
    parts = [
        {"@id": name, "@type": "File", "name": name, "contentSize": str(size), "sha256": digest,
         "encodingFormat": _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")}
        for name, (size, digest) in files.items()
    ]  # fmt: skip
    about = {
        "@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}, "about": {"@id": "./"},
    }  # fmt: skip
    graph = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *parts]}
    return json.dumps(graph, ensure_ascii=False, indent=1).encode("utf-8", "replace")
