-- A cell counts as many studies, reviews and ongoing studies as there are in it, found one by one.
WITH found AS (
    SELECT cell_study.review, cell_study.view, cell_study.cell,
        count(*) FILTER (study.kind = 'primary') AS studies,
        count(*) FILTER (study.kind = 'review') AS reviews,
        count(*) FILTER (study.kind = 'ongoing') AS ongoing
    FROM marts.cell_study AS cell_study
    LEFT JOIN marts.study AS study USING (review, study_id)
    GROUP BY cell_study.review, cell_study.view, cell_study.cell
),
final AS (
    SELECT review, view, cell, map.studies, found.studies AS found, map.reviews, map.ongoing
    FROM marts.evidence_map AS map
    FULL JOIN found USING (review, view, cell)
    WHERE (map.studies, map.reviews, map.ongoing)
        IS DISTINCT FROM (coalesce(found.studies, 0), coalesce(found.reviews, 0), coalesce(found.ongoing, 0))
)
SELECT * FROM final
