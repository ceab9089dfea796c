-- Which records are new or changed since the comparisons in `kept`, and which of those are no more as they were.
CREATE OR REPLACE TABLE fresh AS
WITH printed AS (
    SELECT hash(record) AS print, record.*
    FROM staging.record AS record
)
SELECT printed.*
FROM printed
ANTI JOIN kept.trait USING (review, record_id, print);

CREATE OR REPLACE TABLE gone AS
WITH as_before AS (
    SELECT review, record_id
    FROM staging.record
    ANTI JOIN fresh USING (review, record_id)
)
SELECT n
FROM kept.trait
ANTI JOIN as_before USING (review, record_id);

-- The first of several identical records stood for them: without it the others have never been compared.
CREATE OR REPLACE TABLE released AS
SELECT identical.b AS n
FROM kept.identical AS identical
SEMI JOIN gone ON gone.n = identical.a
ANTI JOIN gone ON gone.n = identical.b;

CREATE OR REPLACE TABLE leaving AS
SELECT n FROM gone
UNION ALL
SELECT n FROM released;

CREATE OR REPLACE VIEW staying AS
SELECT trait.*
FROM kept.trait AS trait
ANTI JOIN leaving USING (n);
