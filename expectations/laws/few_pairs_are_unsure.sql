-- A person is asked about one pair in a hundred records at most, so that the likeliest ones are looked at.
WITH pairs AS (
    SELECT review, count(*) AS unsure FROM staging.record_pair WHERE outcome = 'unsure' GROUP BY review
),
records AS (
    SELECT review, count(*) AS records FROM staging.record GROUP BY review
),
final AS (
    SELECT review, unsure, records
    FROM pairs
    JOIN records USING (review)
    WHERE unsure > greatest(1, records // 100)
)
SELECT * FROM final
