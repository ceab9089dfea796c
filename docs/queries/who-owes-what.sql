-- Who owes how much of what, since when, and how much of it is overdue? (In the team's release only; without a name: to be handed out.)
SELECT
    task_label AS what, reviewer AS who, sum(owed)::BIGINT AS answers, min(coalesce(asked_on, since)) AS oldest_since,
    count(*) FILTER (WHERE overdue) AS overdue
FROM marts.work_queue
GROUP BY ALL
ORDER BY what, who;
