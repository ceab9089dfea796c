-- Searches since the baseline, so that those which brought nothing are told too.
SELECT arm, box, database FROM staging.search WHERE as_of > $as_of
