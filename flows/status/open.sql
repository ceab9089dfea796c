-- What somebody has to settle: pairs that may be one paper or of one study, conflicts, codings and appraisals to verify or to reconcile.
WITH screening AS (
    SELECT * FROM staging.screening
),
study AS (
    SELECT * FROM staging.study_extraction
),
member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
spoken AS (
    SELECT DISTINCT least(a.citation_id, b.citation_id) AS one, greatest(a.citation_id, b.citation_id) AS other
    FROM log.override AS override
    JOIN member AS a ON a.record_id = override.record_a
    JOIN member AS b ON b.record_id = override.record_b
),
-- the two joins apart, as DuckDB would compare each record with each for the sake of the last condition
half AS MATERIALIZED (
    SELECT member.citation_id, pair.record_b
    FROM staging.record_pair AS pair
    JOIN member ON member.record_id = pair.record_a
    WHERE pair.outcome = 'unsure'
),
unsure AS (
    SELECT DISTINCT least(half.citation_id, member.citation_id) AS one, greatest(half.citation_id, member.citation_id) AS other
    FROM half
    JOIN member ON member.record_id = half.record_b
    WHERE half.citation_id <> member.citation_id
),
final AS (
    SELECT 0 AS position, 'pairs that may be the same paper' AS what, count(*) AS citations
    FROM unsure ANTI JOIN spoken USING (one, other)
    UNION ALL
    SELECT 1 AS position, 'conflicts at title and abstract' AS what, count(*) AS citations
    FROM screening WHERE stage = 'title_abstract' AND state = 'conflict'
    UNION ALL
    SELECT 2, 'conflicts at full text', count(*) FROM screening WHERE stage = 'full_text' AND state = 'conflict'
    UNION ALL
    SELECT 3, 'pairs of reports that may be of one study', count(*)
    FROM staging.study_pair WHERE verdict IS NULL AND NOT linked
    UNION ALL
    SELECT 4, 'studies not coded', count(*) FROM study WHERE state IN ('uncoded', 'coded_once')
    UNION ALL
    SELECT 9, 'studies to be coded again, by a changed codebook', count(*) FROM study WHERE state = 'awaiting_recoding'
    UNION ALL
    SELECT 5, 'studies to appraise by two people', count(*) FROM study WHERE state = 'awaiting_appraisal'
    UNION ALL
    SELECT 6, 'appraisals to reconcile', count(*) FROM study WHERE state = 'awaiting_appraisal_reconciliation'
    UNION ALL
    SELECT 7, 'codings to verify', count(*) FROM study WHERE state = 'awaiting_verification'
    UNION ALL
    SELECT 8, 'double codings to reconcile', count(*) FROM study WHERE state = 'awaiting_reconciliation'
)
SELECT what, citations FROM final ORDER BY position
