"""Rows of the small review from its codebook to its release."""

from __future__ import annotations

from tests.expectations.small_review import CODERS, CODES, CODINGS, EXTRACTION, FLOW, LATE, MERGED, WITHIN, Row, Rows
from warehouse.tables.catalogue import TABLES

PACKAGE = {
    "database_results": "7", "register_results": "1", "organisation_results": "2", "citations_results": "1", "duplicates": "1",
    "records_screened": "6", "records_excluded": "1", "dbr_sought_reports": "5", "dbr_assessed": "5",
    "dbr_excluded": "Design, 1", "other_sought_reports": "2", "other_assessed": "1", "other_excluded": "0",
    "new_studies": "4", "total_studies": "4", "identification": None,
}  # fmt: skip

WHY = "A school is no family."
"""Why a theme and a level do not go together."""


def codebook() -> Rows:
    shape = {
        "theme": ("theme", True, True),
        "kind": ("kind", False, False),
        "level": (None, True, True),
        "note": (None, False, False),
    }
    return {
        "staging.dimension": [
            {
                "dimension": name,
                "label": name,
                "role": role,
                "multiple": multiple,
                "grouped": grouped,
                "text": name == "note",
                "not_reported": name == "level",
                "appraisers": 1,
                "position": place,
            }
            for place, (name, (role, multiple, grouped)) in enumerate(shape.items())
        ],
        "staging.code": [
            {
                "dimension": name,
                "code": code,
                "label": code,
                "kind": {"rct": "primary", "synthesis": "review"}.get(code),
                "within": WITHIN.get(code, []),
                "position": place,
            }
            for name, codes in CODES.items()
            for place, code in enumerate(codes)
        ],
        "staging.map_axis": [
            {"view": "main", "title": "Map", "view_position": 0, "axis": axis, "place": place, "dimension": dimension}
            for axis, place, dimension in ((1, "row", "theme"), (2, "column", "level"))
        ],
        "marts.codebook": [
            {"dimension": name, "dimension_label": name, "code": code, "label": code or name, "within": WITHIN.get(code, [])}
            | {"depth": len(WITHIN.get(code, [])), "path": code, "kind": {"rct": "primary", "synthesis": "review"}.get(code)}
            | {"multiple": multiple, "grouped": grouped, "text": name == "note", "position": place}
            for name, (_, multiple, grouped) in shape.items()
            for place, code in enumerate(("", *CODES.get(name, ())))
        ],
        "staging.not_applicable": [
            {"combination": 1, "dimension": name, "code": code, "why": WHY}
            for name, code in (("theme", "school"), ("level", "family"))
        ],
        "staging.reason": [{"reason": "population", "label": "Other population", "position": 0}],
    }


def extraction() -> Rows:
    codings: list[Row] = []
    for one, coders in CODERS.items():
        made = {"citation_id": f"c-{one}", "record_ids": [one], "codebook": "1.0", "raw": "coding file", "as_of": LATE}
        said = [coding[1:] for coding in CODINGS if coding[0] == one] or [(0, "kind", "rct")]
        for person, role in [*((coder, "coder") for coder in coders), *([("cid", "reconciler")] if one == "m1" else [])]:
            codings += [
                {**made, "reviewer": person, "role": role, "group": group, "dimension": name, "code": code}
                for group, name, code in said
            ]
    draws = [
        {
            "citation_id": f"c-{one}",
            "record_ids": [one],
            "batch": 1,
            "stratum": "all",
            "double": one == "m1",
            "seed": 1,
            "as_of": LATE,
        }
        for one in EXTRACTION
    ]
    return {
        "log.coding": codings,
        "staging.coding": [
            one
            | {"superseded": False, "present_dimension": one["dimension"], "present_code": one["code"]}
            | {"appraised": False, "again": False}
            for one in codings
        ],
        "log.draw": draws,
        "staging.draw": draws,
        "log.verification": [
            {
                "citation_id": f"c-{one}",
                "record_ids": [one],
                "verifier": other,
                "coder": CODERS[one][0],
                "verdict": "agree",
                "raw": "v",
                "as_of": LATE,
            }
            for one, other in (("m2", "bob"), ("e2", "ann"))
        ],
        "staging.study_extraction": [
            {"study_id": f"c-{one}", "double": one == "m1", "state": state, "settled": state in ("reconciled", "verified")}
            for one, state in EXTRACTION.items()
        ],
        "staging.study_report": [
            {"citation_id": f"c-{one}", "study_id": f"c-{one}", "ongoing": one == "m4"} for one in (*EXTRACTION, "m4")
        ],
        "staging.study_pair": [
            {
                "citation_a": "c-m1",
                "citation_b": "c-m3",
                "explanation": "2 authors in common, and like titles",
                "verdict": "different",
                "linked": False,
            }
        ],
        "staging.proposed_code": [{"dimension": "theme", "code": "school", "words": "homework clubs", "study_id": "c-m1"}],
        "staging.study_coding": [
            {"study_id": f"c-{one}", "group": group, "dimension": name, "code": code} for one, group, name, code in CODINGS
        ],
    }


