-- One row per box of the PRISMA diagram and what stands in it: the drill-down of marts.prisma_flow. It is made from the same tables by
-- another way, box by box, so that a number of the diagram that is not the number of its rows is found.
WITH record AS (
    SELECT record_id, arm, database FROM staging.record
),
citation_record AS (
    SELECT record_id, citation_id, arm, role FROM staging.citation_record
),
funnel AS (
    SELECT citation_id, arm, position, reason FROM staging.funnel
),
removal AS (
    SELECT citation_id, tool FROM staging.removal
),
reason AS (
    SELECT reason, label FROM staging.reason
),
study AS (
    SELECT study_id, state, mapped FROM marts.study
),
study_pair AS (
    SELECT citation_a, citation_b, explanation FROM staging.study_pair WHERE verdict IS NULL AND NOT linked
),
-- where a citation is, in words for people
placed AS (
    SELECT
        funnel.citation_id, funnel.arm, funnel.position,
        coalesce(reason.label, funnel.reason, removal.tool) AS detail
    FROM funnel
    LEFT JOIN reason USING (reason)  -- n:1
    LEFT JOIN removal USING (citation_id)  -- 1:1
),
was_screened AS (
    SELECT * FROM placed WHERE position NOT IN ('automation', 'removed_other', 'awaiting_screening')
),
was_sought AS (
    SELECT * FROM was_screened WHERE position <> 'excluded'
),
was_assessed AS (
    SELECT * FROM was_sought WHERE position NOT IN ('not_retrieved', 'awaiting_retrieval')
),
standing AS (
    SELECT arm, 'identified' AS box, record_id AS id, 'record' AS what, database AS detail FROM record
    UNION ALL
    SELECT arm, 'duplicates', record_id, 'record', citation_id FROM citation_record WHERE role = 'duplicate'
    UNION ALL
    SELECT arm, position, citation_id, 'citation', detail FROM placed
    UNION ALL
    SELECT arm, 'screened', citation_id, 'citation', NULL FROM was_screened
    UNION ALL
    SELECT arm, 'sought', citation_id, 'citation', NULL FROM was_sought
    UNION ALL
    SELECT arm, 'assessed', citation_id, 'citation', NULL FROM was_assessed
    UNION ALL
    SELECT 'both', 'reports', citation_id, 'citation', NULL FROM placed WHERE position = 'included'
    UNION ALL
    SELECT 'both', 'studies', study_id, 'study', NULL FROM study WHERE state <> 'ongoing'
    UNION ALL
    SELECT 'both', 'mapped', study_id, 'study', NULL FROM study WHERE mapped AND state <> 'ongoing'
    UNION ALL
    SELECT 'both', 'awaiting_coding', study_id, 'study', state FROM study WHERE NOT mapped AND state <> 'ongoing'
    UNION ALL
    SELECT 'both', 'untied', citation_a || '+' || citation_b, 'pair', explanation FROM study_pair
),
final AS (
    SELECT $review AS review, arm, box, id, what, detail FROM standing
)
SELECT * FROM final;
