-- A double-coded study that is reconciled was coded by two different people.
WITH studies AS (
    SELECT review, study_id FROM staging.study_extraction WHERE "double" AND state = 'reconciled'
),
coders AS (
    SELECT review, citation_id AS study_id, count(DISTINCT reviewer) AS n FROM staging.coding WHERE role = 'coder' GROUP BY ALL
),
final AS (  -- one row per study
    SELECT studies.*, coalesce(coders.n, 0) AS coders
    FROM studies
    LEFT JOIN coders USING (review, study_id)
    WHERE coalesce(coders.n, 0) < 2
)
SELECT * FROM final
