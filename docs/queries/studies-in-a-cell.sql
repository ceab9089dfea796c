-- Which studies stand behind each cell of levels by outcomes? (A code of the study as a whole holds in each of its groups.)
SELECT DISTINCT level.label AS level, outcome.label AS outcome, study.kind_label AS kind, study.reference, study.study_id
FROM marts.study_code AS level
JOIN marts.study_code AS outcome
    ON outcome.review = level.review
    AND outcome.study_id = level.study_id
    AND (outcome."group" = level."group" OR outcome."group" = 0 OR level."group" = 0)
JOIN marts.study AS study ON study.review = level.review AND study.study_id = level.study_id
WHERE level.dimension = 'level' AND outcome.dimension = 'outcome'
ORDER BY level, outcome, kind, study.reference, study.study_id;
