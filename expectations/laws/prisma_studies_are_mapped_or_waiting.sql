-- Studies = mapped + awaiting coding, and both are what marts.study says.
WITH flow AS (
    SELECT review, box, sum(n) AS n FROM marts.prisma_flow WHERE detail = '' AND arm = 'both' GROUP BY ALL
),
studies AS (
    SELECT review, state, mapped FROM marts.study
),
told AS (
    SELECT
        review, coalesce(sum(n) FILTER (WHERE box = 'studies'), 0) AS studies,
        coalesce(sum(n) FILTER (WHERE box = 'mapped'), 0) AS mapped,
        coalesce(sum(n) FILTER (WHERE box = 'awaiting_coding'), 0) AS awaiting_coding
    FROM flow
    GROUP BY review
),
counted AS (
    SELECT
        review, count(*) FILTER (WHERE state <> 'ongoing') AS rows_of_study,
        count(*) FILTER (WHERE state <> 'ongoing' AND mapped) AS rows_mapped
    FROM studies
    GROUP BY review
),
joined AS (  -- one row per review
    SELECT
        review, coalesce(studies, 0) AS studies, coalesce(mapped, 0) AS mapped, coalesce(awaiting_coding, 0) AS awaiting_coding,
        coalesce(rows_of_study, 0) AS rows_of_study, coalesce(rows_mapped, 0) AS rows_mapped
    FROM told
    FULL JOIN counted USING (review)
),
final AS (
    SELECT * FROM joined WHERE studies <> mapped + awaiting_coding OR studies <> rows_of_study OR mapped <> rows_mapped
)
SELECT * FROM final
