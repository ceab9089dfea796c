-- A member counts in the arm, box and database of its record.
WITH records AS (
    SELECT review, record_id, arm, box, database FROM staging.record
),
members AS (
    SELECT review, record_id, citation_id, arm, box, database FROM staging.citation_record
),
final AS (  -- one record per member
    SELECT
        members.*, records.arm AS record_arm, records.box AS record_box, records.database AS record_database
    FROM members
    JOIN records USING (review, record_id)
    WHERE (members.arm, members.box, members.database) IS DISTINCT FROM (records.arm, records.box, records.database)
)
SELECT * FROM final
