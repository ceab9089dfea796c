-- What holds of each two citations of today that somebody compared: the latest word on them.
WITH link AS (
    SELECT * FROM log.study_link
),
today AS (
    SELECT * FROM staging.today
),
-- materialised, or the planner joins all of today with itself before it looks at the links
of_one AS MATERIALIZED (
    SELECT link.*, today.citation_id AS a
    FROM link
    JOIN today ON today.shown_as = link.citation_a AND today.record_ids = link.record_ids_a  -- n:1
),
of_both AS MATERIALIZED (
    SELECT of_one.*, today.citation_id AS b
    FROM of_one
    JOIN today ON today.shown_as = of_one.citation_b AND today.record_ids = of_one.record_ids_b  -- n:1
),
final AS (
    SELECT least(a, b) AS one, greatest(a, b) AS other, verdict
    FROM of_both
    WHERE a <> b
    QUALIFY row_number() OVER (PARTITION BY one, other ORDER BY as_of DESC, raw DESC, citation_a, citation_b) = 1
)
SELECT * FROM final
