-- One row per two related citations: what the one is of the other, and the two records that show it.
WITH relation AS (
    SELECT * FROM main.relation
),
final AS (
    SELECT
        one.review,
        founding_one.citation_id,
        relation.kind,
        founding_other.citation_id AS related_id,
        one.record_id, other.record_id AS related_record_id,
        relation.basis, relation.explanation
    FROM relation
    JOIN trait AS one ON one.n = relation.a  -- n:1
    JOIN trait AS other ON other.n = relation.b  -- n:1
    JOIN trait AS founding_one ON founding_one.n = relation.founder_a  -- n:1
    JOIN trait AS founding_other ON founding_other.n = relation.founder_b  -- n:1
)
SELECT * FROM final;
