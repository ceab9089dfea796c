-- Studies drawn for one coder whose coding nobody else was asked to look at: what the sample may grow by, in the order of their lot.
WITH drawn AS (
    SELECT citation_id, stratum FROM staging.draw WHERE NOT "double"
),
study AS (
    SELECT study_id AS citation_id FROM staging.study WHERE state IN ('uncoded', 'awaiting_verification', 'awaiting_recoding', 'awaiting_appraisal', 'awaiting_appraisal_reconciliation')
),
looked_at AS (
    SELECT belongs.study_id AS citation_id
    FROM log.worklist AS worklist
    JOIN staging.belongs AS belongs ON belongs.shown_as = worklist.citation_id AND belongs.record_ids = worklist.record_ids
    WHERE worklist.task IN ('verification', 'appraisal_reconciliation')
    UNION
    SELECT belongs.study_id
    FROM log.verification AS verification
    JOIN staging.belongs AS belongs ON belongs.shown_as = verification.citation_id AND belongs.record_ids = verification.record_ids
),
record AS (
    SELECT study_report.study_id AS citation_id, list(citation_record.record_id ORDER BY citation_record.record_id) AS record_ids
    FROM staging.study_report AS study_report
    JOIN staging.citation_record AS citation_record USING (citation_id)  -- 1:n
    GROUP BY study_report.study_id
),
final AS (
    SELECT drawn.citation_id, record.record_ids, drawn.stratum, sha256($seed::BIGINT::VARCHAR || citation.founder) AS lot
    FROM drawn
    SEMI JOIN study USING (citation_id)
    ANTI JOIN looked_at USING (citation_id)
    JOIN staging.citation AS citation USING (citation_id)  -- 1:1
    JOIN record USING (citation_id)  -- 1:1
)
SELECT * FROM final ORDER BY stratum, lot, citation_id
