"""Laws of codings: what stands is settled, by two people, in the words of the codebook."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law(
        "report_is_of_one_study",
        "staging.study_report",
        Severity.STOP,
        "A defect of extraction: compare staging.study_report with staging.funnel.",
    ),
    Law(
        "reports_apart_are_of_two_studies",
        "staging.study_pair",
        Severity.STOP,
        "The answers contradict one another by way of a third report: return a same_study table that says which holds.",
    ),
    Law(
        "report_of_a_study_is_not_excluded",
        "staging.study_pair",
        Severity.STOP,
        "Screen the report anew, or return a same_study table that says that it is of a different study.",
    ),
    Law(
        "unsure_pair_is_not_counted_twice",
        "staging.study_report",
        Severity.STOP,
        "Answer on the two in the worklist duplicates or same_study (evimap worklists), ingest it, then refresh.",
        optional=True,
    ),
    Law(
        "studies_are_the_included",
        "staging.study_extraction",
        Severity.STOP,
        "A defect of extraction: each study with an included report has one row, and nothing else has.",
    ),
    Law(
        "settled_follows_state",
        "staging.study_extraction",
        Severity.STOP,
        "A defect of extraction: settled is true for reconciled and verified.",
    ),
    Law(
        "settled_study_has_a_code",
        "staging.study_extraction",
        Severity.STOP,
        "Send the study back to its coder: its form came back empty.",
    ),
    Law(
        "settled_study_has_one_kind",
        "staging.study_extraction",
        Severity.STOP,
        "Send the study back to its coder for the one kind that it is of.",
    ),
    Law(
        "reconciled_study_has_two_coders",
        "staging.study_extraction",
        Severity.STOP,
        "Let a second person code the study before it is reconciled.",
    ),
    Law(
        "settled_study_has_two_appraisers",
        "staging.study_extraction",
        Severity.STOP,
        "Let a second person appraise the study, who did not code it (evimap worklists), then refresh.",
    ),
    Law(
        "verifier_is_not_the_coder",
        "staging.study_extraction",
        Severity.STOP,
        "Let somebody verify the study who did not code it.",
        optional=True,
    ),
    Law(
        "double_follows_the_draw",
        "staging.study_extraction",
        Severity.STOP,
        "The draw is never changed: restore log/draw from the backup, then refresh.",
    ),
    Law(
        "code_is_of_a_settled_study",
        "staging.study_coding",
        Severity.STOP,
        "A defect of extraction: codes of a study stand once it is reconciled or verified.",
    ),
    Law(
        "code_is_in_the_codebook",
        "staging.study_coding",
        Severity.STOP,
        "Add the code to codebook.yaml under a new version, or send the study back to its coder.",
    ),
    Law(
        "not_reported_stands_alone",
        "staging.study_coding",
        Severity.STOP,
        "Send the study back to its coder: either the report says it, or it does not.",
    ),
    Law(
        "proposed_code_is_given",
        "staging.proposed_code",
        Severity.STOP,
        "A defect of extraction: compare staging.proposed_code with the coding that holds of the study.",
    ),
    Law(
        "single_dimension_has_one_code",
        "staging.study_coding",
        Severity.STOP,
        "Send the study back to its coder, or say multiple: true of the dimension under a new version of codebook.yaml.",
    ),
    Law(
        "ungrouped_code_is_of_the_whole_study",
        "staging.study_coding",
        Severity.STOP,
        "A defect of extraction: codes of a dimension without grouped: true are in group 0.",
    ),
    Law(
        "coding_is_carried_over",
        "staging.coding",
        Severity.STOP,
        "A coding was lost when citations changed: it has to follow its record_ids.",
        optional=True,
    ),
)
