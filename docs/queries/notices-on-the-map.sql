-- Which studies have been retracted, corrected or put in doubt since they were included?
SELECT study.reference, notice.kind_label AS notice, notice.notice AS as_told, notice.told_by_label AS told_by, study.mapped
FROM marts.notice AS notice
JOIN marts.study_report AS report USING (review, citation_id)
JOIN marts.study AS study ON study.review = report.review AND study.study_id = report.study_id
ORDER BY notice, study.reference, as_told;
