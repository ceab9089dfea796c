"""ClinicalTrials.gov: studies of the register of the U.S. National Library of Medicine (https://clinicaltrials.gov/data-api/api).

From its documentation: ``query.term`` and ``filter.advanced`` in Essie syntax (``AREA[…]``, ``RANGE[…]``); ``pageSize`` at
most 1,000, more is taken for 1,000; ``nextPageToken`` of a page is the ``pageToken`` of the next, and is absent from the last
one; ``totalCount`` comes with the first page only, where ``countTotal`` is set; studies are in no order unless one is asked
for. Seen by others in use: a wrong parameter or value is answered by 400 in plain text; no limit of requests is published,
about fifty a minute are borne.

Years are those of the first posting, increments go by the last posted update.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from tasks.sources.connector import Broken, Connector, Expired, Query, Rate, Refused, Request, Response, Step, Turn
from warehouse.configuration.sources import Source, Strategy

MOST = 1_000
FIELDS = (
    "IdentificationModule,StatusModule,SponsorCollaboratorsModule,DescriptionModule,ConditionsModule,DesignModule,"
    "ArmsInterventionsModule,OutcomesModule,EligibilityModule,ReferencesModule,OverallOfficialName,OverallOfficialRole,"
    "OverallOfficialAffiliation,LocationCountry,HasResults"
)
FILTERS = frozenset({
    "query.cond", "query.intr", "query.titles", "query.outc", "query.locn", "query.spons", "query.lead", "query.id",
    "query.patient", "filter.overallStatus", "filter.geo", "filter.ids", "filter.advanced", "filter.synonyms", "aggFilters",
})  # fmt: skip
_ADVANCED = "filter.advanced"


def begin(query: Query) -> tuple[Step, ...]:
    """The first page. In the order of first posting, which never changes, new studies come last and move none."""
    params = [("format", "json"), ("query.term", query.text)]
    params += [(name, value) for name, value in query.filters.items() if name != _ADVANCED]
    clauses = [f"({query.filters[_ADVANCED]})"] if _ADVANCED in query.filters else []
    first = date(query.from_year, 1, 1) if query.from_year else None
    last = date(query.to_year, 12, 31) if query.to_year else None
    clauses += [_range("StudyFirstPostDate", first, last)] if first or last else []
    clauses += [_range("LastUpdatePostDate", query.since, None)] if query.since else []
    if clauses:
        params.append((_ADVANCED, " AND ".join(clauses)))
    size = min(query.page_size or MOST, MOST)
    params += [("fields", FIELDS), ("sort", "StudyFirstPostDate:asc"), ("countTotal", "true"), ("pageSize", str(size))]
    return (Step(Request(f"{query.endpoint}/studies", tuple(params))),)


def _range(area: str, first: date | None, last: date | None) -> str:
    return f"AREA[{area}]RANGE[{first.isoformat() if first else 'MIN'},{last.isoformat() if last else 'MAX'}]"


def follow(_query: Query, step: Step, response: Response) -> Turn:
    """The numbers of the studies of a page, and the page after it as long as the answer names one."""
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Broken(f"ClinicalTrials.gov's answer is no whole JSON: {error}") from None
    studies = answer.get("studies") if isinstance(answer, dict) else None
    if not isinstance(studies, list):
        raise Broken(f"ClinicalTrials.gov's answer has no studies: {_said(response.body)}")
    token, hits = answer.get("nextPageToken"), answer.get("totalCount")
    page = dict(step.request.params).get("pageToken")
    if page is None and not isinstance(hits, int):
        raise Broken("the first page of ClinicalTrials.gov has no totalCount")
    ids = tuple(_number(study) or f"{page or 'first page'}#{at}" for at, study in enumerate(studies))
    steps: tuple[Step, ...] = ()
    if token:
        params = tuple((name, value) for name, value in step.request.params if name != "pageToken")
        steps = (replace(step, request=replace(step.request, params=(*params, ("pageToken", str(token))))),)
    return Turn(ids, hits if isinstance(hits, int) else None, steps)


def _number(study: object) -> str:
    for name in ("protocolSection", "identificationModule", "nctId"):
        study = study.get(name) if isinstance(study, dict) else None
    return study if isinstance(study, str) else ""


def trouble(response: Response) -> Exception | None:
    """400 says in plain text what is wrong; if it is the token of a page, the search starts again."""
    if response.status != 400:
        return None
    said = _said(response.body)
    if "pageToken" in said:
        return Expired(f"ClinicalTrials.gov no longer knows the next page: {said}")
    return Refused(f"ClinicalTrials.gov does not understand the search: {said}")


def faults(_source: Source, strategy: Strategy) -> list[str]:
    """Filters are parameters of the API; a name that it does not know would be refused."""
    return [
        f"filter {name}: is none of {', '.join(sorted(FILTERS))}; other limits, such as the phase, go into "
        "filter.advanced: AREA[Phase]PHASE3"
        for name in strategy.filters
        if name not in FILTERS
    ]


def _said(body: bytes) -> str:
    return repr(body[:200].decode("utf-8", "replace"))


CONNECTOR = Connector(
    name="clinicaltrials",
    kind="register",
    home="https://clinicaltrials.gov/api/v2",
    format="clinicaltrials",
    rate=Rate(0.8),
    begin=begin,
    follow=follow,
    increments=True,
    trouble=trouble,
    faults=faults,
)
