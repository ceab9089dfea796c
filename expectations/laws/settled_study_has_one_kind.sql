-- A settled study is of one kind, so that primary studies and reviews are never added together nor left out.
WITH studies AS (
    SELECT review, study_id FROM staging.study_extraction WHERE settled
),
kinds AS (
    SELECT review, dimension FROM staging.dimension WHERE role = 'kind'
),
codings AS (
    SELECT review, study_id, dimension, count(DISTINCT code) AS n FROM staging.study_coding GROUP BY ALL
),
final AS (  -- one dimension of role kind a codebook
    SELECT studies.*, kinds.dimension, coalesce(codings.n, 0) AS kinds
    FROM studies
    JOIN kinds USING (review)
    LEFT JOIN codings USING (review, study_id, dimension)
    WHERE coalesce(codings.n, 0) <> 1
)
SELECT * FROM final
