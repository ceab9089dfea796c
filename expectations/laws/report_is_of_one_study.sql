-- Every included or ongoing citation is a report of one study, and nothing else is; a study is called after one of them.
WITH reports AS (
    SELECT review, citation_id, study_id FROM staging.study_report
),
funnel AS (
    SELECT review, citation_id FROM staging.funnel WHERE position IN ('included', 'ongoing')
),
final AS (
    (SELECT review, citation_id, 'no study' AS fault FROM funnel ANTI JOIN reports USING (review, citation_id))
    UNION ALL
    (SELECT review, citation_id, 'not included' AS fault FROM reports ANTI JOIN funnel USING (review, citation_id))
    UNION ALL
    (
        SELECT one.review, one.citation_id, 'study of another name' AS fault
        FROM reports AS one
        ANTI JOIN reports AS its ON its.review = one.review AND its.citation_id = one.study_id AND its.study_id = one.study_id
    )
)
SELECT * FROM final
