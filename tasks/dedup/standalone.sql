-- One row per reference, in the order of the input: the paper it belongs to.
WITH final AS (
    SELECT trait.n, founding.citation_id
    FROM trait
    JOIN membership USING (n)  -- 1:1
    JOIN trait AS founding ON founding.n = membership.founder  -- n:1
)
SELECT citation_id
FROM final
ORDER BY n;
