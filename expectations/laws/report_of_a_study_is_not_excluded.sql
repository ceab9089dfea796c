-- Another report of an included study is included with it: what a person tied to an included one is not left out.
WITH pairs AS (
    SELECT review, citation_a, citation_b FROM staging.study_pair WHERE verdict = 'same' AND NOT linked
),
excluded AS (
    SELECT review, citation_id, position FROM staging.funnel WHERE position IN ('excluded', 'report_excluded')
),
final AS (
    SELECT pairs.*, excluded.citation_id, excluded.position
    FROM pairs
    JOIN excluded ON excluded.review = pairs.review AND excluded.citation_id IN (pairs.citation_a, pairs.citation_b)
)
SELECT * FROM final
