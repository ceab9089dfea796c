-- One row per record that does not found its citation: the id that it would have had alone.
WITH final AS (
    SELECT trait.review, trait.citation_id AS alias, founding.citation_id
    FROM trait
    JOIN membership USING (n)  -- 1:1
    JOIN trait AS founding ON founding.n = membership.founder  -- n:1
    WHERE trait.n <> membership.founder
)
SELECT * FROM final;
