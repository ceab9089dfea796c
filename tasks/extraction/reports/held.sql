-- What is held of the two citations that each row names, by their ids of today or of another day: null where one is not there.
WITH came AS (
    SELECT line, citation_id, other_citation_id FROM staging.came
),
citation AS (
    SELECT citation_id AS name, citation_id FROM staging.citation
    UNION ALL
    SELECT alias, citation_id FROM staging.citation_alias
),
record AS (
    SELECT citation_id, list(record_id ORDER BY record_id) AS record_ids
    FROM staging.citation_record
    GROUP BY citation_id
),
known AS (
    SELECT citation.name, citation.citation_id, held.title, record.record_ids
    FROM citation
    JOIN staging.citation AS held USING (citation_id)  -- n:1
    JOIN record USING (citation_id)  -- n:1
),
final AS (
    SELECT
        came.line, one.citation_id AS one, other.citation_id AS other,
        one.record_ids AS one_records, other.record_ids AS other_records,
        concat_ws(' ', coalesce(one.title, ''), coalesce(other.title, '')) AS titles
    FROM came
    LEFT JOIN known AS one ON one.name = came.citation_id  -- n:1
    LEFT JOIN known AS other ON other.name = came.other_citation_id  -- n:1
)
SELECT * FROM final ORDER BY line
