-- In which countries were the primary studies on each theme done?
SELECT theme.label AS theme, country.label AS country, count(DISTINCT study.study_id) AS primary_studies
FROM marts.study AS study
JOIN marts.study_code AS theme USING (review, study_id)
JOIN marts.study_code AS country USING (review, study_id)
WHERE theme.dimension = 'theme' AND country.dimension = 'country' AND study.kind = 'primary'
GROUP BY theme.label, country.label
ORDER BY theme, primary_studies DESC, country;
