"""The order in which titles and abstracts go out where the protocol says prioritised: for each release, from what was decided.

It is an order of what is still to be done, and nothing else: no vote, state or count rests on it, and each paper in it is owed
the same decisions of people as without it.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.screening.model import LIBRARY, Model, installed, learn
from tasks.screening.recall import recall
from warehouse.configuration.protocol import Prioritised
from warehouse.engine import Engine, Tables
from warehouse.review import Review
from warehouse.tables.catalogue import table
from warehouse.yaml import ConfigurationError

READS = ("staging.citation", "staging.citation_record", "staging.screening", "log.worklist")
WRITES = ("staging.ranking", "staging.ranking_term", "staging.ranking_model", "staging.recall")
REMEDY = "make setup installs it, or pip install 'evimap[prioritised]'; or take prioritised out of the protocol"
_HERE = Path(__file__).parent


def lacking(review: Review) -> str | None:
    """What the protocol asks for and is not installed, in words; None where nothing is lacking."""
    if review.protocol.screening.title_abstract.prioritised is None or installed():
        return None
    return f"screening.title_abstract.prioritised needs {LIBRARY}, which is not installed"


def require(review: Review) -> None:
    """Raises `ConfigurationError`, with the remedy, where the protocol asks for what is not installed."""
    if fault := lacking(review):
        raise ConfigurationError(f"{review.folder / 'protocol.yaml'}: {fault}; {REMEDY}")


def rank(tables: Tables, review: Review) -> dict[str, pa.Table]:
    """The four tables of `WRITES`: without rows where the protocol does not ask for them.

    It learns from what was settled, and of that only whether it passed: a vote that stands alone sways no order, so that the
    place of a paper tells nobody what another has said of it. Raises `ConfigurationError` where the library is not installed.
    """
    rules = review.protocol.screening.title_abstract.prioritised
    if rules is None:
        return {name: table(name).empty() for name in WRITES}
    require(review)
    with Engine({name: tables[name] for name in READS}) as engine:
        papers: list[dict[str, Any]] = engine.rows(_HERE / "judged.sql")
    made = _ranked(papers, rules) | {"staging.recall": [_recall(papers, rules)]}
    rows = {name: [{"review": review.id, **row} for row in listed] for name, listed in made.items()}
    return {name: table(name).of_rows(rows[name]) for name in WRITES}


def _ranked(papers: list[dict[str, Any]], rules: Prioritised) -> dict[str, list[dict[str, Any]]]:
    decisions = [one["included"] for one in papers]
    awaiting = [one["citation_id"] for one in papers if one["included"] is None]
    learnt = learn([one["words"] for one in papers], decisions, rules.seed)
    model: dict[str, Any] = {
        "ranked": len(awaiting), "included": decisions.count(True), "excluded": decisions.count(False), "seed": rules.seed,
    }  # fmt: skip
    if isinstance(learnt, Model):
        rows = [
            {"citation_id": one, "score": score, "terms": terms}
            for one, score, terms in zip(awaiting, learnt.scores, learnt.terms, strict=True)
        ]
        rows.sort(key=lambda row: -row["score"])  # those of one score stay in the order in which they came in
        model |= {"words": learnt.words, "intercept": learnt.intercept, "library": learnt.library}
        weights = [{"term": term, "weight": weight} for term, weight in learnt.weights]
    else:
        rows = [{"citation_id": one, "terms": []} for one in awaiting]
        model |= {"unranked": learnt}
        weights = []
    return {
        "staging.ranking": [row | {"position": place} for place, row in enumerate(rows, start=1)],
        "staging.ranking_term": weights,
        "staging.ranking_model": [model],
    }


def _recall(papers: list[dict[str, Any]], rules: Prioritised) -> dict[str, Any]:
    """Of what was sent by rank that counts which comes before the first paper that is out and still open.

    To settle a conflict takes longer, and it is oftener relevant: to take the papers as they were settled would make what is
    open look less likely than it is. Those behind an open one count as open themselves. What is out otherwise may be likelier
    than what came after it by rank, so that it ends the count as well, though it is never in it.
    """
    sent = sorted((one for one in papers if one["sent"] is not None), key=itemgetter("sent"))
    settled = takewhile(lambda one: one["included"] is not None, sent)
    order = [bool(one["included"]) for one in settled if one["by_rank"]]
    otherwise = [one["included"] for one in papers if not one["by_rank"] and one["included"] is not None]
    found = recall(order, sum(otherwise), len(papers) - len(otherwise), rules.recall)
    return {
        "citations": len(papers), "unsorted": len(otherwise), "in_order": len(order), "included": sum(otherwise) + sum(order),
        "target": rules.recall, **asdict(found),
    }  # fmt: skip
