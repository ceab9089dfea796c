-- How many studies on each outcome were published in each year, by kind?
SELECT study.year, code.label AS outcome, study.kind, count(DISTINCT study.study_id) AS studies
FROM marts.study AS study
JOIN marts.study_code AS code USING (review, study_id)
WHERE code.dimension = 'outcome'
GROUP BY study.year, code.label, study.kind
ORDER BY study.year, outcome, study.kind;
