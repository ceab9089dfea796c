-- Each paper and each included study is found by one set of sources, and what a source alone has is the set of that source.
WITH overlap AS (
    SELECT review, databases, citations, studies FROM marts.source_overlap
),
told AS (
    SELECT review, '' AS database, sum(citations) AS citations, sum(studies) AS studies FROM overlap GROUP BY review
    UNION ALL
    SELECT review, databases[1], citations, studies FROM overlap WHERE len(databases) = 1
),
paper AS (
    SELECT review, count(DISTINCT citation_id) AS citations FROM staging.citation_record GROUP BY review
),
study AS (
    SELECT review, count(*) AS studies FROM marts.study WHERE state <> 'ongoing' GROUP BY review
),
counted AS (
    SELECT paper.review, '' AS database, paper.citations, coalesce(study.studies, 0) AS studies
    FROM paper
    LEFT JOIN study USING (review)  -- 1:1
    UNION ALL
    SELECT review, label, sum(citations_alone), sum(studies_alone) FROM marts.source_yield GROUP BY review, label
),
final AS (  -- one row per review and source
    SELECT
        review, database, coalesce(told.citations, 0) AS citations, coalesce(counted.citations, 0) AS citations_counted,
        coalesce(told.studies, 0) AS studies, coalesce(counted.studies, 0) AS studies_counted
    FROM told
    FULL JOIN counted USING (review, database)
    WHERE coalesce(told.citations, 0) <> coalesce(counted.citations, 0)
        OR coalesce(told.studies, 0) <> coalesce(counted.studies, 0)
)
SELECT * FROM final
