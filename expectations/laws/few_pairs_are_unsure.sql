-- More than one pair in twenty that needs a person's eye says that the rules do not suit these sources.
WITH pairs AS (
    SELECT review, count(*) AS pairs, count(*) FILTER (WHERE outcome = 'unsure') AS unsure
    FROM staging.record_pair
    GROUP BY review
),
final AS (
    SELECT * FROM pairs WHERE unsure * 20 > pairs
)
SELECT * FROM final