def studies() -> Rows:
    kinds = {"m1": "primary", "m2": "review", "m3": None, "e2": "primary", "m4": "ongoing"}
    return {
        "marts.study": [
            {
                "study_id": f"c-{one}",
                "reference": f"{one} (2012)",
                "kind": kind,
                "state": EXTRACTION.get(one, "ongoing"),
                "mapped": one != "m3",
                "double": one == "m1",
                "reports": 1,
                "records": 1 + (one in MERGED.values()),
                "title": f"Title of\t{one}",
                "authors": ["A"],
                "keywords": [],
                "synthetic": True,
            }
            for one, kind in kinds.items()
        ],
        "marts.study_report": [
            {
                "study_id": f"c-{one}",
                "citation_id": f"c-{one}",
                "position": 1,
                "title": f"Title of {one}",
                "authors": ["A"],
                "synthetic": True,
            }
            for one in kinds
        ],
        "marts.study_code": [
            {
                "study_id": f"c-{one}",
                "group": group,
                "dimension": name,
                "dimension_label": name,
                "code": code,
                "label": code,
                "depth": len(WITHIN.get(code, [])),
                "implied": implied,
                "synthetic": True,
            }
            for one, group, name, given in CODINGS
            for code, implied in [(given, False), *((wider, True) for wider in WITHIN.get(given, []))]
        ],
    }


