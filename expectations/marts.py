"""Laws of numbers that people read: each box and cell is the rows behind it."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law(
        "notice_is_of_a_citation",
        "marts.notice",
        Severity.STOP,
        "A defect of the marts stage: compare marts.notice with staging.funnel.",
    ),
    Law(
        "study_has_no_notice",
        "marts.notice",
        Severity.REPORT,
        "Read the notice; exclude the study with the reason if it can no longer be used, else code what was corrected.",
    ),
    Law(
        "study_counts_its_reports",
        "marts.study",
        Severity.STOP,
        "A defect of the marts stage: compare marts.study with marts.study_report.",
    ),
    Law(
        "prisma_identified_adds_up",
        "marts.prisma_flow",
        Severity.STOP,
        "A citation is in no box or in two: compare the arm's boxes with staging.funnel and staging.citation_record.",
    ),
    Law(
        "prisma_screened_adds_up",
        "marts.prisma_flow",
        Severity.STOP,
        "A screened citation is in no box or in two: compare the arm's boxes with staging.funnel.",
    ),
    Law(
        "prisma_sought_adds_up",
        "marts.prisma_flow",
        Severity.STOP,
        "A report that was sought is in no box or in two: compare the arm's boxes with staging.funnel.",
    ),
    Law(
        "prisma_assessed_adds_up",
        "marts.prisma_flow",
        Severity.STOP,
        "An assessed report is in no box or in two: compare the arm's boxes with staging.funnel.",
    ),
    Law(
        "prisma_details_add_up",
        "marts.prisma_flow",
        Severity.STOP,
        "A source or an exclusion reason is missing from the details of the box, or is counted twice.",
    ),
    Law(
        "prisma_has_no_negative_number",
        "marts.prisma_flow",
        Severity.STOP,
        "A box was computed as a difference that does not hold: count rows instead.",
    ),
    Law(
        "prisma_identified_is_the_records",
        "marts.prisma_flow",
        Severity.STOP,
        "Records are counted in another arm, twice or not at all: compare with staging.record and staging.citation_record.",
    ),
    Law(
        "prisma_boxes_are_the_funnel",
        "marts.prisma_flow",
        Severity.STOP,
        "A box does not count what the funnel holds: compare it with the citations of that position and arm.",
    ),
    Law(
        "prisma_studies_are_mapped_or_waiting",
        "marts.prisma_flow",
        Severity.STOP,
        "A study is neither on the map nor waiting to be coded: compare with marts.study.",
    ),
    Law(
        "prisma_box_is_its_rows",
        "marts.prisma_row",
        Severity.STOP,
        "A number of the diagram is not the number of what stands in the box: compare marts.prisma_flow with marts.prisma_row.",
    ),
    Law(
        "prisma_vocabulary_is_the_flow",
        "marts.prisma_vocabulary",
        Severity.STOP,
        "A defect of marts.prisma_vocabulary: its numbers are those of marts.prisma_flow, experts counted among organisations.",
    ),
    Law(
        "study_is_included_or_ongoing",
        "marts.study",
        Severity.STOP,
        "A join has lost or doubled a study: compare with staging.study_extraction and staging.funnel.",
    ),
    Law(
        "mapped_follows_state",
        "marts.study",
        Severity.STOP,
        "A defect of marts.study: mapped and kind follow from the state of the study.",
    ),
    Law(
        "study_text_is_clean",
        "marts.study",
        Severity.REPORT,
        "Correct the record at its source or export it again; the text is shown without these characters.",
    ),
    Law(
        "study_code_is_of_a_mapped_study",
        "marts.study_code",
        Severity.STOP,
        "A defect of marts.study_code: codes of a study that is not settled are not shown.",
    ),
    Law(
        "study_code_is_the_coding_that_stands",
        "marts.study_code",
        Severity.STOP,
        "A join has lost or added a code: look whether its dimension and code are in the codebook.",
    ),
    Law(
        "map_has_every_cell_once",
        "marts.evidence_map",
        Severity.STOP,
        "A defect of marts.evidence_map: cells are the product of the codes of the view's axes, before studies are counted.",
    ),
    Law(
        "map_cells_are_numbered",
        "marts.evidence_map",
        Severity.STOP,
        "A defect of marts.evidence_map: number the cells of each view from 1, after all of them are made.",
    ),
    Law(
        "map_cell_is_within_its_codes",
        "marts.evidence_map",
        Severity.STOP,
        "A defect of marts.evidence_map: count distinct studies on the map, never rows of codes.",
    ),
    Law(
        "wider_cell_holds_its_narrower",
        "marts.evidence_map",
        Severity.STOP,
        "A defect of marts.evidence_map: a study counts at each code that its codes are within (marts.study_code, implied).",
    ),
    Law(
        "empty_cell_says_why",
        "marts.evidence_map",
        Severity.STOP,
        "A defect of marts.evidence_map: none_found is said once every included study is coded, and narrowly enough.",
    ),
    Law(
        "gap_is_an_empty_cell",
        "marts.gap",
        Severity.STOP,
        "A defect of marts.gap: it follows from the counts of marts.evidence_map alone.",
    ),
    Law(
        "theme_counts_distinct_studies",
        "marts.theme",
        Severity.STOP,
        "A defect of marts.theme: count distinct mapped studies with the theme, by kind.",
    ),
    Law("theme_is_within_the_mapped", "marts.theme", Severity.STOP, "Rows of codes were counted instead of studies."),
    Law(
        "readiness_follows_the_theme",
        "marts.synthesis_readiness",
        Severity.STOP,
        "A defect of marts.synthesis_readiness: it follows from marts.theme and the protocol's minimum.",
    ),
    Law(
        "agreement_counts_its_pairs",
        "marts.agreement",
        Severity.STOP,
        "A defect of marts.agreement: it counts the rows of staging.agreement_pair of that stage and round.",
    ),
    Law(
        "coding_agreement_is_of_the_double_sample",
        "marts.coding_agreement",
        Severity.STOP,
        "A defect of marts.coding_agreement: it counts the studies of the double sample that two people have coded.",
    ),
    Law(
        "every_decision_has_its_way",
        "marts.decision_basis",
        Severity.STOP,
        "A defect of marts.decision_basis: its numbers add up to the decisions of staging.screening and to staging.removal.",
    ),
    Law(
        "matrix_is_of_its_theme",
        "marts.framework",
        Severity.STOP,
        "A defect of marts.framework: each theme has a row for each of its studies on the map that is coded in anything else.",
    ),
    Law(
        "synthesis_is_up_to_date",
        "marts.synthesis_text",
        Severity.REPORT,
        "Look at what changed in the theme's studies, then change synthesis/<theme>.md, or cite the study in it.",
    ),
    Law(
        "yield_is_of_every_record",
        "marts.source_yield",
        Severity.STOP,
        "A defect of marts.source_yield: each record is of one source, and what a source alone has is among what it has.",
    ),
    Law(
        "overlap_is_of_every_paper",
        "marts.source_overlap",
        Severity.STOP,
        "A defect of marts.source_overlap: each paper is in one row, and what a source alone has is as in marts.source_yield.",
    ),
    Law(
        "verification_is_of_the_verified",
        "marts.verification",
        Severity.STOP,
        "A defect of marts.verification: it counts the studies that are verified today, and those of them that were changed.",
    ),
)
