-- One row per set of sources that found the same papers: how many papers and included studies just these sources have, and no other.
-- Unlike the rows of marts.source_yield these add up: each paper, and each included study, is in one of them. A source that is searched
-- as a database and by another method (citations) is two sources, told apart by name.
WITH held AS (
    SELECT DISTINCT citation_record.citation_id, arm, source.label AS database
    FROM staging.citation_record AS citation_record
    JOIN marts.source_yield AS source USING (arm, database)  -- n:1
),
of_citation AS (
    SELECT citation_id, list(database ORDER BY arm, database) AS databases FROM held GROUP BY citation_id
),
-- a study was found by each source that has a report of it
of_study AS (
    SELECT study_id, list(database ORDER BY arm, database) AS databases
    FROM (
        SELECT DISTINCT study_report.study_id, held.arm, held.database
        FROM staging.study_report AS study_report
        JOIN held USING (citation_id)  -- 1:n
        WHERE NOT study_report.ongoing
    )
    GROUP BY study_id
),
found AS (
    SELECT databases, count(*) AS citations, 0 AS studies FROM of_citation GROUP BY databases
    UNION ALL
    SELECT databases, 0, count(*) FROM of_study GROUP BY databases
),
together AS (
    SELECT databases, sum(citations)::BIGINT AS citations, sum(studies)::BIGINT AS studies FROM found GROUP BY databases
),
final AS (
    SELECT
        $review AS review, databases, citations, studies,
        row_number() OVER (ORDER BY studies DESC, citations DESC, databases) AS position
    FROM together
)
SELECT * FROM final;
