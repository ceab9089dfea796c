-- The studies of this release, as a later one is to find them.
WITH notice AS (
    SELECT study_report.study_id, list_sort(list_distinct(list(notice.notice))) AS notices
    FROM marts.notice AS notice
    JOIN staging.study_report AS study_report USING (citation_id)  -- n:1
    GROUP BY study_report.study_id
),
record AS (
    SELECT study_report.study_id, list(member.record_id ORDER BY member.record_id) AS record_ids
    FROM staging.study_report AS study_report
    JOIN staging.citation_record AS member USING (citation_id)  -- 1:n
    GROUP BY study_report.study_id
),
final AS (
    SELECT
        $review AS review, $release_id AS release_id, study.study_id, study.reference, study.kind, study.mapped,
        coalesce(record.record_ids, []) AS record_ids, coalesce(notice.notices, []) AS notices, $as_of AS as_of
    FROM marts.study AS study
    LEFT JOIN record USING (study_id)  -- 1:1
    LEFT JOIN notice USING (study_id)  -- 1:1
)
SELECT * FROM final
