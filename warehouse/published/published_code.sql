-- The codes that were given to its studies: those that they are within follow from the codebook, which may change by itself.
SELECT $review AS review, $release_id AS release_id, study_id, "group", dimension, dimension_label, code, label, $as_of AS as_of
FROM marts.study_code
WHERE NOT implied
