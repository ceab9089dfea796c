-- What is held of the two records that each row names: null where a record is not there.
WITH came AS (
    SELECT line, record_id, other_record_id FROM staging.came
),
record AS (
    SELECT record_id, title FROM staging.record
),
final AS (
    SELECT
        came.line,
        one.record_id IS NOT NULL AS one_known,
        other.record_id IS NOT NULL AS other_known,
        concat_ws(' ', coalesce(one.title, ''), coalesce(other.title, '')) AS titles
    FROM came
    LEFT JOIN record AS one ON one.record_id = came.record_id  -- n:1
    LEFT JOIN record AS other ON other.record_id = came.other_record_id  -- n:1
)
SELECT * FROM final ORDER BY line
