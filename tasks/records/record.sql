-- The latest version of each record, with the search that brought it first.
WITH version AS (
    SELECT * FROM staging.version
),
first_seen AS (
    SELECT * FROM log.first_seen
),
latest AS (
    SELECT * FROM version
    QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY sequence DESC) = 1
),
search AS (
    SELECT * FROM log.search
),
final AS (
    SELECT
        $review AS review, latest.record_id, search.source_id, first_seen.search_id, latest.database, latest.platform,
        latest.accession, search.box, search.arm, latest.type, latest.title, latest.authors, latest.year, latest.journal,
        latest.volume, latest.issue, latest.pages, latest.doi, latest.pmid, latest.abstract, latest.keywords, latest.language,
        latest.publisher, latest.url, latest.notices, latest.suggested_by,
        try_cast(latest.suggested_on AS DATE) AS suggested_on, latest.warnings, first_seen.as_of AS first_seen, latest.raw,
        latest."offset", latest.length, $synthetic AS synthetic
    FROM latest
    JOIN first_seen USING (record_id)
    JOIN search ON search.search_id = first_seen.search_id
)
SELECT * FROM final
