-- Identified in the diagram is the number of records, in each arm; duplicates are the records merged away.
WITH flow AS (
    SELECT review, arm, box, sum(n) AS n FROM marts.prisma_flow
    WHERE detail = '' AND arm <> 'both' AND box IN ('identified', 'duplicates')
    GROUP BY ALL
),
counted AS (
    SELECT review, arm, 'identified' AS box, count(*) AS n FROM staging.record GROUP BY ALL
    UNION ALL
    SELECT review, arm, 'duplicates', count(*) FROM staging.citation_record WHERE role = 'duplicate' GROUP BY ALL
),
final AS (  -- one row per arm and box
    SELECT review, arm, box, coalesce(flow.n, 0) AS in_the_diagram, coalesce(counted.n, 0) AS records
    FROM flow
    FULL JOIN counted USING (review, arm, box)
    WHERE coalesce(flow.n, 0) <> coalesce(counted.n, 0)
)
SELECT * FROM final
