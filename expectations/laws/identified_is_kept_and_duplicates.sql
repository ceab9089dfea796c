-- Records identified are citations kept and duplicates removed, in each arm.
WITH records AS (
    SELECT review, arm, count(*) AS n FROM staging.record GROUP BY review, arm
),
citations AS (
    SELECT review, arm, count(*) AS n FROM staging.citation GROUP BY review, arm
),
duplicates AS (
    SELECT review, arm, count(*) AS n FROM staging.citation_record WHERE role = 'duplicate' GROUP BY review, arm
),
counted AS (
    SELECT
        review, arm, coalesce(records.n, 0) AS identified, coalesce(citations.n, 0) AS kept,
        coalesce(duplicates.n, 0) AS duplicates
    FROM records
    FULL JOIN citations USING (review, arm)
    FULL JOIN duplicates USING (review, arm)
),
final AS (
    SELECT * FROM counted WHERE identified <> kept + duplicates
)
SELECT * FROM final
