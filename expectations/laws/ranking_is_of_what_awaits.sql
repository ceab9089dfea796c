-- Where titles and abstracts are ranked, each citation that awaits screening is in the ranking, and none that is decided.
WITH prioritised AS (
    SELECT review, ranked FROM staging.ranking_model
),
awaiting AS (
    SELECT review, citation_id FROM staging.funnel WHERE position = 'awaiting_screening'
),
ranking AS (
    SELECT review, citation_id FROM staging.ranking
),
missing AS (
    SELECT review, citation_id, 'awaits screening and is not ranked' AS what FROM awaiting SEMI JOIN prioritised USING (review)
    ANTI JOIN ranking USING (review, citation_id)
),
too_much AS (
    SELECT review, citation_id, 'is ranked and does not await screening' AS what FROM ranking
    ANTI JOIN (FROM awaiting SEMI JOIN prioritised USING (review)) AS wanted USING (review, citation_id)
),
final AS (
    SELECT * FROM missing
    UNION ALL
    SELECT * FROM too_much
)
SELECT * FROM final
