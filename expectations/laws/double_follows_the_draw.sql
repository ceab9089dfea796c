-- Whether a study is double-coded is what was drawn before extraction started.
WITH studies AS (
    SELECT review, study_id, "double" FROM staging.study_extraction
),
draws AS (
    SELECT review, citation_id AS study_id, "double" AS drawn FROM staging.draw
),
final AS (  -- one draw per study
    SELECT studies.*, draws.drawn FROM studies JOIN draws USING (review, study_id) WHERE studies."double" <> draws.drawn
)
SELECT * FROM final
