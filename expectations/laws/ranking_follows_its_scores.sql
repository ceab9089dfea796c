-- The ranking is by score and, of one score or without any, by the order in which citations came in; it has each place once.
WITH ranking AS (
    SELECT review, citation_id, position, score FROM staging.ranking
),
citation AS (
    SELECT review, citation_id, first_seen FROM staging.citation
),
placed AS (
    SELECT
        ranking.*,
        row_number() OVER (
            PARTITION BY review ORDER BY ranking.score DESC NULLS LAST, citation.first_seen, citation_id
        ) AS expected
    FROM ranking
    LEFT JOIN citation USING (review, citation_id)
),
final AS (
    SELECT * FROM placed WHERE position <> expected
)
SELECT * FROM final
