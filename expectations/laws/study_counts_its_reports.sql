-- A study has as many reports as there are rows of them, and one of them at least.
WITH studies AS (
    SELECT review, study_id, reports FROM marts.study
),
reports AS (
    SELECT review, study_id, count(*) AS listed FROM marts.study_report GROUP BY ALL
),
final AS (  -- one row per study
    SELECT review, study_id, studies.reports, reports.listed
    FROM studies
    FULL JOIN reports USING (review, study_id)
    WHERE studies.reports IS DISTINCT FROM reports.listed
)
SELECT * FROM final
