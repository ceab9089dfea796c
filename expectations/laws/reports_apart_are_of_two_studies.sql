-- Two reports that a person said are of different studies are not counted as one, be it by way of a third.
WITH pairs AS (
    SELECT * FROM staging.study_pair WHERE verdict = 'different' AND linked
),
final AS (
    SELECT review, citation_a, citation_b FROM pairs
)
SELECT * FROM final
