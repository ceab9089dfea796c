-- The rows of some worklists of this stage as they were issued, and the study that each is of today.
WITH wanted AS (
    SELECT unnest($worklists::VARCHAR[]) AS worklist_id
),
final AS (
    SELECT worklist.worklist_id, worklist.task, worklist.citation_id, worklist.record_ids, belongs.study_id
    FROM wanted
    JOIN log.worklist AS worklist USING (worklist_id)
    JOIN staging.belongs AS belongs ON belongs.shown_as = worklist.citation_id AND belongs.record_ids = worklist.record_ids
    WHERE list_contains($tasks::VARCHAR[], worklist.task)
)
SELECT * FROM final
