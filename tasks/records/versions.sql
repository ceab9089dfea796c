-- One row per time that a record was received, in order: its id, and whether it was new, changed or as before.
-- A record's id is that of its database on its platform. Without one, or where an id comes back with quite another title
-- (row numbers of a spreadsheet, an id typed wrong), the content decides, so that no paper replaces another.
WITH entry AS (
    SELECT * FROM staging.entry
),
named AS (
    SELECT
        *,
        lower(database || coalesce('@' || platform, '')) AS home
    FROM entry
),
addressed AS (
    SELECT
        *,
        CASE WHEN accession IS NULL THEN home || ':#' || content[:16] ELSE home || ':' || accession END AS address
    FROM named
),
compared AS (
    SELECT
        *,
        first_value(title_key) OVER same_address AS first_title,
        first_value(doi) OVER same_address AS first_doi
    FROM addressed
    WINDOW same_address AS (PARTITION BY address ORDER BY sequence)
),
identified AS (
    SELECT
        * EXCLUDE (address, first_title, first_doi),
        CASE
            WHEN title_key = first_title OR doi = first_doi OR jaro_winkler_similarity(title_key, first_title) >= $same_title
                THEN address
            ELSE address || '#' || content[:16]
        END AS record_id
    FROM compared
),
final AS (
    SELECT
        *,
        CASE
            WHEN row_number() OVER same_record = 1 THEN 'new'
            WHEN content <> lag(content) OVER same_record THEN 'changed'
            ELSE 'repeated'
        END AS seen
    FROM identified
    WINDOW same_record AS (PARTITION BY record_id ORDER BY sequence)
)
SELECT * FROM final ORDER BY sequence
