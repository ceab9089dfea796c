-- What still waits for people, from screening to coding, and how much of it? (In the team's release only.)
SELECT 'citations' AS what, position AS waits_for, count(*) AS n
FROM staging.funnel
WHERE position LIKE 'awaiting%'
GROUP BY position
UNION ALL
SELECT 'conflicts at ' || replace(stage, '_', ' and '), 'a third person or a discussion', count(*)
FROM staging.screening
WHERE state = 'conflict'
GROUP BY stage
UNION ALL
SELECT 'studies', state, count(*)
FROM marts.study
WHERE NOT mapped
GROUP BY state
ORDER BY what, waits_for;
