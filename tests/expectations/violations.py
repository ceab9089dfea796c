"""For each law one fault, planted in tables that are otherwise in order, and the other laws that the same fault breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.expectations.small_review import LATE, Row, Rows

Fault = Callable[[Rows], None]


@dataclass(frozen=True)
class Violation:
    fault: Fault
    also: frozenset[str] = frozenset()


def matching(rows: Rows, table: str, where: Row) -> list[Row]:
    found = [row for row in rows[table] if all(row.get(name) == value for name, value in where.items())]
    assert found, f"the fault finds no row of {table} where {where}"
    return found


def change(table: str, where: Row, **values: Any) -> Fault:
    def fault(rows: Rows) -> None:
        changed = [row | values if row in matching(rows, table, where) else row for row in rows[table]]
        rows[table] = changed

    return fault


def drop(table: str, **where: Any) -> Fault:
    def fault(rows: Rows) -> None:
        gone = matching(rows, table, where)
        rows[table] = [row for row in rows[table] if row not in gone]

    return fault


def add(table: str, like: Row, **values: Any) -> Fault:
    """A row more, the same as the first one like this but for ``values``."""

    def fault(rows: Rows) -> None:
        rows[table] = [*rows[table], matching(rows, table, like)[0] | values]

    return fault


def both(*faults: Fault) -> Fault:
    def fault(rows: Rows) -> None:
        for one in faults:
            one(rows)

    return fault


def box(arm: str, name: str, n: int) -> Fault:
    return change("marts.prisma_flow", {"arm": arm, "box": name, "detail": ""}, n=n)


def since(**numbers: int) -> Fault:
    """Numbers of both arms together in a diagram since a baseline."""

    def fault(rows: Rows) -> None:
        [like] = matching(rows, "marts.prisma_flow", {"arm": "both", "box": "studies"})
        rows["marts.prisma_since"] = [like | {"box": name, "n": n} for name, n in numbers.items()]

    return fault


def v(fault: Fault, *also: str) -> Violation:
    return Violation(fault, frozenset(also))


M1, TA, FT = {"citation_id": "c-m1"}, {"stage": "title_abstract"}, {"stage": "full_text"}
FUNNEL_BOXES = "prisma_boxes_are_the_funnel"
LISTED = "prisma_box_is_its_rows"
QUEUE = "queue_is_what_waits"
PACKAGE = "prisma_vocabulary_is_the_flow"

SOURCES = {"import_positions_run_on": v(change("log.import", {"search_id": "s1"}, position=1))}

RECORDS = {
    "search_got_adds_up": v(change("staging.search", {"search_id": "s3"}, got=3, hits=3)),
    "search_new_is_its_records": v(
        both(
            change("staging.search", {"search_id": "s1"}, new=7, got=8, hits=8),
            change("staging.search", {"search_id": "s3"}, new=1, got=3, hits=3),
        )
    ),
    "search_quarantined_is_its_rows": v(drop("staging.quarantine", search_id="s1")),
    "search_new_totals_the_records": v(
        both(drop("staging.search", search_id="s2"), drop("log.import", search_id="s2")),
        "record_agrees_with_its_search",
        "record_is_from_a_searched_file",
    ),
    "search_has_its_hits": v(change("staging.search", {"search_id": "s1"}, hits=5000)),
    "search_is_not_short": v(change("staging.search", {"search_id": "s1"}, delivered=7, hits=9, stops_below=8, warns_below=7)),
    "search_is_described": v(change("staging.search", {"search_id": "s1"}, searched_on=None)),
    "known_paper_is_found": v(change("staging.known_paper", {"position": 1}, found=False, record_id=None)),
    "search_lines_run_on": v(drop("staging.search_line", line=1)),
    "search_files_are_its_imports": v(add("log.import", {"search_id": "s1"}, position=1, raw="f9")),
    "record_agrees_with_its_search": v(change("staging.record", {"record_id": "e1"}, box="website")),
    "record_is_new_to_one_search": v(add("staging.record_search", {"record_id": "m3"}, search_id="s3")),
    "record_is_from_a_searched_file": v(change("staging.record", {"record_id": "m3"}, raw="f9")),
    "record_has_its_own_bytes": v(change("staging.record", {"record_id": "m3"}, offset=10)),
    "record_once_seen_is_still_here": v(add("log.first_seen", {"record_id": "m3"}, record_id="m99")),
    "record_has_a_title": v(change("staging.record", {"record_id": "m3"}, title=" ")),
    "quarantine_is_from_a_search": v(change("staging.quarantine", {"search_id": "s1"}, data=b"TY")),
    "code_has_a_dimension": v(add("staging.code", {"dimension": "level"}, dimension="country")),
}

DEDUP = {
    "record_is_in_one_citation": v(
        both(
            drop("staging.citation_record", record_id="m8"),
            change("staging.citation", {"citation_id": "c-m1"}, records=1),
            drop("staging.citation_alias", alias="c-m8"),
        ),
        "identified_is_kept_and_duplicates",
    ),
    "citation_has_its_records": v(change("staging.citation", {"citation_id": "c-m3"}, records=2), "merged_record_has_an_alias"),
    "identified_is_kept_and_duplicates": v(
        change("staging.citation_record", {"record_id": "m3"}, role="duplicate"), "citation_has_one_kept"
    ),
    "citation_has_one_kept": v(
        both(
            change("staging.citation_record", {"record_id": "m8"}, role="kept"),
            change("staging.citation_record", {"record_id": "m3"}, role="duplicate"),
        )
    ),
    "citation_is_in_its_arm": v(
        change("staging.citation", {"citation_id": "c-e3"}, arm="databases"),
        "identified_is_kept_and_duplicates",
        "citation_has_one_kept",
    ),
    "member_agrees_with_its_record": v(change("staging.citation_record", {"record_id": "m3"}, box="register")),
    "founder_is_first_of_its_citation": v(change("staging.citation", {"citation_id": "c-m1"}, founder="m8")),
    "field_is_from_a_member": v(change("staging.citation_field", {"citation_id": "c-m1"}, record_id="m2")),
    "alias_is_not_a_citation": v(change("staging.citation_alias", {"alias": "c-m8"}, alias="c-m3")),
    "merged_record_has_an_alias": v(drop("staging.citation_alias", alias="c-m8")),
    "pair_apart_is_kept_apart": v(add("log.override", {"record_a": "m1"}, verdict="apart", as_of=LATE)),
    "pair_merged_stays_merged": v(change("log.override", {"verdict": "apart"}, verdict="merge")),
    "pair_is_of_two_records": v(
        add("staging.record_pair", {"record_a": "m1"}, record_a="m3", record_b="m1", outcome="different")
    ),
    "pair_is_as_decided": v(change("staging.record_pair", {"record_a": "m1", "record_b": "m2"}, outcome="duplicate")),
    "relation_is_of_two_citations": v(change("staging.citation_relation", {"citation_id": "c-m5"}, related_id="c-m8")),
    "few_pairs_are_unsure": v(change("staging.record_pair", {"outcome": "different", "record_a": "m1"}, outcome="unsure")),
}

SCREENING = {
    "citation_has_one_position": v(drop("staging.funnel", citation_id="c-m6")),
    "position_follows_screening": v(change("staging.funnel", {"citation_id": "c-m6"}, position="included")),
    "decided_has_a_decision": v(change("staging.screening", {"citation_id": "c-m6"}, basis=None)),
    "decision_has_its_basis": v(drop("staging.resolution", citation_id="c-m4"), "resolution_is_carried_over"),
    "exclusion_has_a_reason": v(
        both(
            change("staging.screening", {"citation_id": "c-m5", **FT}, reason="mood"),
            change("staging.funnel", {"citation_id": "c-m5"}, reason="mood"),
        )
    ),
    "imported_exclusion_has_a_reason": v(
        both(
            change("staging.screening", {"citation_id": "c-e2", **FT}, decision="exclude"),
            change("staging.funnel", {"citation_id": "c-e2"}, position="report_excluded"),
        )
    ),
    "full_text_follows_inclusion": v(
        change("staging.screening", {"citation_id": "c-m1", **TA}, state="conflict", decision=None, basis=None),
        "position_follows_screening",
    ),
    "screening_counts_its_votes": v(change("staging.screening", {"citation_id": "c-m6"}, votes=3)),
    "vote_counts_once": v(add("staging.vote", {"citation_id": "c-m1", **TA}, said_of="c-m8", decision="exclude")),
    "decision_is_legal_at_its_stage": v(
        change("staging.vote", {"citation_id": "c-m1", "reviewer": "ann", **FT}, decision="maybe")
    ),
    "decision_is_on_a_citation": v(add("staging.vote", {"citation_id": "c-m1", **TA}, citation_id="c-m99")),
    # each: one of two that a file has on papers that are one today
    "vote_is_carried_over": v(add("log.vote", {"citation_id": "c-m1", **TA}, citation_id="c-m8", record_ids=["m8"])),
    "tool_vote_is_carried_over": v(add("log.tool_vote", {"citation_id": "c-m1"}, citation_id="merged since")),
    "resolution_is_carried_over": v(add("log.resolution", {"citation_id": "c-m4"}, citation_id="merged since")),
    "outcome_is_carried_over": v(add("log.outcome", {"citation_id": "c-e2"}, citation_id="merged since")),
    "removed_is_not_screened": v(
        change("staging.funnel", {"citation_id": "c-m7"}, position="automation"),
        "position_follows_screening",
        "ranking_is_of_what_awaits",
    ),
    "third_person_did_not_vote": v(change("staging.resolution", {"citation_id": "c-m4"}, by=["cid", "ann"])),
    "agreement_is_of_two_voters": v(change("staging.agreement_pair", {"citation_id": "c-m1", **TA}, reviewer_b="ann")),
    # what is decided is ranked, and what awaits is not
    "ranking_is_of_what_awaits": v(change("staging.ranking", {"citation_id": "c-m7"}, citation_id="c-m6")),
    "ranking_follows_its_scores": v(change("staging.ranking", {"citation_id": "c-m7"}, position=2)),
}

EXTRACTION = {
    "report_is_of_one_study": v(add("staging.study_report", {"citation_id": "c-m3"}, citation_id="c-m6", study_id="c-m3")),
    "reports_apart_are_of_two_studies": v(change("staging.study_pair", {"citation_a": "c-m1"}, linked=True)),
    "report_of_a_study_is_not_excluded": v(
        change("staging.study_pair", {"citation_a": "c-m1"}, citation_b="c-m6", verdict="same")
    ),
    "unsure_pair_is_not_counted_twice": v(
        change("staging.record_pair", {"record_a": "m1", "record_b": "m2"}, outcome="unsure")
    ),
    "studies_are_the_included": v(drop("staging.study_extraction", study_id="c-m3")),
    "settled_follows_state": v(change("staging.study_extraction", {"study_id": "c-m2"}, state="awaiting_verification")),
    "settled_study_has_a_code": v(drop("staging.study_coding", study_id="c-m2"), "settled_study_has_one_kind"),
    "settled_study_has_one_kind": v(drop("staging.study_coding", study_id="c-m2", dimension="kind")),
    "reconciled_study_has_two_coders": v(
        both(drop("staging.coding", reviewer="bob", citation_id="c-m1"), drop("log.coding", reviewer="bob", citation_id="c-m1"))
    ),
    "verifier_is_not_the_coder": v(change("log.verification", {"citation_id": "c-m2"}, verifier="ann")),
    "settled_study_has_two_appraisers": v(
        both(
            change("staging.dimension", {"dimension": "level"}, appraisers=2),
            change("staging.coding", {"dimension": "level"}, appraised=True),  # as many judges as coders
        )
    ),
    "double_follows_the_draw": v(change("staging.draw", {"citation_id": "c-m2"}, double=True)),
    "code_is_of_a_settled_study": v(add("staging.study_coding", {"dimension": "kind"}, study_id="c-m3")),
    "code_is_in_the_codebook": v(change("staging.study_coding", {"study_id": "c-m2", "dimension": "theme"}, code="magic")),
    "not_reported_stands_alone": v(
        add("staging.study_coding", {"study_id": "c-m2", "dimension": "level"}, code="not reported")
    ),
    "proposed_code_is_given": v(change("staging.proposed_code", {"study_id": "c-m1"}, study_id="c-m2")),
    "single_dimension_has_one_code": v(
        add("staging.study_coding", {"study_id": "c-m1", "dimension": "note"}, code="another note")
    ),
    "ungrouped_code_is_of_the_whole_study": v(
        change("staging.study_coding", {"study_id": "c-m1", "dimension": "note"}, group=1)
    ),
    "coding_is_carried_over": v(drop("staging.coding", citation_id="c-m3")),
}

MARTS = {
    "notice_is_of_a_citation": v(change("marts.notice", {"citation_id": "c-m6"}, position="awaiting_screening")),
    "study_has_no_notice": v(
        both(
            add("marts.notice", {"citation_id": "c-m6"}, citation_id="c-m1", included=True, position="included"),
            change("marts.study", {"study_id": "c-m1"}, notice="retracted"),
        )
    ),
    "study_carries_its_notice": v(change("marts.study", {"study_id": "c-m1"}, notice="corrected")),
    "study_counts_its_reports": v(change("marts.study", {"study_id": "c-m1"}, reports=2)),
    "prisma_identified_adds_up": v(box("databases", "screened", 5), "prisma_screened_adds_up", LISTED, PACKAGE),
    "prisma_screened_adds_up": v(box("databases", "sought", 4), "prisma_sought_adds_up", LISTED, PACKAGE),
    "prisma_sought_adds_up": v(box("databases", "assessed", 4), "prisma_assessed_adds_up", LISTED, PACKAGE),
    "prisma_assessed_adds_up": v(box("databases", "included", 2), FUNNEL_BOXES, LISTED),
    "prisma_details_add_up": v(drop("marts.prisma_flow", detail="medline")),
    "prisma_has_no_negative_number": v(
        both(
            add("marts.prisma_flow", {"arm": "databases", "detail": ""}, box="automation", n=-1),
            add("marts.prisma_flow", {"arm": "databases", "detail": ""}, box="removed_other", n=1),
        ),
        FUNNEL_BOXES,
        LISTED,
        PACKAGE,
    ),
    "prisma_identified_is_the_records": v(
        both(
            box("other", "identified", 4),
            box("other", "duplicates", 2),
            change("marts.prisma_flow", {"detail": "experts"}, n=4),
        ),
        LISTED,
        PACKAGE,
    ),
    FUNNEL_BOXES: v(
        both(
            box("databases", "included", 2),
            add("marts.prisma_flow", {"arm": "databases", "detail": ""}, box="awaiting_decision", n=1),
        ),
        LISTED,
        QUEUE,
    ),
    "prisma_studies_are_mapped_or_waiting": v(box("both", "awaiting_coding", 0), LISTED, QUEUE),
    LISTED: v(drop("marts.prisma_row", box="awaiting_retrieval")),
    PACKAGE: v(change("marts.prisma_vocabulary", {"data": "dbr_excluded"}, n="Design, 1; Language, 11")),
    "codebook_has_every_code": v(drop("marts.codebook", dimension="level", code="child")),
    "prisma_since_adds_up": v(since(previous_studies=3, studies=1, total_studies=5, total_reports=0), PACKAGE),
    QUEUE: v(drop("marts.work_queue", task="retrieval")),
    "study_is_included_or_ongoing": v(change("marts.study", {"study_id": "c-m3"}, state="uncoded")),
    "mapped_follows_state": v(change("marts.study", {"study_id": "c-m4"}, kind="primary")),
    "study_text_is_clean": v(change("marts.study", {"study_id": "c-m3"}, title="Bell\x07")),
    "study_code_is_of_a_mapped_study": v(
        both(
            add("marts.study_code", {"dimension": "note"}, study_id="c-m3"),
            add("staging.study_coding", {"dimension": "note"}, study_id="c-m3"),
        )
    ),
    "study_code_is_the_coding_that_stands": v(drop("marts.study_code", study_id="c-m1", dimension="note")),
    "map_has_every_cell_once": v(change("marts.evidence_map", {"cell": 4}, code_2="family")),
    "map_cells_are_numbered": v(
        both(*(change(f"marts.{name}", {"cell": 6}, cell=7) for name in ("evidence_map", "gap", "cell_study")))
    ),
    "map_cell_is_within_its_codes": v(change("marts.evidence_map", {"cell": 1}, studies=3), "cell_has_its_studies"),
    "wider_cell_holds_its_narrower": v(change("marts.evidence_map", {"cell": 1}, studies=0), "cell_has_its_studies"),
    "empty_cell_says_why": v(change("marts.evidence_map", {"cell": 5}, empty="none_found")),
    "gap_is_an_empty_cell": v(drop("marts.gap", cell=6)),
    "study_is_where_one_can_be": v(
        both(
            *(
                add("staging.not_applicable", {"dimension": name}, combination=2, code=code, why="Not so.")
                for name, code in (("theme", "home"), ("level", "child"))
            ),
            change("marts.evidence_map", {"cell": 2}, not_applicable="Not so.", combination=2),
            change("marts.evidence_map", {"cell": 4}, not_applicable="Not so.", combination=2, empty="not_applicable"),
            drop("marts.gap", cell=4),
        )
    ),
    "theme_counts_distinct_studies": v(
        both(
            change("marts.theme", {"theme": "school"}, studies=2),
            change("marts.release_history", {"theme": "school", "number": 2}, studies=2),
        )
    ),
    "theme_is_within_the_mapped": v(
        both(
            change("marts.theme", {"theme": "home"}, all_kinds=5),
            change("marts.release_history", {"theme": "home", "number": 2}, all_kinds=5),
            change("marts.synthesis_readiness", {"theme": "home"}, studies=5),
        ),
        "theme_counts_distinct_studies",
    ),
    "readiness_follows_the_theme": v(change("marts.synthesis_readiness", {"theme": "school"}, ready=True)),
    "agreement_counts_its_pairs": v(change("marts.agreement", dict(TA), both_include=6)),
    "coding_agreement_is_of_the_double_sample": v(change("marts.coding_agreement", {"dimension": "level"}, same=99)),
    "every_decision_has_its_way": v(change("marts.decision_basis", {"stage": "full_text", "way": "list"}, n=2)),
    "matrix_is_of_its_theme": v(drop("marts.framework", study_id="c-m2")),
    "synthesis_is_up_to_date": v(change("marts.synthesis_text", {"theme": "home"}, up_to_date=False)),
    "yield_is_of_every_record": v(
        change("marts.source_yield", {"database": "Experts"}, studies_alone=3), "overlap_is_of_every_paper"
    ),
    "words_have_consent": v(change("marts.consultation", {"consultation_id": "second"}, public_words="A great deal.")),
    "next_step_is_on_its_themes": v(change("marts.next_step", {"step_id": "visits"}, theme="school")),
    "overlap_is_of_every_paper": v(change("marts.source_overlap", {"position": 3}, citations=2)),
    "cell_has_its_studies": v(drop("marts.cell_study", cell=2)),
    "change_of_studies_adds_up": v(drop("marts.change", what="joined")),
    "change_of_a_box_is_its_number": v(change("marts.change", {"id": "both.mapped"}, n_after=4)),
    "change_of_citations_adds_up": v(drop("marts.citation_change", what="in")),
    "history_ends_with_this_release": v(drop("marts.release_history", theme="school")),
    "verification_is_of_the_verified": v(change("marts.verification", {"dimension": "level"}, changed=2)),
}

PUBLISH = {
    "release_says_what_it_is": v(drop("meta.release", title="Care")),
    "column_has_a_meaning": v(change("meta.column", {"table": "marts.theme", "column": "theme"}, meaning=" ")),
    "nothing_failed_that_stops": v(change("meta.quality_check", {"severity": "stop"}, passed=False, failing=3)),
}
