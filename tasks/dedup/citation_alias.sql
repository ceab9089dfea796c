-- One row per record that does not found its citation: the id that it would have had alone.
WITH member AS (
    SELECT form.review, form.record_id, founding.record_id AS founder_id
    FROM form
    JOIN membership USING (n)  -- 1:1
    JOIN form AS founding ON founding.n = membership.founder  -- n:1
    WHERE form.n <> membership.founder
),
final AS (
    SELECT review, 'c' || left(sha256(record_id), 16) AS alias, 'c' || left(sha256(founder_id), 16) AS citation_id
    FROM member
)
SELECT * FROM final;
