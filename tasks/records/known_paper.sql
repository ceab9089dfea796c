-- Which strategies of databases and registers found the papers that are known to be relevant.
-- A record is the paper if it has its DOI or PubMed id, or its title in a year that is at most one away.
WITH listed AS (
    SELECT * FROM log.known QUALIFY as_of = max(as_of) OVER ()
),
strategy AS (
    SELECT DISTINCT source_id, coalesce(strategy, '') AS strategy FROM log.search WHERE box IN ('database', 'register')
),
brought AS (
    SELECT DISTINCT
        version.record_id, search.source_id, coalesce(search.strategy, '') AS strategy, version.doi, version.pmid,
        version.title_key, version.year
    FROM staging.version AS version
    JOIN log.search AS search USING (search_id)  -- n:1
),
met AS (
    SELECT listed.raw, listed.position, brought.source_id, brought.strategy, min(brought.record_id) AS record_id
    FROM listed
    JOIN brought ON
        listed.doi = brought.doi
        OR listed.pmid = brought.pmid
        OR (listed.title_key = brought.title_key AND listed.title_key <> ''
            AND coalesce(abs(listed.year - brought.year) <= 1, true))
    GROUP BY ALL
),
final AS (
    SELECT
        $review AS review, listed.raw, listed.position, listed.title, listed.doi, strategy.source_id, strategy.strategy,
        met.record_id IS NOT NULL AS found, met.record_id
    FROM listed
    CROSS JOIN strategy
    LEFT JOIN met USING (raw, position, source_id, strategy)
)
SELECT * FROM final ORDER BY raw, position, source_id, strategy
