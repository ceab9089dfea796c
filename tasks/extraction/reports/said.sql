-- What holds of each two citations of today that somebody compared: the latest word on them.
WITH link AS (
    SELECT * FROM log.study_link
),
today AS (
    SELECT * FROM staging.today
),
placed AS (
    SELECT
        link.verdict, link.as_of, link.raw, link.citation_a, link.citation_b,
        least(a.citation_id, b.citation_id) AS one, greatest(a.citation_id, b.citation_id) AS other
    FROM link
    JOIN today AS a ON a.shown_as = link.citation_a AND a.record_ids = link.record_ids_a  -- n:1
    JOIN today AS b ON b.shown_as = link.citation_b AND b.record_ids = link.record_ids_b  -- n:1
    WHERE a.citation_id <> b.citation_id
),
final AS (
    SELECT one, other, verdict
    FROM placed
    QUALIFY row_number() OVER (PARTITION BY one, other ORDER BY as_of DESC, raw DESC, citation_a, citation_b) = 1
)
SELECT * FROM final
