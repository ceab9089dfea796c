"""Citation chasing through OpenAlex: what the included papers cite (backward), and what cites them (forward).

The papers are looked up first, in batches: by OpenAlex id, else by DOI, else by PubMed number; one that is not found is looked
up by its next identifier, and one that is not found by any is named in the notes. Backward, the works in their
``referenced_works`` are fetched by id; forward, the works that the filter ``cites`` finds. OpenAlex takes up to 100
alternatives in a filter, and about 4 KB in an address (https://developers.openalex.org/guides/filtering).

Batches overlap (two papers cite the same third), so their totals cannot be added up, and no number of hits is reported. Each
batch is held against its own total here instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tasks.formats import fields
from tasks.sources import openalex
from tasks.sources.connector import Broken, Connector, Expired, Query, Rate, Refused, Request, Response, Seed, Step, Turn
from warehouse.configuration.sources import Source, Strategy

LOOKED_UP = 50  # papers a request: some DOIs and PubMed numbers have several works
FETCHED = 100  # alternatives in a filter
LONGEST = 3_000  # bytes of a batch in the address
SHORT = 0.02  # share of a batch that may be missing at its end; a batch with less is asked again
_SELECT = ("select", "id,doi,ids,referenced_works")

Work = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Identifier:
    """A kind of identifier: the filter that finds works by it, and where a paper and a work have it."""

    filter: str
    of_paper: Callable[[Seed], str | None]
    of_work: Callable[[Work], str | None]


def _number(value: object) -> str | None:
    """W and a number, from an id that may be a link."""
    name = str(value or "").strip().rstrip("/").rpartition("/")[2].upper()
    return name if name[:1] == "W" and name[1:].isdecimal() else None


def _doi(paper: Seed) -> str | None:
    """The DOI, if a filter can hold it: commas part filters, and bars alternatives."""
    found = fields.doi(paper.doi)
    return found if found and "," not in found and "|" not in found else None


def _pmid(work: Work) -> str | None:
    ids = work.get("ids")
    link = str(ids.get("pmid") or "") if isinstance(ids, dict) else ""
    return fields.pmid(link.rstrip("/").rpartition("/")[2])


_IDENTIFIERS = (
    _Identifier("openalex", lambda paper: _number(paper.openalex), lambda work: _number(work.get("id"))),
    _Identifier("doi", _doi, lambda work: fields.doi(str(work.get("doi") or ""))),
    _Identifier("pmid", lambda paper: fields.pmid(paper.pmid), _pmid),
)


def begin(query: Query) -> tuple[Step, ...]:
    """Looks up the papers, each by the first identifier that it has."""
    steps = tuple(_look_up(query, query.seeds, 0, "papers"))
    if query.seeds and not steps:
        raise Refused("none of the included papers has a DOI or PubMed number by which OpenAlex can be asked for it")
    return steps


def follow(query: Query, step: Step, response: Response) -> Turn:
    """What a batch of papers leads to, or a page of works."""
    return _papers(query, step, response) if step.purpose == "papers" else _works(query, step, response)


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """A query could not be applied to citations."""
    found = openalex.filter_faults(strategy)
    if strategy.query:
        found.append("query: citations are those of the included papers, so there is nothing to search for; leave it out")
    return found


def _look_up(query: Query, papers: Sequence[Seed], rank: int, within: str) -> Iterator[Step]:
    """Looks up papers by the first identifier that they have from ``rank`` on."""
    by: dict[str, list[str]] = {identifier.filter: [] for identifier in _IDENTIFIERS[rank:]}
    for paper in papers:
        found = ((one.filter, one.of_paper(paper)) for one in _IDENTIFIERS[rank:])
        name, value = next(((name, value) for name, value in found if value), ("", None))
        if value:
            by[name].append(value)
    for name, values in by.items():
        for number, batch in enumerate(_batches(fields.unique(values), LOOKED_UP), 1):
            yield _asked(query, name, batch, f"{within}, {name} {number}")


def _asked(query: Query, name: str, batch: Sequence[str], part: str) -> Step:
    paging = (("per_page", str(openalex.PAGE)), ("cursor", openalex.FIRST))
    params = (("filter", f"{name}:{'|'.join(batch)}"), _SELECT, *paging)
    return Step(Request(f"{query.endpoint}/works", params), part, "papers")


def _papers(query: Query, step: Step, response: Response) -> Turn:
    works, count, _ = openalex.works_of(response)
    name, batch = _batch(step)
    if count > len(works) and len(batch) > 1:  # so many works with the same DOIs that they do not fit on a page
        middle = len(batch) // 2
        halves = ((batch[:middle], "first half"), (batch[middle:], "second half"))
        return Turn(steps=tuple(_asked(query, name, half, f"{step.slice}, {which}") for half, which in halves), keep=False)
    rank = next(at for at, identifier in enumerate(_IDENTIFIERS) if identifier.filter == name)
    identifier, later = _IDENTIFIERS[rank], _IDENTIFIERS[rank + 1 :]
    found = {identifier.of_work(work) for work in works}
    missing = [paper for paper in query.seeds if identifier.of_paper(paper) in set(batch) - found]
    lost = [paper for paper in missing if not any(other.of_paper(paper) for other in later)]
    if step.key == begin(query)[0].key:
        lost += [paper for paper in query.seeds if not any(one.of_paper(paper) for one in _IDENTIFIERS)]
    steps = (*_citations(query, works, step.slice), *_look_up(query, missing, rank + 1, step.slice))
    return Turn(steps=steps, keep=False, notes=tuple(f"{_named(paper)} is not in OpenAlex: not followed" for paper in lost))


def _citations(query: Query, works: Sequence[Work], within: str) -> Iterator[Step]:
    """The first page of each batch of works that the papers cite, or that cite them."""
    if query.direction == "backward":
        name = "openalex"
        lists = [work.get("referenced_works") for work in works]
        values = [_number(one) for cited in lists if isinstance(cited, list) for one in cited]
    else:
        name = "cites"
        values = [_number(work.get("id")) for work in works]
    for number, batch in enumerate(_batches(fields.unique(value for value in values if value), FETCHED), 1):
        params = openalex.filtered(query, f"{name}:{'|'.join(batch)}")
        yield openalex.page(query, params, f"{within}, {query.direction} {number}", "page after 0")


def _works(query: Query, step: Step, response: Response) -> Turn:
    works, count, cursor = openalex.works_of(response)
    got = int(step.purpose.rpartition(" ")[2]) + len(works)
    if cursor and not works and got < count:
        raise Broken("an empty page, though OpenAlex says that more is to come")
    going_on = bool(cursor) and not (openalex.is_first(step) and got >= count)
    ids = openalex.ids_of(works, response)
    if going_on:
        return Turn(ids, steps=(openalex.next_page(step, str(cursor), f"page after {got}"),))
    if got < count * (1 - SHORT):
        raise Expired(f"{got:,} of {count:,} works came")
    notes = [f"{got:,} of {count:,} works of a batch came"] if got < count else []
    _, batch = _batch(step)
    if query.direction == "backward" and not query.filters and not query.from_year and not query.to_year and count < len(batch):
        notes.append(f"{len(batch) - count} of {len(batch)} cited works are not in OpenAlex any more: {step.slice}")
    return Turn(ids, notes=tuple(notes))


def _batch(step: Step) -> tuple[str, list[str]]:
    """The filter that a batch is asked for by, and its values."""
    name, _, values = dict(step.request.params)["filter"].split(",")[0].partition(":")
    return name, values.split("|")


def _batches(values: Sequence[str], most: int) -> Iterator[list[str]]:
    """The values in batches of at most ``most`` that fit into an address."""
    batch: list[str] = []
    size = 0
    for value in values:
        length = len(quote(value, safe="")) + 3  # and the bar before it
        if batch and (len(batch) == most or size + length > LONGEST):
            yield batch
            batch, size = [], 0
        batch.append(value)
        size += length
    if batch:
        yield batch


def _named(paper: Seed) -> str:
    return paper.doi or (f"pmid:{paper.pmid}" if paper.pmid else None) or paper.openalex or "a paper without identifier"


CONNECTOR = Connector(
    name="citations",
    kind="citations",
    home=openalex.HOME,
    format="openalex",
    rate=Rate(10),
    begin=begin,
    follow=follow,
    increments=False,
    needs=("direction",),
    credentials=(openalex.KEY,),
    trouble=openalex.trouble,
    faults=faults,
)
