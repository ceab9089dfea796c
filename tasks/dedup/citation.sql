-- One row per unique paper, its fields chosen in merge.sql.
WITH merged AS (
    SELECT * FROM main.merged
),
final AS (
    SELECT
        form.review,
        'c' || left(sha256(form.record_id), 16) AS citation_id,
        form.record_id AS founder,
        arm, records,
        merged.type, merged.title,
        coalesce(merged.authors, []::VARCHAR[]) AS authors,
        merged.year, merged.journal, merged.volume, merged.issue, merged.pages, merged.doi, merged.pmid, merged.abstract,
        coalesce(merged.keywords, []::VARCHAR[]) AS keywords,
        merged.language, merged.publisher, merged.url, coalesce(merged.notices, []::VARCHAR[]) AS notices,
        first_seen, synthetic
    FROM merged
    JOIN form ON form.n = merged.founder  -- 1:1
)
SELECT * FROM final;
