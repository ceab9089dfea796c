-- Every coding ever received stands on a study that has one of the records it was made on.
WITH logged AS (
    SELECT review, raw, citation_id, reviewer, role, "group", dimension, code, unnest(record_ids) AS record_id FROM log.coding
),
members AS (  -- with the study that each record is of today, or the paper where that is no report of a study
    SELECT records.review, records.record_id, coalesce(reports.study_id, records.citation_id) AS citation_id
    FROM staging.citation_record AS records
    LEFT JOIN staging.study_report AS reports USING (review, citation_id)
),
carried AS (
    SELECT DISTINCT review, raw, citation_id, reviewer, role, "group", dimension, code FROM staging.coding
),
followed AS (  -- the logged decision on each citation that has one of the records it was made on
    SELECT
        logged.review, logged.raw, logged.citation_id, logged.reviewer, logged.role, logged."group",
        logged.dimension, logged.code,
        count(carried.raw) AS carried
    FROM logged
    LEFT JOIN members USING (review, record_id)
    LEFT JOIN carried
        ON carried.review = logged.review AND carried.raw = logged.raw AND carried.citation_id = members.citation_id
        AND carried.reviewer = logged.reviewer
        AND carried.role = logged.role
        AND carried."group" = logged."group"
        AND carried.dimension = logged.dimension
        AND carried.code = logged.code
    GROUP BY ALL
),
final AS (
    SELECT review, raw, citation_id, "group", dimension, code FROM followed WHERE carried = 0
)
SELECT * FROM final
