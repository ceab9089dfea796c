-- How far the coding of each included study is.
SELECT review, study_id, "double", state, settled FROM staging.study
