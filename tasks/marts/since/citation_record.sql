-- A record that came since for a paper that was decided on before is a duplicate, whichever record stands for the paper today.
SELECT record.arm, if(record.moved, member.role, 'duplicate') AS role
FROM since.record AS record
JOIN staging.citation_record AS member USING (record_id)  -- 1:1
