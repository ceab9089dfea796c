-- What does this release say otherwise than the one before it, and which studies is that of?
SELECT what, label, coalesce(before, n_before::VARCHAR) AS before, coalesce(after, n_after::VARCHAR) AS after,
    array_to_string(studies, ', ') AS studies
FROM marts.change
ORDER BY position;
