-- Of the records that did not change, those that are to be compared with others.
ALTER TABLE form RENAME TO arrived;

CREATE OR REPLACE TABLE partner AS
WITH asked AS (
    SELECT a AS n FROM candidate
    UNION
    SELECT b FROM candidate
)
SELECT staying.n, staying.review, staying.record_id, coalesce(turned.container_doi, staying.container_doi) AS container_doi
FROM staying
SEMI JOIN asked USING (n)
LEFT JOIN turned USING (n);  -- 1:1

CREATE OR REPLACE VIEW numbered AS
SELECT partner.n, 0::UBIGINT AS print, record.*
FROM staging.record AS record
JOIN partner USING (review, record_id);  -- 1:1
