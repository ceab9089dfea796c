-- One row per record: the citation it belongs to and its role. The kept record is the earliest one in the arm of the citation.
WITH placed AS (
    SELECT
        form.n, record.review, record.record_id, membership.founder, record.arm, record.box, record.database,
        'c' || left(sha256(founding.record_id), 16) AS citation_id,
        -- 'databases' sorts before 'other': one record of a database is enough
        min(record.arm) OVER (PARTITION BY membership.founder) AS citation_arm
    FROM staging.record AS record
    JOIN form USING (review, record_id)  -- 1:1
    JOIN membership USING (n)  -- 1:1
    JOIN form AS founding ON founding.n = membership.founder  -- n:1
),
final AS (
    SELECT
        review, record_id, citation_id, arm, box, database,
        CASE WHEN n = min(n) FILTER (WHERE arm = citation_arm) OVER (PARTITION BY founder) THEN 'kept' ELSE 'duplicate' END AS role
    FROM placed
)
SELECT * FROM final;
