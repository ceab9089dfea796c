-- A verified study was verified by somebody who did not code it.
WITH studies AS (
    SELECT review, study_id FROM staging.study_extraction WHERE state = 'verified'
),
members AS (
    SELECT review, record_id, citation_id AS study_id FROM staging.citation_record
),
logged AS (
    SELECT review, raw, citation_id, verifier, coder, unnest(record_ids) AS record_id FROM log.verification
),
verifications AS (  -- one row per study and verification
    SELECT DISTINCT review, study_id, raw, logged.citation_id, verifier <> coder AS by_another
    FROM logged
    JOIN members USING (review, record_id)
),
final AS (  -- one row per study
    SELECT
        studies.review, studies.study_id, count(by_another) AS verifications,
        count(*) FILTER (WHERE by_another) AS by_another
    FROM studies
    LEFT JOIN verifications USING (review, study_id)
    GROUP BY ALL
    HAVING count(*) FILTER (WHERE by_another) = 0
)
SELECT * FROM final
