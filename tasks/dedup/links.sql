-- What joins records and what must stay apart. `force` orders the links: a person's word first, then identical records, then rules
-- by likeness; where not all links of a group can hold, the stronger ones do.
CREATE OR REPLACE TABLE person AS
WITH spoken AS (
    SELECT one.n AS n_one, other.n AS n_other, override.verdict, override.as_of, override.note, override.raw
    FROM log.override AS override
    JOIN trait AS one ON one.review = override.review AND one.record_id = override.record_a
    JOIN trait AS other ON other.review = override.review AND other.record_id = override.record_b
    WHERE one.n <> other.n
)
SELECT least(n_one, n_other) AS a, greatest(n_one, n_other) AS b, verdict, note, as_of
FROM spoken
-- the latest word on a pair holds; of two at the same time, the one that loses no paper ('apart' sorts first)
QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY as_of DESC, verdict, raw, note) = 1;

CREATE OR REPLACE TABLE link AS
WITH all_links AS (
    SELECT a, b, 3.0 AS force FROM person WHERE verdict = 'merge'
    UNION ALL
    SELECT a, b, 2.0 FROM identical
    UNION ALL
    SELECT a, b, score FROM decision WHERE outcome = 'duplicate'
)
SELECT a, b, max(force) AS force
FROM all_links
ANTI JOIN (SELECT a, b FROM person WHERE verdict = 'apart') AS kept_apart USING (a, b)
GROUP BY a, b;

-- A barrier between two records holds against a chain of likenesses through a third; a person's word holds against everything.
CREATE OR REPLACE TABLE barrier AS
WITH vetoed AS (
    SELECT a, b FROM decision WHERE barrier
    EXCEPT
    SELECT a, b FROM person
)
SELECT a, b, true AS by_person FROM person WHERE verdict = 'apart'
UNION ALL
SELECT a, b, false FROM vetoed;
