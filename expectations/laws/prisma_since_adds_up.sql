-- Since the baseline as in all: each box is its parts, what was included before and since is what is included today, and no
-- number is below 0.
WITH part AS (
    SELECT * FROM (VALUES
        ('identified', 'duplicates'), ('identified', 'automation'), ('identified', 'removed_other'), ('identified', 'screened'),
        ('identified', 'awaiting_screening'), ('screened', 'excluded'), ('screened', 'sought'), ('sought', 'not_retrieved'),
        ('sought', 'assessed'), ('sought', 'awaiting_retrieval'), ('assessed', 'report_excluded'), ('assessed', 'included'),
        ('assessed', 'awaiting_decision'), ('assessed', 'awaiting_classification'), ('assessed', 'ongoing'),
        ('total_studies', 'previous_studies'), ('total_studies', 'studies'), ('total_reports', 'previous_reports'),
        ('total_reports', 'reports')
    ) AS listed (whole, box)
),
since AS (
    SELECT review, arm, box, n FROM marts.prisma_since WHERE detail = ''
),
summed AS (
    SELECT since.review, since.arm, part.whole AS box, sum(since.n) AS parts
    FROM since
    JOIN part USING (box)  -- 1:n
    GROUP BY ALL
),
today AS (
    SELECT review, 'both' AS arm, 'total_' || box AS box, n AS parts
    FROM marts.prisma_flow
    WHERE arm = 'both' AND detail = '' AND box IN ('studies', 'reports') AND review IN (SELECT review FROM since)
),
final AS (  -- one row per box, or two of the totals
    SELECT review, arm, box, coalesce(since.n, 0) AS n, coalesce(expected.parts, 0) AS parts
    FROM since
    FULL JOIN (FROM summed UNION ALL FROM today) AS expected USING (review, arm, box)
    WHERE since.n < 0 OR (expected.parts IS NOT NULL AND coalesce(since.n, 0) <> expected.parts)
)
SELECT * FROM final
