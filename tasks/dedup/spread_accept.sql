-- The step's result is what the next step starts from.
CREATE OR REPLACE TABLE membership AS
SELECT n, founder
FROM next_membership;
