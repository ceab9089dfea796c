-- Reports whose full text nobody has got yet: not asked for, asked for and not arrived, or refused by all who were asked so far; with
-- the day on which that began.
WITH sought AS (
    SELECT citation_id FROM staging.funnel WHERE position = 'awaiting_retrieval'
),
member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
said AS (
    SELECT unnest(record_ids) AS record_id, status, coalesce(decided_on, CAST(as_of AS DATE)) AS day, as_of
    FROM log.retrieval
    WHERE status IN ('asked', 'refused')
),
attempt AS (
    SELECT citation_id, arg_max(status, (day, as_of, status)) AS status
    FROM said
    JOIN member USING (record_id)  -- n:1
    GROUP BY citation_id
),
began AS (
    SELECT citation_id, status, min(day) AS day
    FROM said
    JOIN member USING (record_id)  -- n:1
    GROUP BY citation_id, status
),
final AS (
    SELECT
        CASE attempt.status
            WHEN 'asked' THEN 'asked for, not arrived'
            WHEN 'refused' THEN 'refused, another way to be tried'
            ELSE 'not asked for yet'
        END AS what,
        count(*) AS reports,
        min(began.day) AS since
    FROM sought
    LEFT JOIN attempt USING (citation_id)  -- 1:1
    LEFT JOIN began USING (citation_id, status)  -- 1:1
    GROUP BY attempt.status
)
SELECT * FROM final ORDER BY list_position(['not asked for yet', 'asked for, not arrived', 'refused, another way to be tried'], what)
