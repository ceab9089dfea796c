-- The latest version of a record is in a file of some search of this release, not always of its first one.
WITH records AS (
    SELECT review, record_id, search_id, raw FROM staging.record
),
files AS (
    SELECT DISTINCT review, unnest(files) AS raw FROM staging.search
),
final AS (
    SELECT records.* FROM records ANTI JOIN files USING (review, raw)
)
SELECT * FROM final
