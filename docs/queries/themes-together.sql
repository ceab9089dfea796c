-- Which themes are found in the same studies, and in how many? (Each two of them once.)
SELECT one.label AS theme, other.label AS and_theme, count(DISTINCT one.study_id) AS studies
FROM marts.study_code AS one
JOIN marts.study_code AS other
    ON other.review = one.review AND other.study_id = one.study_id AND other.dimension = one.dimension AND other.code > one.code
WHERE one.dimension = 'theme'
GROUP BY one.label, other.label
ORDER BY studies DESC, theme, and_theme;
