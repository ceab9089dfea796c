-- One row per database, website or group of experts that was searched: what it brought, and what it alone brought. A paper that several
-- have counts for each of them, so these numbers do not add up to those of the review.
WITH source AS (
    SELECT DISTINCT arm, database FROM staging.search
    UNION
    SELECT DISTINCT arm, database FROM staging.record
),
held AS (
    SELECT arm, database, citation_id, count(*) AS records
    FROM staging.citation_record
    GROUP BY ALL
),
alone AS (
    SELECT citation_id, count(*) = 1 AS only_here FROM held GROUP BY citation_id
),
place AS (
    SELECT funnel.citation_id, funnel.position, study_report.study_id
    FROM staging.funnel AS funnel
    LEFT JOIN staging.study_report AS study_report USING (citation_id)  -- 1:1
),
-- a study is one source's alone if no other source has any of its reports
study AS (
    SELECT study_report.study_id, count(DISTINCT (held.arm, held.database)) = 1 AS only_here
    FROM staging.study_report AS study_report
    JOIN held USING (citation_id)  -- 1:n
    WHERE NOT study_report.ongoing
    GROUP BY study_report.study_id
),
counted AS (
    SELECT
        held.arm, held.database,
        sum(held.records)::BIGINT AS records,
        count(*) AS citations,
        count(*) FILTER (alone.only_here) AS citations_alone,
        count(DISTINCT place.study_id) FILTER (study.study_id IS NOT NULL) AS studies,
        count(DISTINCT place.study_id) FILTER (study.only_here) AS studies_alone
    FROM held
    JOIN alone USING (citation_id)  -- n:1
    JOIN place USING (citation_id)  -- n:1
    LEFT JOIN study USING (study_id)  -- n:1
    GROUP BY held.arm, held.database
),
final AS (
    SELECT
        $review AS review, source.arm, source.database,
        source.database || CASE
            WHEN count(*) OVER (PARTITION BY source.database) = 1 THEN ''
            WHEN source.arm = 'databases' THEN ' (as a database)'
            ELSE ' (by other methods)'
        END AS label,
        coalesce(counted.records, 0) AS records, coalesce(counted.citations, 0) AS citations,
        coalesce(counted.citations_alone, 0) AS citations_alone, coalesce(counted.studies, 0) AS studies,
        coalesce(counted.studies_alone, 0) AS studies_alone
    FROM source
    LEFT JOIN counted USING (arm, database)  -- 1:1
)
SELECT * FROM final;
