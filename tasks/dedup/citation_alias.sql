-- One row per record that does not found its citation: the id that it would have had alone.
WITH final AS (
    SELECT form.review, form.citation_id AS alias, founding.citation_id
    FROM form
    JOIN membership USING (n)  -- 1:1
    JOIN form AS founding ON founding.n = membership.founder  -- n:1
    WHERE form.n <> membership.founder
)
SELECT * FROM final;
