-- What the package PRISMA2020 is given are the numbers of the diagram, and sources and reasons add up to theirs.
WITH told AS (
    SELECT * FROM (VALUES
        ('duplicates', 'databases', 'duplicates'), ('excluded_automatic', 'databases', 'automation'),
        ('excluded_other', 'databases', 'removed_other'), ('records_screened', 'databases', 'screened'),
        ('records_excluded', 'databases', 'excluded'), ('dbr_sought_reports', 'databases', 'sought'),
        ('dbr_notretrieved_reports', 'databases', 'not_retrieved'), ('dbr_assessed', 'databases', 'assessed'),
        ('dbr_excluded', 'databases', 'report_excluded'), ('other_sought_reports', 'other', 'sought'),
        ('other_notretrieved_reports', 'other', 'not_retrieved'), ('other_assessed', 'other', 'assessed'),
        ('other_excluded', 'other', 'report_excluded'), ('new_studies', 'both', 'studies'), ('new_reports', 'both', 'reports'),
        ('database_results', 'databases', 'identified'), ('register_results', 'databases', 'identified'),
        ('website_results', 'other', 'identified'), ('organisation_results', 'other', 'identified'),
        ('citations_results', 'other', 'identified'),
        ('previous_studies', 'both', 'previous_studies'), ('previous_reports', 'both', 'previous_reports'),
        ('total_studies', 'both', 'total_studies'), ('total_reports', 'both', 'total_reports')
    ) AS listed (data, arm, box)
),
vocabulary AS (
    SELECT review, data, sum(part::BIGINT) AS n
    FROM (
        SELECT review, data, unnest(regexp_extract_all(n, '(?:^|, )([0-9]+)(?:;|$)', 1)) AS part FROM marts.prisma_vocabulary
    )
    GROUP BY review, data
),
given AS (
    SELECT vocabulary.review, told.arm, told.box, sum(vocabulary.n) AS n
    FROM vocabulary
    JOIN told USING (data)  -- n:1
    GROUP BY ALL
),
since AS (
    SELECT review, arm, box, n FROM marts.prisma_since WHERE detail = ''
),
whole AS (
    SELECT review, arm, box, n FROM marts.prisma_flow WHERE detail = '' AND review NOT IN (SELECT review FROM since)
),
flow AS (
    SELECT * FROM since
    UNION ALL
    SELECT * FROM whole
    UNION ALL
    SELECT review, arm, 'total_' || box, n FROM whole WHERE box IN ('studies', 'reports')
),
final AS (  -- one row per arm and box
    SELECT review, arm, box, coalesce(flow.n, 0) AS in_the_diagram, coalesce(given.n, 0) AS for_the_package
    FROM flow
    FULL JOIN given USING (review, arm, box)
    WHERE coalesce(flow.n, 0) <> coalesce(given.n, 0)
        AND (given.n IS NOT NULL OR (arm, box) IN (SELECT (arm, box) FROM told))
)
SELECT * FROM final
