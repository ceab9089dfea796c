-- A settled study was judged by two different people, each alone, in what the codebook has two people judge of every study.
-- An answer that is no longer asked was a judgement, too; one that is to be made again is none.
WITH appraised AS (
    SELECT review FROM staging.dimension WHERE appraisers = 2
),
studies AS (
    SELECT review, study_id FROM staging.study_extraction
    SEMI JOIN appraised USING (review)
    WHERE settled
),
judgements AS (
    SELECT review, citation_id AS study_id, reviewer, raw
    FROM staging.coding
    WHERE appraised AND role IN ('coder', 'appraiser')
    GROUP BY ALL
    HAVING NOT bool_or(again)
),
judges AS (
    SELECT review, study_id, count(DISTINCT reviewer) AS n FROM judgements GROUP BY ALL
),
final AS (  -- one row per study
    SELECT studies.*, coalesce(judges.n, 0) AS appraisers
    FROM studies
    LEFT JOIN judges USING (review, study_id)
    WHERE coalesce(judges.n, 0) < 2
)
SELECT * FROM final
