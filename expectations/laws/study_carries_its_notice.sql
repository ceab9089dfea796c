-- A study is marked as retracted, questioned, corrected or updated if and only if one of its reports has such a notice.
WITH noticed AS (
    SELECT study_report.review, study_report.study_id, list(notice.kind) AS kinds
    FROM marts.notice AS notice
    JOIN marts.study_report AS study_report USING (review, citation_id)
    GROUP BY study_report.review, study_report.study_id
),
final AS (
    SELECT review, study_id, study.notice, noticed.kinds
    FROM marts.study AS study
    LEFT JOIN noticed USING (review, study_id)
    WHERE (study.notice IS NULL) <> (noticed.kinds IS NULL)
        OR NOT list_contains(noticed.kinds, study.notice)
        OR (list_contains(noticed.kinds, 'retracted') AND study.notice <> 'retracted')
)
SELECT * FROM final
