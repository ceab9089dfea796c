-- Studies that the baseline did not include.
SELECT study.study_id, study.state, study.mapped
FROM marts.study AS study
LEFT JOIN before.study AS earlier USING (study_id)  -- 1:1
WHERE study.state <> 'ongoing' AND (earlier.study_id IS NULL OR earlier.kind IS NOT DISTINCT FROM 'ongoing')
