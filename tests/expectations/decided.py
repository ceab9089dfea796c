"""Rows of the small review from its searches to its decisions."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from tests.expectations.small_review import EARLY, LATE, MERGED, POSITIONS, RECORDS, SPLIT, Row, Rows, arm


def searches() -> Rows:
    first = {"source_id": "medline", "database": "MEDLINE", "box": "database", "arm": "databases"}
    reported = {"strategy": "1 foster care", "searched_on": date(2026, 1, 1), "searcher": "r1"}
    experts = {"source_id": "experts", "database": "Experts", "box": "expert", "arm": "other"}
    searches: list[Row] = [
        {"search_id": "s1", **first, "hits": 9, **reported, "files": ["f1"], "as_of": EARLY},
        {"search_id": "s2", **experts, "files": ["f2"], "as_of": LATE},
        {"search_id": "s3", **first, "hits": 2, **reported, "files": ["f3"], "as_of": LATE},
    ]
    brought: list[Row] = [
        {"got": 9, "new": 8, "changed": 0, "repeated": 0, "quarantined": 1, "quarantined_before": 0},
        {"got": 3, "new": 3, "changed": 0, "repeated": 0, "quarantined": 0, "quarantined_before": 0},
        {"got": 2, "new": 0, "changed": 1, "repeated": 1, "quarantined": 0, "quarantined_before": 0},
    ]
    both = list(zip(searches, brought, strict=True))
    piece = {
        "search_id": "s1",
        "path": "a.ris",
        "line": 9,
        "raw": "f1",
        "offset": 900,
        "length": 5,
        "reason": "no title",
        "data": b"TY - ",
    }
    return {
        "log.search": searches,
        "staging.known_paper": [
            {
                "raw": "k1",
                "position": 1,
                "title": "One that is known",
                "source_id": "medline",
                "strategy": "1 foster care",
                "found": True,
                "record_id": "m1",
            }
        ],
        "staging.search_line": [
            {"search_id": "s1", "line": line, "text": f"line {line}", "hits": 9, "as_of": EARLY} for line in (1, 2)
        ],
        "log.receipt": [{"search_id": search["search_id"], **counts, "as_of": search["as_of"]} for search, counts in both],
        "log.import": [
            {
                "search_id": one["search_id"],
                "position": 0,
                "path": "a.ris",
                "raw": one["files"][0],
                "bytes": 100,
                "as_of": one["as_of"],
            }
            for one in searches
        ],
        "staging.search": [search | counts for search, counts in both],
        "staging.quarantine": [piece],
    }


def records() -> Rows:
    records, seen = [], []
    for place, one in enumerate(RECORDS):
        database = arm(one) == "databases"
        row = {
            "record_id": one,
            "source_id": "medline" if database else "experts",
            "search_id": "s1" if database else "s2",
            "database": "MEDLINE" if database else "Experts",
            "box": "database" if database else "expert",
            "arm": arm(one),
            "title": f"Title of {one}",
            "authors": ["A"],
            "keywords": [],
            "warnings": [],
            "first_seen": EARLY if database else LATE,
            "raw": "f1" if database else "f2",
            "offset": place * 10,
            "length": 10,
            "synthetic": True,
        }
        if one == "m1":
            row |= {"raw": "f3", "offset": 0}  # its latest version came with a later search
        records.append(row)
        seen.append({"record_id": one, "search_id": row["search_id"], "as_of": row["first_seen"]})
    brought = [
        {"record_id": one["record_id"], "search_id": one["search_id"], "source_id": one["source_id"], "seen": "new"}
        for one in records
    ]
    again = {"search_id": "s3", "source_id": "medline"}
    brought += [{"record_id": "m1", **again, "seen": "changed"}, {"record_id": "m2", **again, "seen": "repeated"}]
    return {"staging.record": records, "staging.record_search": brought, "log.first_seen": seen}


def citations() -> Rows:
    rows: Rows = {
        "staging.citation": [],
        "staging.citation_record": [],
        "staging.citation_field": [],
        "staging.citation_alias": [],
        "staging.citation_relation": [
            {
                "citation_id": "c-m5",
                "kind": "preprint",
                "related_id": "c-m6",
                "record_id": "m5",
                "related_record_id": "m6",
                "basis": "comparison",
                "explanation": "same title",
            }
        ],
    }
    for one in RECORDS:
        founder = MERGED.get(one, one)
        rows["staging.citation_record"].append(
            {
                "record_id": one,
                "citation_id": f"c-{founder}",
                "arm": arm(one),
                "box": "database" if arm(one) == "databases" else "expert",
                "database": "MEDLINE" if arm(one) == "databases" else "Experts",
                "role": "kept" if one == founder else "duplicate",
            }
        )
        if one != founder:
            rows["staging.citation_alias"].append({"alias": f"c-{one}", "citation_id": f"c-{founder}"})
            continue
        rows["staging.citation"].append(
            {
                "citation_id": f"c-{one}",
                "founder": one,
                "arm": arm(one),
                "records": 1 + (one in MERGED.values()),
                "title": f"Title of {one}",
                "authors": ["A"],
                "keywords": [],
                "first_seen": EARLY if arm(one) == "databases" else LATE,
                "synthetic": True,
            }
        )
        rows["staging.citation_field"].append({"citation_id": f"c-{one}", "field": "title", "record_id": one})
    unlike = [sorted(pair) for pair in combinations(RECORDS, 2)][:30]
    pair = {"rule": "title", "explanation": "", "score": 0.5}
    rows["staging.record_pair"] = [
        {
            "record_a": a,
            "record_b": b,
            **pair,
            "outcome": "duplicate" if MERGED.get(b) == a or MERGED.get(a) == b else "different",
        }
        for a, b in unlike
    ]
    override = {"by": "ann", "raw": "o1", "as_of": EARLY}
    rows["log.override"] = [
        {"record_a": "m3", "record_b": "m4", "verdict": "merge", **override},
        {"record_a": "m3", "record_b": "m4", "verdict": "apart", **override, "as_of": LATE},
        {"record_a": "m1", "record_b": "m8", "verdict": "merge", **override},
    ]
    return rows


def decisions() -> Rows:
    votes: list[Row] = []
    rows: Rows = {
        name: []
        for name in (
            "staging.screening",
            "staging.funnel",
            "staging.resolution",
            "staging.outcome",
            "staging.removal",
            "staging.agreement_pair",
        )
    }
    for one, position in POSITIONS.items():
        citation = {"citation_id": f"c-{one}"}
        reason = "population" if position == "report_excluded" else None
        rows["staging.funnel"].append({**citation, "arm": arm(one), "position": position, "reason": reason})
        stages = {"title_abstract": {"excluded": "exclude", "awaiting_screening": None}.get(position, "include")}
        if position in ("included", "report_excluded", "ongoing"):
            stages["full_text"] = {"included": "include", "report_excluded": "exclude"}.get(position, position)
        for stage, decision in stages.items():
            made = {**citation, "record_ids": [one], "stage": stage, "raw": f"{stage} file", "as_of": LATE}
            state: Row = {
                **citation,
                "stage": stage,
                "round": 1,
                "state": "decided" if decision else "conflict",
                "decision": decision,
            }
            if one == "e2":
                rows["staging.outcome"].append(made | {"decision": decision})
                rows["staging.screening"].append(state | {"basis": "outcome", "votes": 0})
                continue
            split = one in SPLIT and stage == "title_abstract"
            said = ("include", "exclude") if split else (decision, decision)
            for reviewer, vote in zip(("ann", "bob"), said, strict=True):
                why = reason if vote == "exclude" and stage == "full_text" else None
                votes.append({**made, "reviewer": reviewer, "round": 1, "decision": vote, "reason": why, "eligibility": "1.0"})
            if split and decision:
                rows["staging.resolution"].append({**made, "round": 1, "decision": decision, "how": "third", "by": ["cid"]})
            basis = ("resolution" if split else "votes") if decision else None
            rows["staging.screening"].append(
                state | {"reason": reason if stage == "full_text" else None, "basis": basis, "votes": 2}
            )
            include = [vote != "exclude" for vote in said]
            pair = {
                "reviewer_a": "ann",
                "reviewer_b": "bob",
                "include_a": include[0],
                "include_b": include[1],
                "voters": 2,
                "includers": sum(include),
            }
            rows["staging.agreement_pair"].append({**citation, "stage": stage, "round": 1, **pair})
    heard = {
        "citation_id": "c-m1",
        "record_ids": ["m1"],
        "stage": "title_abstract",
        "round": 1,
        "raw": "tool file",
        "as_of": LATE,
    }
    rows["log.tool_vote"] = [
        {**heard, "tool": "robot", "decision": "include", "by": "ann"}
    ]  # beside two people it changes nothing
    rows["staging.tool_vote"] = [
        {**vote, "said_of": vote["citation_id"], "superseded": False} for vote in rows["log.tool_vote"]
    ]
    rows["log.vote"], rows["log.resolution"], rows["log.outcome"] = votes, rows["staging.resolution"], rows["staging.outcome"]
    for name in ("vote", "resolution", "outcome"):
        rows[f"staging.{name}"] = [said | {"said_of": said["citation_id"]} for said in rows[f"log.{name}"]]
    rows["staging.vote"] = [vote | {"superseded": False} for vote in rows["staging.vote"]]
    rows["staging.ranking"] = [{"citation_id": "c-m7", "position": 1, "score": 0.5, "terms": ["title +0.50"]}]
    rows["staging.ranking_term"] = [{"term": "title", "weight": 0.5}]
    rows["staging.ranking_model"] = [{"ranked": 1, "included": 7, "excluded": 1, "seed": 1, "library": "scikit-learn 1"}]
    rows["staging.recall"] = [
        {"citations": 9, "unsorted": 8, "in_order": 0, "included": 7, "target": 0.95, "undefined": "no paper was sent by rank"}
    ]
    return rows
