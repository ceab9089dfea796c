-- A citation's place in the diagram is the one that its screening leads to.
WITH funnel AS (
    SELECT review, citation_id, position, reason FROM staging.funnel
),
screened AS (
    SELECT review, citation_id, state, decision FROM staging.screening WHERE stage = 'title_abstract'
),
assessed AS (
    SELECT review, citation_id, state, decision, reason FROM staging.screening WHERE stage = 'full_text'
),
led AS (  -- one row per citation; only people know whether a report that is not yet assessed has been found
    SELECT
        funnel.*,
        CASE
            WHEN screened.state = 'removed' THEN ['automation', 'removed_other']
            WHEN screened.state IS DISTINCT FROM 'decided' THEN ['awaiting_screening']
            WHEN screened.decision = 'exclude' THEN ['excluded']
            WHEN assessed.state IS DISTINCT FROM 'decided' THEN ['awaiting_retrieval', 'not_retrieved', 'awaiting_decision']
            WHEN assessed.decision = 'exclude' THEN ['report_excluded']
            WHEN assessed.decision = 'include' THEN ['included']
            ELSE [assessed.decision]
        END AS expected,
        CASE WHEN assessed.state = 'decided' AND assessed.decision = 'exclude' THEN assessed.reason END AS expected_reason
    FROM funnel
    LEFT JOIN screened USING (review, citation_id)
    LEFT JOIN assessed USING (review, citation_id)
),
final AS (
    SELECT * FROM led
    WHERE NOT coalesce(list_contains(expected, position), false)
        OR (position = 'report_excluded' AND reason IS DISTINCT FROM expected_reason)
)
SELECT * FROM final
