-- The files that a person sent back, and who else has rows in them.
WITH said AS (
    SELECT raw, reviewer AS person FROM log.vote
    UNION ALL
    SELECT raw, "by" FROM log.tool_vote
    UNION ALL
    SELECT raw, unnest("by") FROM log.resolution
    UNION ALL
    SELECT raw, "by" FROM log.retrieval
    UNION ALL
    SELECT raw, "by" FROM log.removal
    UNION ALL
    SELECT raw, reviewer FROM log.coding
    UNION ALL
    SELECT raw, verifier FROM log.verification
    UNION ALL
    SELECT raw, "by" FROM log.study_link
    UNION ALL
    SELECT raw, "by" FROM log.override
),
needed AS ( -- to read the records of a release again
    SELECT raw FROM log.import
    UNION ALL
    SELECT raw FROM log.config
),
theirs AS (
    SELECT DISTINCT raw FROM said WHERE person = $person
),
final AS (
    SELECT said.raw, list(DISTINCT said.person ORDER BY said.person) FILTER (said.person <> $person) AS others
    FROM said
    JOIN theirs USING (raw)
    WHERE said.raw NOT IN (SELECT raw FROM needed)
    GROUP BY said.raw
)
SELECT raw, coalesce(others, []) AS others
FROM final
ORDER BY raw
