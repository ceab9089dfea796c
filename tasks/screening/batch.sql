-- What is owed, but of what is new at title and abstract only so much that nobody has more than a batch open: first those that
-- somebody else was asked for or has voted on, so that what was begun is ended, then by rank or, without one, as they came in.
-- A pilot goes out whole.
WITH owed AS (SELECT * FROM staging.owed),
screening AS (SELECT citation_id, stage, votes FROM staging.screening),
ranking AS (SELECT citation_id, position FROM staging.ranking),
citation AS (SELECT citation_id, first_seen FROM staging.citation),

begun AS (
    SELECT DISTINCT owed.task, owed.citation_id
    FROM owed JOIN screening USING (citation_id, stage)  -- many to one
    WHERE owed.worklist_id IS NOT NULL OR screening.votes > 0
),
placed AS (
    SELECT
        owed.*,
        owed.task = 'title_abstract' AND owed.worklist_id IS NULL AND NOT owed.pilot AS waits,
        count(owed.worklist_id) OVER (PARTITION BY owed.task, owed.reviewer) AS open,
        row_number() OVER (
            PARTITION BY owed.task, owed.reviewer, waits
            ORDER BY begun.citation_id IS NULL, ranking.position NULLS LAST, citation.first_seen, owed.citation_id
        ) AS place
    FROM owed
        JOIN citation USING (citation_id)  -- many to one
        LEFT JOIN ranking USING (citation_id)  -- many to one
        LEFT JOIN begun USING (task, citation_id)  -- many to one
),
final AS (SELECT * EXCLUDE (waits, open, place) FROM placed WHERE NOT waits OR open + place <= $batch)
SELECT * FROM final
