-- A citation's id is made of its founder: of its records the one seen first, then the lowest id. Another founder is
-- another id.
WITH citations AS (
    SELECT review, citation_id, founder FROM staging.citation
),
records AS (
    SELECT review, record_id, first_seen FROM staging.record
),
members AS (
    SELECT review, record_id, citation_id FROM staging.citation_record
),
ordered AS (
    SELECT
        review, citation_id, record_id,
        row_number() OVER (PARTITION BY review, citation_id ORDER BY first_seen, record_id) AS place
    FROM members
    JOIN records USING (review, record_id)
),
final AS (  -- one first record per citation
    SELECT citations.*, ordered.record_id AS first_record
    FROM citations
    JOIN ordered USING (review, citation_id)
    WHERE ordered.place = 1 AND ordered.record_id <> citations.founder
)
SELECT * FROM final
