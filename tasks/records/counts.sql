-- What each search brought: every time that a record was received counts once, every piece that could not be read once.
WITH version AS (
    SELECT * FROM staging.version
),
reject AS (
    SELECT * FROM staging.reject
),
placed AS (
    SELECT *, first_value(search_id) OVER (PARTITION BY data ORDER BY sequence) <> search_id AS known_before FROM reject
),
search AS (
    SELECT DISTINCT search_id FROM log.search
),
received AS (
    SELECT
        search_id,
        count(*) FILTER (seen = 'new') AS new,
        count(*) FILTER (seen = 'changed') AS changed,
        count(*) FILTER (seen = 'repeated') AS repeated
    FROM version
    GROUP BY search_id
),
refused AS (
    SELECT
        search_id,
        count(DISTINCT (raw, "offset")) AS quarantined,
        count(DISTINCT (raw, "offset")) FILTER (WHERE known_before) AS quarantined_before
    FROM placed
    GROUP BY search_id
),
final AS (
    SELECT
        search.search_id,
        coalesce(received.new, 0) AS new,
        coalesce(received.changed, 0) AS changed,
        coalesce(received.repeated, 0) AS repeated,
        coalesce(refused.quarantined, 0) AS quarantined,
        coalesce(refused.quarantined_before, 0) AS quarantined_before
    FROM search
    LEFT JOIN received USING (search_id)
    LEFT JOIN refused USING (search_id)
)
SELECT * FROM final ORDER BY search_id
