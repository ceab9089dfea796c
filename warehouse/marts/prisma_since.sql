-- The numbers of the PRISMA 2020 diagram since the release that the protocol names (prisma.baseline), as PRISMA asks of an updated
-- review: what was included before and is still, what has come since or was decided on since, and both together. No rows without one.
WITH flow AS (
    SELECT arm, box, detail, n, label, position FROM since.flow WHERE box NOT IN ('untied', 'mapped', 'awaiting_coding')
),
whole AS (
    SELECT arm, box, detail, n, label, position FROM marts.prisma_flow WHERE box IN ('mapped', 'awaiting_coding')
),
tally AS (
    SELECT arm, box, n FROM since.tally
),
words AS (
    SELECT * FROM (VALUES
        ('previous_studies', -3, 'Studies included in the previous version of the review (' || $baseline || ')'),
        ('previous_reports', -2, 'Reports included in it'),
        ('previous_gone', -1, 'Studies of that version that are no longer included, or are one with another'),
        ('known_before', 0, 'Records that it had, and that waited or were decided on again'),
        ('total_studies', 1000001, 'Total studies included in the review'),
        ('total_reports', 1000002, 'Reports of them')
    ) AS listed (box, place, label)
),
told AS (
    SELECT
        arm, box, detail, n,
        CASE WHEN detail <> '' THEN label WHEN box = 'studies' THEN 'New studies included in the review'
            WHEN box = 'reports' THEN 'New reports included' ELSE label END AS label,
        position AS place
    FROM flow
    UNION ALL
    SELECT tally.arm, tally.box, '', tally.n, words.label, words.place FROM tally JOIN words USING (box)
    UNION ALL
    SELECT arm, box, detail, n, label, 1000003 + position FROM whole WHERE EXISTS (FROM tally)
),
final AS (
    SELECT $review AS review, arm, box, detail, n, label, row_number() OVER (ORDER BY place, arm, box, detail) AS position FROM told
)
SELECT * FROM final
