-- No two records of one database are read from the same place of the same file, unless a website gave the same page at two
-- addresses.
WITH records AS (
    SELECT review, record_id, database, platform, raw, "offset", length, url FROM staging.record
),
final AS (
    SELECT review, raw, "offset", min(record_id) AS one, max(record_id) AS other, count(*) AS records, min(length) AS shortest
    FROM records
    GROUP BY review, raw, "offset", database, platform, url
    HAVING count(*) > 1 OR min(length) <= 0 OR "offset" < 0
)
SELECT * FROM final
