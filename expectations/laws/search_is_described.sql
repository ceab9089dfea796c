-- A search of a database or register is reported with its string, its day, its hits and who ran it (PRISMA-S items 8 and 13).
WITH searches AS (
    SELECT
        review, search_id, source_id,
        list_filter(
            [
                CASE WHEN strategy IS NULL THEN 'strategy' END,
                CASE WHEN searched_on IS NULL THEN 'searched_on' END,
                CASE WHEN hits IS NULL THEN 'hits' END,
                CASE WHEN searcher IS NULL AND connector IS NULL THEN 'searcher' END
            ],
            lambda name: name IS NOT NULL
        ) AS missing
    FROM staging.search
    WHERE box IN ('database', 'register')
),
final AS (
    SELECT review, search_id, source_id, array_to_string(missing, ', ') AS missing FROM searches WHERE len(missing) > 0
)
SELECT * FROM final
