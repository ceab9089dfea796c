-- Every vote of a tool stands on a citation that has one of the records it was made on.
WITH logged AS (
    SELECT review, raw, citation_id, stage, round, tool, unnest(record_ids) AS record_id FROM log.tool_vote
),
members AS (
    SELECT review, record_id, citation_id FROM staging.citation_record
),
carried AS (
    SELECT DISTINCT review, raw, citation_id, said_of, stage, round, tool FROM staging.tool_vote
),
followed AS (  -- the logged vote on each citation that has one of the records it was made on
    SELECT logged.review, logged.raw, logged.citation_id, logged.stage, logged.round, logged.tool, count(carried.raw) AS carried
    FROM logged
    LEFT JOIN members USING (review, record_id)
    LEFT JOIN carried
        ON carried.review = logged.review AND carried.raw = logged.raw AND carried.citation_id = members.citation_id
        AND carried.said_of = logged.citation_id
        AND carried.stage = logged.stage
        AND carried.round = logged.round
        AND carried.tool = logged.tool
    GROUP BY ALL
),
final AS (
    SELECT review, raw, citation_id, stage, round, tool FROM followed WHERE carried = 0
)
SELECT * FROM final
