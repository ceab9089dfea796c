-- The lines of a strategy are numbered from 1 without a gap, and belong to a search of this release.
WITH numbered AS (
    SELECT review, search_id, count(*) AS lines, min(line) AS first, max(line) AS last FROM staging.search_line GROUP BY ALL
),
final AS (
    SELECT numbered.*
    FROM numbered
    LEFT JOIN staging.search AS search USING (review, search_id)
    WHERE search.search_id IS NULL OR numbered.first <> 1 OR numbered.last <> numbered.lines
)
SELECT * FROM final
