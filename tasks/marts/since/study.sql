-- Studies that the baseline did not include.
SELECT study.study_id, study.state, study.mapped
FROM marts.study AS study
ANTI JOIN since.previous AS previous USING (study_id)
WHERE study.state <> 'ongoing'
