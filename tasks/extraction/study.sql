-- Where the coding of each included study stands, and which coding holds (`basis`), if one does. Where the codebook has dimensions that two
-- people judge of every study, it is not settled before these are (`appraisal_basis`).
-- A verification or reconciliation counts as long as it was made of what the coders say today: not before one of them changed
-- the coding, and with every paper in view that was coded apart and is one study now.
WITH included AS (
    SELECT DISTINCT review, study_id FROM staging.study_report WHERE NOT ongoing
),
draw AS (
    SELECT citation_id AS study_id, "double" FROM staging.draw
),
belongs AS (
    SELECT * FROM staging.belongs
),
-- a coding that the codebook asks for again is left out once enough others are there, such as when its coder has left
coder AS (
    SELECT coding_set.*
    FROM staging.coding_set AS coding_set
    LEFT JOIN draw USING (study_id)
    WHERE role = 'coder' AND NOT superseded
    QUALIFY NOT again OR count(DISTINCT reviewer) FILTER (NOT again) OVER (PARTITION BY study_id) < if(draw."double", 2, 1)
),
reconciler AS (
    SELECT * FROM staging.coding_set WHERE role = 'reconciler' AND NOT superseded
    QUALIFY row_number() OVER (PARTITION BY study_id ORDER BY as_of DESC, raw DESC, shown_as DESC) = 1
),
verification AS (
    SELECT
        belongs.study_id, verification.citation_id AS shown_as, verification.record_ids, verification.verifier,
        coalesce(own.again, false) AS again, verification.coder, verification.verdict, verification.raw, verification.as_of
    FROM log.verification AS verification
    JOIN belongs ON belongs.shown_as = verification.citation_id AND belongs.record_ids = verification.record_ids
    LEFT JOIN staging.coding_set AS own
        ON own.raw = verification.raw AND own.shown_as = verification.citation_id AND own.role = 'verifier'
    QUALIFY row_number() OVER (
        PARTITION BY belongs.study_id ORDER BY verification.as_of DESC, verification.raw DESC, verification.citation_id DESC
    ) = 1
),
coded AS (
    SELECT
        study_id,
        count(DISTINCT reviewer) AS coders,
        count(DISTINCT codes) AS versions,
        list(DISTINCT reviewer ORDER BY reviewer) AS coded_by,
        max(since) AS since,
        bool_or(again) AS again,
        arg_min({'raw': raw, 'shown_as': shown_as, 'reviewer': reviewer, 'role': role}, (reviewer, raw, shown_as)) AS basis
    FROM coder
    GROUP BY study_id
),
merged AS (
    SELECT DISTINCT study_id
    FROM coder AS one
    JOIN coder AS other USING (study_id)
    WHERE NOT list_has_any(one.record_ids, other.record_ids)
),
reconciled AS (
    SELECT reconciler.*
    FROM reconciler
    JOIN coder USING (study_id)
    GROUP BY ALL
    HAVING bool_and(reconciler.as_of >= coder.since AND list_has_any(reconciler.record_ids, coder.record_ids))
),
verified AS (
    SELECT verification.*
    FROM verification
    JOIN coder ON coder.study_id = verification.study_id AND coder.reviewer = verification.coder
    WHERE verification.as_of >= coder.since AND list_has_any(verification.record_ids, coder.record_ids)
),
stood AS (
    SELECT
        included.review,
        included.study_id,
        coalesce(draw."double", false) AS "double",
        CASE
            WHEN coded.study_id IS NULL THEN 'uncoded'
            WHEN draw."double" AND coded.coders = 1 THEN 'coded_once'
            WHEN coded.coders > 1 OR merged.study_id IS NOT NULL THEN
                CASE
                    WHEN reconciled.study_id IS NOT NULL THEN 'reconciled'
                    WHEN coded.versions = 1 AND merged.study_id IS NULL THEN 'reconciled'
                    ELSE 'awaiting_reconciliation'
                END
            WHEN verified.study_id IS NOT NULL THEN 'verified'
            ELSE 'awaiting_verification'
        END AS state,
        coalesce(coded.coded_by, []) AS coded_by,
        coded.since,
        coded.basis AS coder_basis,
        {'raw': reconciled.raw, 'shown_as': reconciled.shown_as, 'reviewer': reconciled.reviewer, 'role': reconciled.role}
            AS reconciler_basis,
        {'raw': verified.raw, 'shown_as': verified.shown_as, 'reviewer': verified.verifier, 'role': 'verifier'} AS verifier_basis,
        reconciled.study_id IS NOT NULL AS by_reconciler,
        coalesce(verified.verdict = 'change', false) AS by_verifier,
        coalesce(coded.again, false) AS coder_again, coalesce(reconciled.again, false) AS reconciler_again,
        coalesce(verified.again, false) AS verifier_again
    FROM included
    LEFT JOIN draw USING (study_id)
    LEFT JOIN coded USING (study_id)
    LEFT JOIN merged USING (study_id)
    LEFT JOIN reconciled USING (study_id)
    LEFT JOIN verified USING (study_id)
),
-- what holds, or is still to be settled, must not rest on a code that the codebook has split since
judged AS (
    SELECT * REPLACE (
        CASE
            WHEN state = 'reconciled' AND by_reconciler THEN if(reconciler_again, 'awaiting_recoding', state)
            WHEN state = 'verified' AND by_verifier THEN if(verifier_again, 'awaiting_recoding', state)
            WHEN coder_again THEN 'awaiting_recoding'
            ELSE state
        END AS state
    )
    FROM stood
),
-- what is coded comes first, then the second appraisal, and verification last: who verifies sees nothing of the appraisal
asks AS (
    SELECT count(*) > 0 AS two FROM staging.dimension WHERE appraisers = 2
),
appraised AS (
    SELECT
        judged.* REPLACE (
            CASE
                WHEN NOT asks.two OR judged.state IN ('uncoded', 'coded_once', 'awaiting_recoding') THEN judged.state
                WHEN appraisal.study_id IS NULL THEN 'awaiting_appraisal'
                WHEN judged.state = 'awaiting_reconciliation' AND appraisal.state <> 'awaiting_appraisal' THEN judged.state
                ELSE coalesce(appraisal.state, judged.state)
            END AS state
        ),
        coalesce(appraisal.judged_by, []) AS judged_by, appraisal.basis AS appraisal_basis
    FROM judged
    CROSS JOIN asks
    LEFT JOIN staging.appraisal AS appraisal USING (study_id)  -- 1:1
),
final AS (
    SELECT
        review, study_id, "double", state, state IN ('reconciled', 'verified') AS settled, coded_by, judged_by, since, appraisal_basis,
        CASE
            WHEN state = 'reconciled' AND by_reconciler THEN reconciler_basis
            WHEN state = 'verified' AND by_verifier THEN verifier_basis
            WHEN settled THEN coder_basis
        END AS basis
    FROM appraised
)
SELECT * FROM final