def flow() -> Rows:
    details = (
        ("databases", "identified", "medline", 8),
        ("other", "identified", "experts", 3),
        ("databases", "report_excluded", "population", 1),
    )
    told = [(one, box, "", n) for one, boxes in FLOW.items() for box, n in boxes.items()]
    agreement = {"observed": 0.8, "expected": 0.5, "kappa": 0.6, "voters_unknown": 0}
    by = {"reviewer_a": "ann", "reviewer_b": "bob"}
    return {
        "marts.prisma_flow": [
            {"arm": one, "box": box, "detail": detail, "n": n, "label": box, "position": place}
            for place, (one, box, detail, n) in enumerate([*told, *details])
        ],
        "marts.prisma_row": [
            {"arm": one, "box": box, "id": f"{box}-{number}", "what": "record"}
            for one, box, detail, n in told
            for number in range(n if not detail else 0)
        ],
        "marts.prisma_vocabulary": [
            {"data": name, "box": "box", "description": name, "boxtext": name, "n": n, "position": place}
            for place, (name, n) in enumerate(PACKAGE.items())
        ],
        "marts.work_queue": [
            {"task": task, "stage": stage, "id": f"c-{one}", "what": what, "title": "T", "reviewer": who, "owed": 1}
            | {"since": LATE.date(), "asked_on": LATE.date() if who else None}
            for task, stage, one, what, who in (
                ("title_abstract_conflict", "title_abstract", "m7", "citation", "cyd"),
                ("retrieval", "full_text", "e3", "citation", ""),
                ("coding", "extraction", "m3", "study", "bob"),
                ("coding", "extraction", "m3", "study", "cyd"),
            )
        ],
        "marts.notice": [
            {
                "citation_id": "c-m6",
                "notice": "retracted",
                "kind": "retracted",
                "title": "T",
                "included": False,
                "position": "excluded",
                "told_by": "search",
            }
        ],
        "marts.agreement": [
            {"stage": "title_abstract", "round": 1, "n": 8, "both_include": 5, "both_exclude": 1, "split": 2, **agreement},
            {"stage": "full_text", "round": 1, "n": 5, "both_include": 4, "both_exclude": 1, "split": 0, **agreement},
        ],
        "marts.coding_agreement": [
            {
                "dimension": "level",
                "dimension_label": "Level",
                "studies": 1,
                "same": 1,
                "observed": 1.0,
                "alpha": 1.0,
                "position": 1,
            }
        ],
        "marts.framework": [
            {
                "theme": theme,
                "theme_label": theme,
                "study_id": f"c-{one}",
                "reference": one,
                "dimension": "kind",
                "dimension_label": "Kind",
                "value": "rct",
                "quotes": [],
            }
            for one, theme in (("m1", "home"), ("m1", "visits"), ("m1", "school"), ("m2", "home"), ("e2", "home"))
        ],
        "marts.synthesis_text": [
            {"theme": "home", "label": "home", "text": "Text [@c-m1].", "written": LATE, "up_to_date": True, "position": 0}
            | {name: [] for name in ("uncited", "gone", "recoded")}
        ],
        "staging.consultation": [
            {
                "consultation_id": one,
                "themes": ["home"],
                "people": ["ann", "bob"],
                "asked_on": LATE.date(),
                "how": "by letter",
                "question": "What is missing?",
                "public_words": "A great deal.",
                "consent_by": agreed,
                "consented_on": LATE.date(),
                "gone": False,
                "as_of": LATE,
            }
            for one, agreed in (("first", ["ann", "bob"]), ("second", ["ann"]))
        ],
        "marts.consultation": [
            {
                "consultation_id": one,
                "theme": "home",
                "label": "home",
                "asked_on": LATE.date(),
                "how": "by letter",
                "people": 2,
                "question": "What is missing?",
                "public_words": public,
                "person_ids": ["ann", "bob"],
                "position": place,
            }
            for place, (one, public) in enumerate((("first", "A great deal."), ("second", None)), start=1)
        ],
        "staging.next_step": [
            {"step_id": "visits", "themes": ["home"], "kind": "project", "title": "Visits", "state": "planned", "gone": False}
            | {"as_of": LATE}
        ],
        "marts.next_step": [
            {"step_id": "visits", "theme": "home", "label": "home", "kind": "project", "title": "Visits", "state": "planned"}
            | {"position": 1}
        ],
        "marts.source_yield": [
            {
                "arm": arm,
                "database": name,
                "label": name,
                "records": n,
                "citations": citations,
                "citations_alone": citations - 1,
                "studies": studies,
                "studies_alone": studies - 1,
            }
            for arm, name, n, citations, studies in (("databases", "MEDLINE", 8, 7, 3), ("other", "Experts", 3, 3, 2))
        ],
        "marts.source_overlap": [
            {"databases": names, "citations": citations, "studies": studies, "position": place}
            for place, (names, citations, studies) in enumerate(
                ((["MEDLINE"], 6, 2), (["Experts"], 2, 1), (["MEDLINE", "Experts"], 1, 1)), start=1
            )
        ],
        "marts.decision_basis": [
            {"stage": stage, "way": way, "n": n, "position": position}
            for stage, ways in (
                ("title_abstract", {"two": 6, "resolution": 1, "list": 1}),
                ("full_text", {"two": 5, "list": 1}),
            )
            for position, (way, n) in enumerate(ways.items())
        ],
        "marts.verification": [
            {"dimension": name, "dimension_label": name, "studies": 2, "changed": 1, "share": 0.5, "position": position}
            for position, name in enumerate(("", "level"))
        ],
        "marts.agreement_of_pair": [
            {
                "stage": "title_abstract",
                "round": 1,
                **by,
                "n": 8,
                "both_include": 5,
                "both_exclude": 1,
                "only_a": 2,
                "only_b": 0,
            },
            {"stage": "full_text", "round": 1, **by, "n": 5, "both_include": 4, "both_exclude": 1, "only_a": 0, "only_b": 0},
        ],
    }


