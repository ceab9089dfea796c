-- What the work queue has to be done is what the PRISMA diagram says awaits: as many citations, reports and studies, each once.
WITH told AS (
    SELECT * FROM (VALUES
        ('title_abstract', 'awaiting_screening'), ('title_abstract_conflict', 'awaiting_screening'),
        ('retrieval', 'awaiting_retrieval'), ('full_text', 'awaiting_decision'), ('full_text_conflict', 'awaiting_decision'),
        ('classification', 'awaiting_classification'), ('same_study', 'untied'), ('coding', 'awaiting_coding'),
        ('verification', 'awaiting_coding'), ('reconciliation', 'awaiting_coding'),
        ('appraisal', 'awaiting_coding'), ('appraisal_reconciliation', 'awaiting_coding')
    ) AS listed (task, box)
),
flow AS (
    SELECT review, box, sum(n) AS n FROM marts.prisma_flow WHERE detail = '' AND box IN (SELECT box FROM told) GROUP BY ALL
),
queue AS (
    SELECT queue.review, told.box, count(DISTINCT (queue.task, queue.id)) AS n
    FROM marts.work_queue AS queue
    JOIN told USING (task)  -- n:1
    GROUP BY ALL
),
final AS (  -- one row per box
    SELECT review, box, coalesce(flow.n, 0) AS in_the_diagram, coalesce(queue.n, 0) AS in_the_queue
    FROM flow
    FULL JOIN queue USING (review, box)
    WHERE coalesce(flow.n, 0) <> coalesce(queue.n, 0)
)
SELECT * FROM final
