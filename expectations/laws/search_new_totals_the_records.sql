-- New records over all searches of an arm are the records of that arm: nothing is identified twice or not at all.
WITH searches AS (
    SELECT review, arm, sum(new) AS n FROM staging.search GROUP BY review, arm
),
records AS (
    SELECT review, arm, count(*) AS n FROM staging.record GROUP BY review, arm
),
final AS (  -- one row per arm
    SELECT review, arm, coalesce(searches.n, 0) AS new_over_searches, coalesce(records.n, 0) AS records
    FROM searches
    FULL JOIN records USING (review, arm)
    WHERE coalesce(searches.n, 0) <> coalesce(records.n, 0)
)
SELECT * FROM final
