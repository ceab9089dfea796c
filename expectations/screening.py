"""Laws of decisions: every citation has one place, and every decision its basis."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law(
        "citation_has_one_position",
        "staging.funnel",
        Severity.STOP,
        "A defect of screening: each citation needs one row of staging.funnel in its arm.",
    ),
    Law(
        "position_follows_screening",
        "staging.funnel",
        Severity.STOP,
        "A defect of screening: compare the citation's rows of staging.screening with its position.",
    ),
    Law(
        "decided_has_a_decision",
        "staging.screening",
        Severity.STOP,
        "A defect of screening: a row is decided with decision and basis, or is neither.",
    ),
    Law(
        "decision_has_its_basis",
        "staging.screening",
        Severity.STOP,
        "A vote, resolution or outcome is missing: restore log/ from the backup, then refresh.",
    ),
    Law(
        "exclusion_has_a_reason",
        "staging.screening",
        Severity.STOP,
        "Send the citation back to its reviewers for a reason, or list theirs in the protocol (screening.full_text.reasons).",
    ),
    Law(
        "imported_exclusion_has_a_reason",
        "staging.screening",
        Severity.REPORT,
        "Give the reason with the list in imports/searches.yaml (outcome.reason), or as outcomes with a reason each.",
    ),
    Law(
        "full_text_follows_inclusion",
        "staging.screening",
        Severity.STOP,
        "Import the title and abstract decision that came before the full text.",
    ),
    Law(
        "screening_counts_its_votes",
        "staging.screening",
        Severity.STOP,
        "A defect of screening: votes counts the reviewers whose vote stands in the row's round.",
    ),
    Law(
        "vote_counts_once",
        "staging.vote",
        Severity.STOP,
        "A defect of screening: of one person's votes in a round all but the latest are superseded.",
    ),
    Law(
        "decision_is_legal_at_its_stage",
        "staging.vote",
        Severity.STOP,
        "A defect of ingest, which refuses such decisions: take the file back and send the decision again for its own stage.",
    ),
    Law(
        "decision_is_on_a_citation",
        "staging.vote",
        Severity.STOP,
        "The records that the decision was made on are gone: restore them; a decision is never dropped.",
    ),
    Law(
        "vote_is_carried_over",
        "staging.vote",
        Severity.STOP,
        "A vote was lost when citations changed: it has to follow its record_ids.",
        optional=True,
    ),
    Law(
        "tool_vote_is_carried_over",
        "staging.tool_vote",
        Severity.STOP,
        "A vote of a tool was lost when citations changed: it has to follow its record_ids.",
        optional=True,
    ),
    Law(
        "resolution_is_carried_over",
        "staging.resolution",
        Severity.STOP,
        "A resolution was lost when citations changed: it has to follow its record_ids.",
        optional=True,
    ),
    Law(
        "outcome_is_carried_over",
        "staging.outcome",
        Severity.STOP,
        "An outcome was lost when citations changed: it has to follow its record_ids.",
        optional=True,
    ),
    Law(
        "removed_is_not_screened",
        "staging.removal",
        Severity.STOP,
        "A defect of screening: a citation that people voted on is screened, whatever was said before.",
    ),
    Law(
        "third_person_did_not_vote",
        "staging.resolution",
        Severity.STOP,
        "Let somebody settle the conflict who did not vote, or record that it was settled in discussion.",
    ),
    Law(
        "agreement_is_of_two_voters",
        "staging.agreement_pair",
        Severity.STOP,
        "A defect of screening: a pair is of two people's votes on one citation in one round.",
    ),
    Law(
        "ranking_is_of_what_awaits",
        "staging.ranking",
        Severity.STOP,
        "A defect of screening: a ranking is an order of what people have to decide; until it is mended, take prioritised out.",
    ),
    Law(
        "ranking_follows_its_scores",
        "staging.ranking",
        Severity.STOP,
        "A defect of screening: places have to follow the scores, which say why; until it is mended, take prioritised out.",
    ),
)