def evidence_map() -> Rows:
    cells = [
        ("home", "family", 1, 1, 0, 0),
        ("home", "child", 1, 0, 1, 0),
        ("visits", "family", 1, 0, 0, 1),
        ("visits", "child", 0, 0, 0, 1),
        ("school", "family", 0, 0, 0, 0),
        ("school", "child", 1, 0, 0, 0),
    ]
    return {
        "marts.evidence_map": [
            {
                "view": "main",
                "view_title": "Map",
                "cell": place,
                "dimension_1": "theme",
                "code_1": theme,
                "dimension_2": "level",
                "code_2": level,
                "depth_1": len(WITHIN.get(theme, [])),
                "depth_2": 0,
                "studies": studies,
                "reviews": reviews,
                "ongoing": 0,
                "ungrouped": ungrouped,
                "unspecified": unspecified,
                "empty": None if studies + reviews else "not_applicable" if place == 5 else "not_yet_coded",
                "not_applicable": WHY if place == 5 else None,
                "combination": 1 if place == 5 else None,
            }
            for place, (theme, level, studies, reviews, ungrouped, unspecified) in enumerate(cells, start=1)
        ],
        "marts.gap": [
            {
                "view": "main",
                "view_title": "Map",
                "cell": cell,
                "description": "",
                "kind": kind,
                "studies": studies,
                "certain": False,
            }
            for cell, kind, studies in (
                (2, "synthesis", 1),
                (3, "synthesis", 1),
                (4, "absolute", 0),
                (6, "synthesis", 1),
            )
        ],
        "marts.theme": [
            {"theme": "home", "label": "Home", "studies": 2, "reviews": 1, "ongoing": 0, "all_kinds": 3, "position": 0},
            {"theme": "visits", "label": "Visits", "studies": 1, "reviews": 0, "ongoing": 0, "all_kinds": 1, "position": 1},
            {"theme": "school", "label": "School", "studies": 1, "reviews": 0, "ongoing": 0, "all_kinds": 1, "position": 2},
        ],
        "marts.synthesis_readiness": [
            {"theme": "home", "label": "Home", "studies": 3, "minimum": 2, "ready": True, "reason": "3 of 2"},
            {"theme": "visits", "label": "Visits", "studies": 1, "minimum": 2, "ready": False, "reason": "1 of 2"},
            {"theme": "school", "label": "School", "studies": 1, "minimum": 2, "ready": False, "reason": "1 of 2"},
        ],
    }


def release() -> Rows:
    columns = [
        {
            "table": one.qualified,
            "column": column.name,
            "type": column.type,
            "nullable": column.nullable,
            "meaning": column.meaning,
            "audience": "team",
        }
        for one in TABLES.values()
        if one.schema != "log"
        for column in one.columns
    ]
    passed = {"stage": "dedup", "table": "staging.citation", "meaning": "", "severity": "stop", "passed": True, "failing": 0}
    return {
        "meta.release": [
            {
                "release_id": "1",
                "title": "Care",
                "pipeline": "0.1",
                "protocol": "1",
                "codebook": "1",
                "as_of": LATE,
                "predecessor": "0",
                "compared": "Compared with release 0.",
            }
        ],
        "meta.column": columns,
        "meta.code": [{"table": "marts.gap", "column": "kind", "code": "absolute", "label": "No study", "position": 1}],
        "meta.quality_check": [{"check_id": "dedup.citation.columns", **passed}],
    }
