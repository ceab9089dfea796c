-- Where the appraisal of each study stands of which there is one: by whom it was judged, whether it is still to be judged by another or to
-- be reconciled (`state`, null if neither), and whose judgement holds if it is not. As with codings, a reconciliation counts as long as it
-- was made of what both say today, and what was judged by reports that are of one study now is reconciled in any case.
-- One that has to be made again does not bring back an earlier one by somebody else.
WITH judge AS (
    SELECT * FROM staging.appraisal_set WHERE role = 'appraiser' AND NOT superseded AND NOT again
),
reconciler AS (
    SELECT * FROM staging.appraisal_set WHERE role = 'appraisal_reconciler' AND NOT superseded
    QUALIFY row_number() OVER (PARTITION BY study_id ORDER BY as_of DESC, raw DESC, shown_as DESC) = 1 AND NOT again
),
judged AS (
    SELECT
        study_id,
        count(DISTINCT codes) AS versions,
        list(DISTINCT reviewer ORDER BY reviewer) AS judged_by,
        arg_min({'raw': raw, 'shown_as': shown_as, 'reviewer': reviewer, 'role': role}, (reviewer, raw, shown_as)) AS basis
    FROM judge
    GROUP BY study_id
),
merged AS (
    SELECT DISTINCT study_id
    FROM judge AS one
    JOIN judge AS other USING (study_id)
    WHERE NOT list_has_any(one.record_ids, other.record_ids)
),
reconciled AS (
    SELECT reconciler.*
    FROM reconciler
    JOIN judge USING (study_id)
    GROUP BY ALL
    HAVING bool_and(reconciler.as_of >= judge.since AND list_has_any(reconciler.record_ids, judge.record_ids))
),
final AS (
    SELECT
        judged.study_id, judged.judged_by,
        CASE
            WHEN len(judged.judged_by) < 2 THEN 'awaiting_appraisal'
            WHEN (judged.versions > 1 OR merged.study_id IS NOT NULL) AND reconciled.study_id IS NULL
                THEN 'awaiting_appraisal_reconciliation'
        END AS state,
        if(
            reconciled.study_id IS NULL, judged.basis,
            {'raw': reconciled.raw, 'shown_as': reconciled.shown_as, 'reviewer': reconciled.reviewer, 'role': reconciled.role}
        ) AS basis
    FROM judged
    LEFT JOIN merged USING (study_id)  -- 1:1
    LEFT JOIN reconciled USING (study_id)  -- 1:1
)
SELECT * FROM final
