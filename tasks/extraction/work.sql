-- Included studies that wait for somebody, with who coded, who has been asked to code, and whether somebody has been asked to
-- settle what stands there today. `sent` has the last request to each person, and whether it was made with all reports in view that
-- the study has by now. A request made before a coder changed the coding, or before the study was merged with another
-- coded one, asks about something else. Who takes part no longer, or not as a coder ($coders) or to settle what differs ($settling),
-- cannot be waited for.
-- What two people judge of every study is asked for and settled likewise, of who judged it (`judged_by`) in place of who coded. `shown_to` has
-- who has seen what somebody else judged before judging it: who was to reconcile it, with what was coded or alone, or was sent the coding to
-- verify while one person alone had judged it, which was before the codebook asked for two.
-- A settled study waits, too, if it has a report that none of its coders was shown (`unread`): they look at it, and what stands stays
-- until one of them changes something.
WITH coder AS (
    SELECT * FROM staging.coding_set WHERE role = 'coder' AND NOT superseded
),
judge AS (
    SELECT * FROM staging.appraisal_set WHERE role = 'appraiser' AND NOT superseded
),
report AS (
    SELECT study_report.study_id, study_report.citation_id, list(record.record_id) AS record_ids
    FROM staging.study_report AS study_report
    JOIN staging.citation_record AS record USING (citation_id)  -- 1:n
    GROUP BY ALL
),
unread AS (
    SELECT report.study_id
    FROM report
    JOIN coder USING (study_id)
    GROUP BY report.study_id, report.citation_id
    HAVING NOT bool_or(list_has_any(report.record_ids, coder.record_ids))
),
study AS (
    SELECT * FROM staging.study WHERE NOT settled OR study_id IN (FROM unread)
),
asked AS (
    SELECT belongs.study_id, worklist.task, worklist.reviewer, worklist.record_ids, worklist.as_of, worklist.worklist_id,
        worklist.citation_id AS shown_as
    FROM log.worklist AS worklist
    JOIN staging.belongs AS belongs ON belongs.shown_as = worklist.citation_id AND belongs.record_ids = worklist.record_ids
    WHERE list_contains(
        if(worklist.task LIKE '%reconciliation', $settling::VARCHAR[], $coders::VARCHAR[]), worklist.reviewer
    )
),
due AS (
    SELECT
        *,
        CASE state
            WHEN 'awaiting_verification' THEN 'verification'
            WHEN 'awaiting_reconciliation' THEN 'reconciliation'
            WHEN 'awaiting_appraisal' THEN 'appraisal'
            WHEN 'awaiting_appraisal_reconciliation' THEN 'appraisal_reconciliation'
            ELSE 'coding'
        END AS task
    FROM study
),
-- a coding that has to be made again, or with another report in view, is asked for anew, first of the person who made it
outdated AS (
    SELECT study_id, 'coding' AS task, list(DISTINCT reviewer ORDER BY reviewer) AS outdated_by, max(as_of) AS as_of
    FROM coder
    WHERE again OR study_id IN (SELECT study_id FROM study WHERE settled)
    GROUP BY study_id
    UNION ALL
    SELECT study_id, 'appraisal', list(DISTINCT reviewer ORDER BY reviewer), max(as_of) FROM judge WHERE again GROUP BY study_id
),
answering AS (
    SELECT study_id, task, list(DISTINCT reviewer ORDER BY reviewer) AS asked_to_answer
    FROM asked
    LEFT JOIN outdated USING (study_id, task)
    WHERE task IN ('coding', 'appraisal') AND (outdated.as_of IS NULL OR asked.as_of > outdated.as_of)
    GROUP BY study_id, task
),
first_judged AS (
    SELECT study_id, reviewer, min(as_of) AS as_of FROM staging.appraisal_set WHERE role = 'appraiser' GROUP BY study_id, reviewer
),
seen AS (
    SELECT
        asked.study_id, asked.task, asked.reviewer, count(*) AS judges,
        bool_and(first_judged.reviewer <> asked.reviewer) AS of_others
    FROM asked
    JOIN first_judged ON first_judged.study_id = asked.study_id AND first_judged.as_of <= asked.as_of
    WHERE asked.task IN ('verification', 'reconciliation', 'appraisal_reconciliation')
    GROUP BY asked.study_id, asked.task, asked.reviewer, asked.worklist_id, asked.as_of
),
shown AS (
    SELECT study_id, list(DISTINCT reviewer ORDER BY reviewer) AS shown_to
    FROM seen
    WHERE of_others AND (judges < 2 OR task <> 'verification')
    GROUP BY study_id
),
stated AS (
    SELECT study_id, since, record_ids, false AS appraised FROM coder
    UNION ALL
    SELECT study_id, since, record_ids, true FROM judge
),
request AS (
    SELECT
        due.study_id, asked.reviewer, asked.as_of, asked.worklist_id,
        bool_and(asked.as_of >= stated.since AND list_has_any(asked.record_ids, stated.record_ids)) AS present
    FROM due
    JOIN asked USING (study_id, task)
    JOIN stated ON stated.study_id = due.study_id AND stated.appraised = (due.task = 'appraisal_reconciliation')
    WHERE due.task NOT IN ('coding', 'appraisal')
    GROUP BY ALL
),
settling AS (
    SELECT study_id, bool_or(present) AS requested, arg_max(reviewer, (as_of, worklist_id)) AS asked_before
    FROM request
    GROUP BY study_id
),
last_request AS (
    SELECT
        due.study_id, asked.reviewer,
        arg_max(
            {'worklist_id': asked.worklist_id, 'shown_as': asked.shown_as, 'as_of': asked.as_of, 'record_ids': asked.record_ids},
            (asked.as_of, length(asked.worklist_id), asked.worklist_id)
        ) AS request
    FROM due
    JOIN asked USING (study_id, task)
    GROUP BY due.study_id, asked.reviewer
),
sent AS (
    SELECT
        study_id,
        list({
            'reviewer': reviewer, 'worklist_id': request.worklist_id, 'shown_as': request.shown_as, 'as_of': request.as_of,
            'whole': seen
        } ORDER BY reviewer) AS sent
    FROM (
        SELECT last_request.*, bool_and(list_has_any(report.record_ids, request.record_ids)) AS seen
        FROM last_request
        JOIN report USING (study_id)
        GROUP BY ALL
    )
    GROUP BY study_id
),
final AS (
    SELECT
        due.study_id, due.task, due."double", due.settled AS unread,
        if(
            due.task = 'appraisal', due.judged_by,
            list_filter(due.coded_by, lambda coder: NOT list_contains(coalesce(outdated.outdated_by, []), coder))
        ) AS answered_by,
        coalesce(outdated.outdated_by, []) AS outdated_by,
        coalesce(answering.asked_to_answer, []) AS asked_to_answer,
        due.judged_by,
        coalesce(shown.shown_to, []) AS shown_to,
        coalesce(settling.requested, false) AS requested,
        settling.asked_before,
        coalesce(sent.sent, []) AS sent
    FROM due
    LEFT JOIN sent USING (study_id)
    LEFT JOIN outdated USING (study_id, task)
    LEFT JOIN answering USING (study_id, task)
    LEFT JOIN shown USING (study_id)
    LEFT JOIN settling USING (study_id)
)
SELECT * FROM final ORDER BY sha256(study_id), study_id
