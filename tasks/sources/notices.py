"""Retractions, corrections and concerns on the included papers, asked of Crossref by DOI at each refresh.

What comes back is no search result: its notices are logged (`log.notice`), its records are not counted as identified. Crossref
holds the notices of publishers and those of Retraction Watch (https://www.crossref.org/documentation/retraction-watch/).
"""

from __future__ import annotations

import json

from tasks.sources import crossref
from tasks.sources.connector import Broken, Connector, Query, Request, Response, Step, Turn

TOGETHER = 50  # DOIs in one request: the address stays under 4,000 characters


def begin(query: Query) -> tuple[Step, ...]:
    """One step for each batch of papers."""
    papers = sorted({seed.doi for seed in query.seeds if seed.doi})
    batches = [papers[start : start + TOGETHER] for start in range(0, len(papers), TOGETHER)]
    return tuple(
        Step(Request(f"{query.endpoint}/works", (("filter", _any_of(batch)), ("rows", str(len(batch)))))) for batch in batches
    )


def _any_of(papers: list[str]) -> str:
    """Crossref takes several values of one filter as alternatives."""
    return ",".join(f"doi:{doi}" for doi in papers)


def follow(_query: Query, _step: Step, response: Response) -> Turn:
    """The papers that Crossref knows; those of other agencies (DataCite) are left out by it."""
    try:
        message = json.loads(response.body)["message"]
        return Turn(tuple(str(item["DOI"]).lower() for item in message["items"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(f"no list of works: {error}") from None


CONNECTOR = Connector(
    name="notices",
    kind="notices",
    home=crossref.CONNECTOR.home,
    format=crossref.CONNECTOR.format,
    rate=crossref.CONNECTOR.rate,
    begin=begin,
    follow=follow,
    increments=False,
    needs=(),
    credentials=crossref.CONNECTOR.credentials,
    trouble=crossref.CONNECTOR.trouble,
)
