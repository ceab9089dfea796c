-- Control characters in a title, abstract or DOI are damage of the source that readers would see.
WITH studies AS (
    SELECT review, study_id, title, abstract, doi FROM marts.study
),
fields AS (
    SELECT review, study_id, 'title' AS field, title AS value FROM studies
    UNION ALL
    SELECT review, study_id, 'abstract', abstract FROM studies
    UNION ALL
    SELECT review, study_id, 'doi', doi FROM studies
),
final AS (  -- tab and line ends are no damage
    SELECT * FROM fields WHERE regexp_matches(value, '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]')
)
SELECT * FROM final
