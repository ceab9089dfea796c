-- The pairs that must stay apart although their links would join them.
SELECT barrier.a, barrier.b, barrier.by_person
FROM barrier
JOIN membership AS one ON one.n = barrier.a  -- n:1
JOIN membership AS other ON other.n = barrier.b  -- n:1
WHERE one.founder = other.founder
ORDER BY barrier.a, barrier.b;
