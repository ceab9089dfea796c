-- One row a study, with the names of its codes side by side. (What a spreadsheet wants; count from the long table instead.)
SELECT
    study.study_id,
    study.reference,
    study.year,
    study.kind_label AS kind,
    string_agg(DISTINCT code.label, '; ' ORDER BY code.label) FILTER (code.dimension = 'theme') AS themes,
    string_agg(DISTINCT code.label, '; ' ORDER BY code.label) FILTER (code.dimension = 'level') AS levels,
    string_agg(DISTINCT code.label, '; ' ORDER BY code.label) FILTER (code.dimension = 'outcome') AS outcomes,
    string_agg(DISTINCT code.label, '; ' ORDER BY code.label) FILTER (code.dimension = 'country') AS countries
FROM marts.study AS study
LEFT JOIN marts.study_code AS code USING (review, study_id)
GROUP BY study.study_id, study.reference, study.year, study.kind_label
ORDER BY study.year, study.reference, study.study_id;
