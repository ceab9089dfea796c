-- Reports whose full text nobody has got yet: not asked for, or asked for and not arrived, with the day on which that began.
WITH sought AS (
    SELECT citation_id FROM staging.funnel WHERE position = 'awaiting_retrieval'
),
member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
attempt AS (
    SELECT unnest(record_ids) AS record_id, coalesce(decided_on, CAST(as_of AS DATE)) AS day
    FROM log.retrieval
    WHERE status = 'asked'
),
asked AS (
    SELECT member.citation_id, min(attempt.day) AS day
    FROM attempt
    JOIN member USING (record_id)  -- n:1
    GROUP BY member.citation_id
),
final AS (
    SELECT
        if(asked.day IS NULL, 'not asked for yet', 'asked for, not arrived') AS what,
        count(*) AS reports,
        min(asked.day) AS since
    FROM sought
    LEFT JOIN asked USING (citation_id)  -- 1:1
    GROUP BY asked.day IS NULL
)
SELECT * FROM final ORDER BY what DESC
