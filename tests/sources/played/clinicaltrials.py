"""Plays ClinicalTrials.gov: /studies with page tokens, a total on the first page only, and errors in plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tests.sources.played.playing import Answer, Asked, Paper, Played

MOST = 1_000
_RANGE = re.compile(r"AREA\[(StudyFirstPostDate|LastUpdatePostDate)\]RANGE\[([^,\]]+),([^,\]]+)\]")
_KNOWN = {
    "format", "markupFormat", "query.cond", "query.term", "query.locn", "query.titles", "query.intr", "query.outc",
    "query.spons", "query.lead", "query.id", "query.patient", "filter.overallStatus", "filter.geo", "filter.ids",
    "filter.advanced", "filter.synonyms", "aggFilters", "fields", "sort", "countTotal", "pageSize", "pageToken",
}  # fmt: skip
_MODULES = {
    "IdentificationModule", "StatusModule", "SponsorCollaboratorsModule", "DescriptionModule", "ConditionsModule",
    "DesignModule", "ArmsInterventionsModule", "OutcomesModule", "EligibilityModule", "ReferencesModule",
    "OverallOfficialName", "OverallOfficialRole", "OverallOfficialAffiliation", "LocationCountry", "HasResults",
    "ProtocolSection", "NCTId", "BriefTitle",
}  # fmt: skip


def nct(paper: Paper) -> str:
    """The number of a study."""
    return f"NCT{paper.number:08}"


def posted(paper: Paper) -> str:
    """The day of its first posting."""
    return f"{paper.year}-{paper.number % 12 + 1:02}-{paper.number % 28 + 1:02}"


def make(held: Sequence[Paper], base: str) -> Played:
    """The register with these studies. ``base`` is not needed: no answer has a link."""
    bodies = {paper.number: json.dumps(_study(paper), ensure_ascii=False) for paper in held}
    searches: dict[tuple[str, str], list[Paper]] = {}

    def play(asked: Asked) -> Answer:
        params = asked.params
        if asked.path != "/studies":
            return _error(404, f"Not found {base}{asked.path}")
        for name in params:
            if name not in _KNOWN:
                return _error(400, f"`{name}` is unknown parameter")
        for field in filter(None, params.get("fields", "").split(",")):
            if field not in _MODULES:
                return _error(400, f"Parameter 'fields' contains invalid field name: '{field}'")
        term, advanced = params.get("query.term", ""), params.get("filter.advanced", "")
        if any(text.count("(") != text.count(")") for text in (term, advanced)):
            return _error(400, "Too complicated query")
        size = min(int(params.get("pageSize", "0")) or 10, MOST)
        token = params.get("pageToken")
        start = _start(token)
        if start is None:
            return _error(400, f"Invalid value in parameter pageToken: {token}")
        key = (term, advanced)
        if key not in searches:
            searches[key] = _find(term, advanced)
        found = searches[key]
        head = f'"totalCount":{len(found)},' if token is None and params.get("countTotal") == "true" else ""
        tail = f',"nextPageToken":"{_token(start + size)}"' if start + size < len(found) else ""
        page = ",\n".join(bodies[paper.number] for paper in found[start : start + size])
        return Answer(f'{{{head}"studies":[\n{page}\n]{tail}}}'.encode())

    def _find(term: str, advanced: str) -> list[Paper]:
        limits = _RANGE.findall(advanced)
        met = [paper for paper in held if "nothing" not in term and all(_within(paper, one) for one in limits)]
        return sorted(met, key=posted)

    return play


def _within(paper: Paper, limit: tuple[str, str, str]) -> bool:
    area, low, high = limit
    day = posted(paper) if area == "StudyFirstPostDate" else paper.changed.isoformat()
    return (low == "MIN" or low <= day) and (high == "MAX" or day <= high)


def _token(start: int) -> str:
    return f"ZVt0{start:x}_k"


def _start(token: str | None) -> int | None:
    if token is None:
        return 0
    found = re.fullmatch(r"ZVt0([0-9a-f]+)_k", token)
    return int(found[1], 16) if found else None


def _error(status: int, message: str) -> Answer:
    return Answer(message.encode(), status, {"Content-Type": "text/plain"})


def _study(paper: Paper) -> dict[str, object]:
    title = re.sub(r"</?i>", "", paper.title)
    family, given = paper.authors[0]
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": nct(paper),
                "orgStudyIdInfo": {"id": f"INV-{paper.number}"},
                "secondaryIdInfos": [{"id": paper.doi, "type": "OTHER"}],
                "briefTitle": title,
                "officialTitle": f"{title}: a Trial That Never Was",
                "acronym": "NEVER",
            },
            "statusModule": {
                "overallStatus": "TERMINATED" if paper.retracted else "COMPLETED",
                "startDateStruct": {"date": f"{paper.year - 1}-11", "type": "ACTUAL"},
                "studyFirstSubmitDate": posted(paper),
                "studyFirstPostDateStruct": {"date": posted(paper), "type": "ACTUAL"},
                "lastUpdatePostDateStruct": {"date": paper.changed.isoformat(), "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {
                "responsibleParty": {"type": "SPONSOR"},
                "leadSponsor": {"name": "Invented University", "class": "OTHER"},
                "collaborators": [{"name": "Nobody's Trust", "class": "OTHER"}],
            },
            "descriptionModule": {
                "briefSummary": paper.abstract,
                "detailedDescription": "Families \\>= 2\n\n* children \\< 18",
            },
            "conditionsModule": {"conditions": ["Foster Care"], "keywords": list(paper.keywords)},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["NA"],
                "designInfo": {
                    "allocation": "RANDOMIZED",
                    "primaryPurpose": "PREVENTION",
                    "maskingInfo": {"masking": "SINGLE"},
                },
                "enrollmentInfo": {"count": paper.last, "type": "ACTUAL"},
            },
            "armsInterventionsModule": {"interventions": [{"type": "BEHAVIORAL", "name": "Family meetings"}]},
            "outcomesModule": {"primaryOutcomes": [{"measure": "Return home", "timeFrame": "12 months"}]},
            "eligibilityModule": {"sex": "ALL", "minimumAge": "1 Year", "eligibilityCriteria": "Inclusion:\n\n* none"},
            "contactsLocationsModule": {
                "overallOfficials": [
                    {"name": f"{given} {family}, PhD", "affiliation": "Invented University", "role": "PRINCIPAL_INVESTIGATOR"}
                ],
                "locations": [{"country": "Ireland"}, {"country": "Ireland"}],
            },
            "referencesModule": {
                "references": [{"pmid": "12345678", "type": "RESULT", "citation": f"Invented {paper.number}."}]
            },
        },
        "hasResults": paper.number % 2 == 0,
    }
