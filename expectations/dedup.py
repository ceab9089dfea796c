"""Laws of citations: every record is in one, and every merge can be told back."""

from __future__ import annotations

from expectations.law import Law, Severity

LAWS: tuple[Law, ...] = (
    Law(
        "record_is_in_one_citation",
        "staging.citation_record",
        Severity.STOP,
        "A defect of clustering: delete cache/ and refresh; if it stays, report the records.",
    ),
    Law(
        "member_agrees_with_its_record",
        "staging.citation_record",
        Severity.STOP,
        "Delete cache/ and refresh, so that members are made of the records of today.",
    ),
    Law(
        "citation_has_its_records",
        "staging.citation",
        Severity.STOP,
        "A defect of merging: delete cache/ and refresh; if it stays, report the citations.",
    ),
    Law(
        "identified_is_kept_and_duplicates",
        "staging.citation",
        Severity.STOP,
        "Look at the members of the arm that does not add up: each is kept or a duplicate, and counts in its record's arm.",
    ),
    Law(
        "citation_has_one_kept",
        "staging.citation",
        Severity.STOP,
        "A defect of merging: exactly one member in the citation's arm is to be kept.",
    ),
    Law(
        "citation_is_in_its_arm",
        "staging.citation",
        Severity.STOP,
        "A defect of merging: a citation with a record from a database belongs to the databases arm.",
    ),
    Law(
        "founder_is_first_of_its_citation",
        "staging.citation",
        Severity.STOP,
        "Do not publish: the citation would change its id. Restore log/first_seen from the backup, delete cache/ and refresh.",
    ),
    Law(
        "field_is_from_a_member",
        "staging.citation_field",
        Severity.STOP,
        "A defect of merging: delete cache/ and refresh; if it stays, report the citation.",
    ),
    Law(
        "alias_is_not_a_citation",
        "staging.citation_alias",
        Severity.STOP,
        "A defect of naming: an alias is the id that a record which founds no citation would have had.",
    ),
    Law(
        "merged_record_has_an_alias",
        "staging.citation_alias",
        Severity.STOP,
        "A defect of naming: each merged record but the founder leaves one alias.",
    ),
    Law(
        "pair_apart_is_kept_apart",
        "staging.citation_record",
        Severity.STOP,
        "Look for another merge that joins the two, and keep that pair apart as well or take the decision back.",
        optional=True,
    ),
    Law(
        "pair_merged_stays_merged",
        "staging.citation_record",
        Severity.REPORT,
        "Another decision keeps some of these records apart: settle which of the two holds.",
        optional=True,
    ),
    Law(
        "pair_is_of_two_records",
        "staging.record_pair",
        Severity.STOP,
        "Delete cache/ and refresh, so that pairs are made of the records of today.",
    ),
    Law(
        "pair_is_as_decided",
        "staging.record_pair",
        Severity.STOP,
        "A defect of clustering: delete cache/ and refresh; if it stays, report the pairs.",
    ),
    Law(
        "few_pairs_are_unsure",
        "staging.record_pair",
        Severity.REPORT,
        "A defect of ranking: decide on the unsure pairs with the highest scores, and report it.",
    ),
    Law(
        "relation_is_of_two_citations",
        "staging.citation_relation",
        Severity.STOP,
        "A defect of merging: delete cache/ and refresh; if it stays, report the citations.",
    ),
)
