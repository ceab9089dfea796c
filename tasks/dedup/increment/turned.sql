-- Records that did not change, and whose DOI now names several papers, or one again.
CREATE OR REPLACE TABLE turned AS
WITH now AS (
    SELECT staying.n, staying.review, staying.doi, staying.container_doi AS before, container.doi IS NOT NULL AS now
    FROM staying
    SEMI JOIN touched_doi USING (review, doi)
    LEFT JOIN container USING (review, doi)  -- n:1
)
SELECT n, now AS container_doi, key_of(review, 'doi ' || doi) AS key
FROM now
WHERE now <> before;

-- What an identical record that came before stands for from now on.
CREATE OR REPLACE TABLE absorbed AS
SELECT identical.b AS n
FROM identical
SEMI JOIN staying ON staying.n = identical.b
ANTI JOIN kept.identical AS before ON before.b = identical.b;

CREATE OR REPLACE TABLE identical_no_more AS
SELECT before.a, before.b
FROM kept.identical AS before
WHERE before.b IN (SELECT n FROM leaving) OR before.a IN (SELECT n FROM leaving) OR before.b IN (SELECT n FROM sketch);
