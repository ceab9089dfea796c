-- One row per record: the citation it belongs to and its role. The kept record is the earliest one in the arm of the citation.
WITH placed AS (
    SELECT
        trait.n, record.review, record.record_id, founding.founder, founding.records, trait.citation_id AS own_id,
        record.arm, record.box, record.database
    FROM staging.record AS record
    JOIN trait USING (review, record_id)  -- 1:1
    JOIN membership USING (n)  -- 1:1
    JOIN founding USING (founder)  -- n:1
),
armed AS (
    SELECT
        placed.n, placed.founder, placed.arm,
        -- 'databases' sorts before 'other': one record of a database is enough
        min(arm) OVER (PARTITION BY founder) AS citation_arm
    FROM placed
    WHERE records > 1
),
kept AS (
    SELECT founder, min(n) AS n
    FROM armed
    WHERE arm = citation_arm
    GROUP BY founder
),
final AS (
    SELECT
        placed.review, placed.record_id, coalesce(named.citation_id, placed.own_id) AS citation_id,
        placed.arm, placed.box, placed.database,
        CASE WHEN placed.records = 1 OR kept.n = placed.n THEN 'kept' ELSE 'duplicate' END AS role
    FROM placed
    LEFT JOIN kept USING (founder)  -- n:1
    LEFT JOIN trait AS named ON named.n = kept.founder  -- n:1
)
SELECT * FROM final;
