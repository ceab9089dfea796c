-- A quarantined piece lies in a file of its search, and its bytes are all kept.
WITH pieces AS (
    SELECT review, search_id, raw, "offset", length, octet_length(data) AS kept FROM staging.quarantine
),
files AS (
    SELECT review, search_id, unnest(files) AS raw, true AS known FROM staging.search
),
final AS (  -- a file may be given twice in one search
    SELECT DISTINCT pieces.*, coalesce(files.known, false) AS file_of_its_search
    FROM pieces
    LEFT JOIN files USING (review, search_id, raw)
    WHERE files.known IS NULL OR pieces.kept <> pieces.length
)
SELECT * FROM final
