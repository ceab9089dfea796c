-- Editorial notices on citations, as the searches brought them or a re-check of the included papers found them.
-- Relations of another kind (a notice's own record, a preprint) are left to staging.citation.notices.
WITH citation AS (
    SELECT citation_id, title, doi, notices FROM staging.citation
),
funnel AS (
    SELECT citation_id, position FROM staging.funnel
),
checked AS (
    SELECT doi, notice FROM log.notice
),
told AS (
    SELECT citation_id, unnest(notices) AS notice, 'search' AS told_by FROM citation
    UNION ALL
    SELECT citation.citation_id, checked.notice, 'recheck' AS told_by FROM checked JOIN citation USING (doi)
),
final AS (
    SELECT
        $review AS review,
        told.citation_id,
        told.notice,
        split_part(told.notice, ':', 1) AS kind,
        any_value(citation.title) AS title,
        any_value(funnel.position) IN ('included', 'ongoing') AS included,
        any_value(funnel.position) AS position,
        max(told.told_by) AS told_by  -- a search that tells it stands in the release already
    FROM told
    JOIN citation USING (citation_id)  -- n:1
    JOIN funnel USING (citation_id)  -- n:1
    WHERE split_part(told.notice, ':', 1) IN ('retracted', 'concern', 'corrected', 'updated')
    GROUP BY told.citation_id, told.notice
)
SELECT * FROM final ORDER BY citation_id, notice;
