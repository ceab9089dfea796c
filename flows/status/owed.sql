-- Rows that were handed out and have not come back, by person and task. A row has come back when that person has answered since on
-- any record that it showed, whatever the citation is called by now; a pair, when anybody has answered on it.
WITH issued AS (
    SELECT worklist_id, reviewer, task, round, position, as_of, unnest(record_ids) AS record_id FROM log.worklist
),
answered AS (
    SELECT reviewer, stage AS task, round, unnest(record_ids) AS record_id, as_of AS said FROM log.vote
    UNION ALL
    SELECT person, stage || '_conflict', round, unnest(record_ids), as_of
    FROM (SELECT stage, round, record_ids, as_of, unnest("by") AS person FROM log.resolution)
    UNION ALL
    SELECT "by", 'retrieval', 1, unnest(record_ids), as_of FROM log.retrieval WHERE status NOT IN ('asked', 'refused')
    UNION ALL
    SELECT reviewer, CASE role WHEN 'coder' THEN 'coding' ELSE 'reconciliation' END, 1, unnest(record_ids), as_of
    FROM log.coding WHERE role IN ('coder', 'reconciler')
    UNION ALL
    SELECT verifier, 'verification', 1, unnest(record_ids), as_of FROM log.verification
),
returned AS (
    SELECT DISTINCT worklist_id, position
    FROM issued
    JOIN answered USING (reviewer, task, round, record_id)  -- n:m
    WHERE said >= as_of AND task NOT IN ('duplicates', 'same_study')
    UNION
    SELECT worklist.worklist_id, worklist.position
    FROM log.worklist AS worklist
    JOIN log.override AS override ON [override.record_a, override.record_b] = list_sort(worklist.record_ids)
    WHERE worklist.task = 'duplicates'
    UNION
    SELECT worklist.worklist_id, worklist.position
    FROM log.worklist AS worklist
    JOIN log.study_link AS link
        ON list_has_any(worklist.record_ids, link.record_ids_a) AND list_has_any(worklist.record_ids, link.record_ids_b)
    WHERE worklist.task = 'same_study'
),
waiting AS (
    SELECT DISTINCT worklist_id, reviewer, task, position, as_of
    FROM issued
    ANTI JOIN returned USING (worklist_id, position)
),
final AS (
    SELECT reviewer, replace(task, '_', ' ') AS task, CAST(min(as_of) AS DATE) AS since, count(*) AS owed
    FROM waiting
    GROUP BY reviewer, task
    ORDER BY reviewer, task
)
SELECT * FROM final
