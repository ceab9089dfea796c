-- Where titles and abstracts are ranked, each citation that awaits screening is in the ranking, and none that is decided; there
-- are as many as the model says.
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
counted AS (
    SELECT review, '', 'citations are ranked by the model, not ' || count(ranking.citation_id)
    FROM prioritised LEFT JOIN ranking USING (review)
    GROUP BY review, ranked
    HAVING count(ranking.citation_id) <> ranked
),
final AS (
    SELECT * FROM missing
    UNION ALL
    SELECT * FROM too_much
    UNION ALL
    SELECT * FROM counted
)
SELECT * FROM final
