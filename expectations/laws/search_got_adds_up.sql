-- Every record start that a search received is new, changed, repeated or quarantined.
WITH searches AS (
    SELECT review, search_id, got, new, changed, repeated, quarantined FROM staging.search
),
final AS (
    SELECT *, new + changed + repeated + quarantined AS accounted_for
    FROM searches
    WHERE got <> new + changed + repeated + quarantined OR least(got, new, changed, repeated, quarantined) < 0
)
SELECT * FROM final
