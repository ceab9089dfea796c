-- Records since the baseline: those of papers that are in the flow since then, and those that came since for papers that are not.
SELECT record.record_id, record.arm, record.box, record.database, record.first_seen, moved.citation_id IS NOT NULL AS moved
FROM staging.record AS record
JOIN staging.citation_record AS member USING (record_id)  -- 1:1
LEFT JOIN since.moved AS moved USING (citation_id)  -- n:1
WHERE moved.citation_id IS NOT NULL OR record.first_seen > $as_of
