"""Closed lists that people read: each code with its name. From here come the columns that name codes, and `meta.code`."""

from __future__ import annotations

KIND = {"primary": "Primary study", "review": "Review", "ongoing": "Ongoing study"}
"""What a study counts as; the three are never added together."""

STUDY_STATE = {
    "uncoded": "Not coded yet",
    "coded_once": "Coded by one of two people",
    "awaiting_recoding": "To be coded again, by a changed codebook",
    "awaiting_appraisal": "Coded, to be appraised by two people",
    "awaiting_appraisal_reconciliation": "Appraised by two people, to be reconciled",
    "awaiting_verification": "Coded, to be verified by a second person",
    "awaiting_reconciliation": "Coded by two people, to be reconciled",
    "reconciled": "Coded by two people and reconciled",
    "verified": "Coded by one person and verified by another",
}
"""How far the coding of an included study is."""

STAGE = {"title_abstract": "Title and abstract", "full_text": "Full text"}
"""Screening stages."""

ARM = {"databases": "Databases and registers", "other": "Other methods"}
"""Arms of the PRISMA 2020 diagram."""

BOX = {
    "identified": "Records identified",
    "duplicates": "Duplicate records removed",
    "automation": "Records marked as ineligible by automation tools",
    "removed_other": "Records removed for other reasons",
    "screened": "Records screened",
    "awaiting_screening": "Records awaiting screening",
    "excluded": "Records excluded",
    "sought": "Reports sought for retrieval",
    "not_retrieved": "Reports not retrieved",
    "awaiting_retrieval": "Reports awaiting retrieval",
    "assessed": "Reports assessed for eligibility",
    "report_excluded": "Reports excluded",
    "awaiting_decision": "Reports awaiting a decision",
    "awaiting_classification": "Reports awaiting classification",
    "ongoing": "Reports of ongoing studies",
    "included": "Reports included",
    "studies": "Studies included in the review",
    "reports": "Reports of included studies",
    "untied": "Pairs of reports that may be of one study",
    "mapped": "Included studies on the map",
    "awaiting_coding": "Included studies awaiting coding",
}
"""Boxes of the PRISMA 2020 diagram, and what waits beside them."""

SINCE = {
    "previous_studies": "Studies included in the previous version of the review",
    "previous_reports": "Reports included in the previous version of the review",
    "previous_gone": "Studies of the previous version that are no longer included, or are one with another",
    "known_before": "Records of the previous version that waited or were decided on again",
    **{name: label for name, label in BOX.items() if name != "untied"},
    "studies": "New studies included in the review",
    "reports": "New reports included",
    "total_studies": "Total studies included in the review",
    "total_reports": "Reports of all included studies",
}
"""Boxes of the diagram of an updated review."""

POSITION = {
    "automation": "Marked as ineligible by a tool before screening",
    "removed_other": "Removed for another reason before screening",
    "awaiting_screening": "Awaiting screening",
    "excluded": "Excluded on title and abstract",
    "awaiting_retrieval": "Full text awaited",
    "not_retrieved": "Full text not retrieved",
    "awaiting_decision": "Full text awaiting a decision",
    "report_excluded": "Excluded on full text",
    "awaiting_classification": "Awaiting classification",
    "ongoing": "Report of an ongoing study",
    "included": "Included",
}
"""The one place in the diagram where a citation is."""

EMPTY = {"none_found": "None found by the date of the searches", "not_yet_coded": "None found yet: some included studies are not coded",
         "not_specified": "None known: some studies are coded too widely to tell",
         "not_applicable": "Not applicable: the protocol says that these codes do not go together"}
"""Why a cell of the map has no study."""

GAP = {"absolute": "No study of any kind", "synthesis": "Primary studies, and no review of them"}
"""Kinds of gap."""

NOTICE = {"retracted": "Retracted", "concern": "Expression of concern", "corrected": "Corrected", "updated": "Updated by a later paper"}
"""Editorial notices that a person has to look at."""

TOLD_BY = {"search": "The searches", "recheck": "A check of the included papers made again"}
"""What brought a notice."""

WAY = {
    "two": "Two or more people, of one mind",
    "with_tool": "One person and a tool, of one mind",
    "resolution": "A conflict that people settled",
    "one": "One person",
    "list": "A list whose voters are not known",
    "tool": "A tool alone",
    "withdrawn": "Withdrawn after people had voted",
    "automation": "Out before screening: a tool",
    "other": "Out before screening: another reason",
}
"""How it was decided on a citation."""

TASK = {
    "duplicates": "Pair of records that may be one paper",
    "title_abstract": "Vote on title and abstract",
    "title_abstract_conflict": "Conflict at title and abstract",
    "retrieval": "Full text to get",
    "full_text": "Vote on full text",
    "full_text_conflict": "Conflict at full text",
    "classification": "Report that could not be classified yet",
    "same_study": "Pair of reports that may be of one study",
    "coding": "Study to code",
    "verification": "Coding to verify",
    "reconciliation": "Two codings to reconcile",
    "appraisal": "Study to appraise",
    "appraisal_reconciliation": "Two appraisals to reconcile",
    "new_report": "Report of a coded study that no coder has seen",
}
"""What somebody has to do."""

WORK = {"dedup": "Removal of duplicates", **STAGE, "extraction": "Extraction"}
"""Where in the review it is to be done."""

STEP = {"synthesis": "Synthesis", "project": "Project"}
"""What is planned on a theme."""

STEP_STATE = {"planned": "Planned", "under_way": "Under way", "done": "Done"}
"""How far a planned step is."""

WHAT = {"record": "Record", "citation": "Citation", "study": "Study", "pair": "Two reports"}
"""What the id of a row of the diagram is of."""

CHANGE = {
    "included": "A study came into the review",
    "no_longer_included": "A study is no longer in the review",
    "joined": "A study counts as one with another now",
    "divided": "A study was part of another",
    "on_the_map": "A study came onto the map",
    "off_the_map": "A study left the map",
    "other_kind": "A study counts as another kind",
    "recoded": "A study is coded otherwise",
    "notice": "A study has a notice that it had not",
    "notice_withdrawn": "A study no longer has a notice",
    "gap_closed": "A gap was closed",
    "gap_opened": "A gap was opened",
    "not_applicable": "A cell came to be not applicable",
    "applicable": "A cell is not applicable no longer",
    "view": "A view has other cells",
    "theme": "A theme has other numbers of studies",
    "box": "A box of the PRISMA diagram has another number",
}
"""What a release says otherwise than the one before it."""

CITATION_CHANGE = {"in": "Came in", "out": "Went out", "moved": "Moved"}
"""What became of a citation since the release before."""
