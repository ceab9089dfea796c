-- Each place of the diagram holds the citations that the funnel puts there, in each arm.
WITH flow AS (
    SELECT review, arm, box, sum(n) AS n FROM marts.prisma_flow
    WHERE detail = '' AND arm <> 'both' AND box IN (
        'automation', 'removed_other', 'awaiting_screening', 'excluded', 'awaiting_retrieval', 'not_retrieved',
        'awaiting_decision', 'report_excluded', 'awaiting_classification', 'ongoing', 'included'
    )
    GROUP BY ALL
),
funnel AS (
    SELECT review, arm, position AS box, count(*) AS n FROM staging.funnel GROUP BY ALL
),
final AS (  -- one row per arm and box
    SELECT review, arm, box, coalesce(flow.n, 0) AS in_the_diagram, coalesce(funnel.n, 0) AS in_the_funnel
    FROM flow
    FULL JOIN funnel USING (review, arm, box)
    WHERE coalesce(flow.n, 0) <> coalesce(funnel.n, 0)
)
SELECT * FROM final
