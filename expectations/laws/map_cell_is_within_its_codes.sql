-- No cell counts more studies than have each of its codes on the map: rows are never summed.
WITH cells AS (
    SELECT
        review, view, cell, studies, reviews, ongoing, ungrouped,
        unnest([dimension_1, dimension_2, dimension_3, dimension_4]) AS dimension,
        unnest([code_1, code_2, code_3, code_4]) AS code
    FROM marts.evidence_map
),
coded AS (
    SELECT
        codes.review, dimension, code, count(DISTINCT study_id) FILTER (WHERE kind = 'primary') AS studies,
        count(DISTINCT study_id) FILTER (WHERE kind = 'review') AS reviews,
        count(DISTINCT study_id) FILTER (WHERE kind = 'ongoing') AS ongoing
    FROM marts.study_code AS codes
    JOIN marts.study AS study USING (review, study_id)
    WHERE study.mapped
    GROUP BY ALL
),
final AS (  -- one row per cell and axis
    SELECT
        cells.*, coalesce(coded.studies, 0) AS coded_studies, coalesce(coded.reviews, 0) AS coded_reviews,
        coalesce(coded.ongoing, 0) AS coded_ongoing
    FROM cells
    LEFT JOIN coded USING (review, dimension, code)
    WHERE cells.dimension IS NOT NULL AND (
        cells.studies NOT BETWEEN 0 AND coalesce(coded.studies, 0)
        OR cells.reviews NOT BETWEEN 0 AND coalesce(coded.reviews, 0)
        OR cells.ongoing NOT BETWEEN 0 AND coalesce(coded.ongoing, 0)
        OR cells.ungrouped NOT BETWEEN 0 AND cells.studies + cells.reviews + cells.ongoing
    )
)
SELECT * FROM final
