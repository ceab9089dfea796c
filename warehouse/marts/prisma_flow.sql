-- One row per number of the PRISMA 2020 flow diagram (Page et al., BMJ 2021;372:n71), and of what waits in a living map.
-- Each box is counted from rows of its own, never as the difference of others, so that the laws between boxes can catch errors:
-- identified from records, duplicates from the merging of records, all later boxes from where each citation is today.
WITH record AS (
    SELECT arm, database FROM staging.record
),
search AS (
    SELECT arm, database FROM staging.search
),
citation_record AS (
    SELECT arm, role FROM staging.citation_record
),
funnel AS (
    SELECT citation_id, arm, position, reason FROM staging.funnel
),
screening AS (
    SELECT citation_id, basis, votes FROM staging.screening WHERE stage = 'title_abstract'
),
reason AS (
    SELECT reason, label, position FROM staging.reason
),
study AS (
    SELECT state, mapped FROM marts.study
),
study_pair AS (
    SELECT verdict, linked FROM staging.study_pair
),
arm AS (
    SELECT * FROM (VALUES ('databases', 1), ('other', 2)) AS listed (arm, arm_order)
),
box AS (
    SELECT * FROM (VALUES
        ('identified', 1, 'Records identified'),
        ('duplicates', 2, 'Duplicate records removed'),
        ('automation', 3, 'Records marked as ineligible by automation tools'),
        ('removed_other', 4, 'Records removed for other reasons'),
        ('screened', 5, 'Records screened'),
        ('awaiting_screening', 6, 'Records awaiting screening'),
        ('excluded', 7, 'Records excluded'),
        ('sought', 8, 'Reports sought for retrieval'),
        ('not_retrieved', 9, 'Reports not retrieved'),
        ('awaiting_retrieval', 10, 'Reports awaiting retrieval'),
        ('assessed', 11, 'Reports assessed for eligibility'),
        ('report_excluded', 12, 'Reports excluded'),
        ('awaiting_decision', 13, 'Reports awaiting a decision'),
        ('awaiting_classification', 14, 'Reports awaiting classification'),
        ('ongoing', 15, 'Reports of ongoing studies'),
        ('included', 16, 'Reports included')
    ) AS listed (box, box_order, label)
),
-- the boxes that a citation has passed through, or waits in, where it is today
passed AS (
    SELECT * FROM (VALUES
        ('automation', ['automation']),
        ('removed_other', ['removed_other']),
        ('awaiting_screening', ['awaiting_screening']),
        ('excluded', ['screened', 'excluded']),
        ('awaiting_retrieval', ['screened', 'sought', 'awaiting_retrieval']),
        ('not_retrieved', ['screened', 'sought', 'not_retrieved']),
        ('awaiting_decision', ['screened', 'sought', 'assessed', 'awaiting_decision']),
        ('report_excluded', ['screened', 'sought', 'assessed', 'report_excluded']),
        ('awaiting_classification', ['screened', 'sought', 'assessed', 'awaiting_classification']),
        ('ongoing', ['screened', 'sought', 'assessed', 'ongoing']),
        ('included', ['screened', 'sought', 'assessed', 'included'])
    ) AS listed (position, boxes)
),
counted AS (
    SELECT arm, 'identified' AS box, count(*) AS n FROM record GROUP BY arm
    UNION ALL
    SELECT arm, 'duplicates', count(*) FROM citation_record WHERE role = 'duplicate' GROUP BY arm
    UNION ALL
    SELECT arm, box, count(*)
    FROM (SELECT funnel.arm, unnest(passed.boxes) AS box FROM funnel JOIN passed ON passed.position = funnel.position)
    GROUP BY arm, box
),
total AS (
    SELECT
        arm.arm,
        arm.arm_order,
        box.box,
        box.box_order,
        '' AS detail,
        0 AS detail_order,
        coalesce(counted.n, 0) AS n,
        box.label
    FROM arm
    CROSS JOIN box
    LEFT JOIN counted ON counted.arm = arm.arm AND counted.box = box.box
),
-- a database that was searched and brought nothing is told too
by_database AS (
    SELECT arm, database, sum(n)::BIGINT AS n
    FROM (SELECT arm, database, 1 AS n FROM record UNION ALL SELECT arm, database, 0 FROM search)
    GROUP BY arm, database
),
source AS (
    SELECT
        arm.arm,
        arm.arm_order,
        box.box,
        box.box_order,
        by_database.database AS detail,
        row_number() OVER (PARTITION BY arm.arm ORDER BY by_database.n DESC, by_database.database) AS detail_order,
        by_database.n,
        by_database.database AS label
    FROM by_database
    JOIN arm ON arm.arm = by_database.arm
    JOIN box ON box.box = 'identified'
),
-- imported decisions may lack a reason; "not given" has a space, so it is no reason's id
excluded AS (
    SELECT arm, coalesce(reason, 'not given') AS reason, count(*) AS n
    FROM funnel
    WHERE position = 'report_excluded'
    GROUP BY ALL
),
known_reason AS (
    SELECT arm.arm, reason.reason, reason.label, reason.position FROM arm CROSS JOIN reason
),
exclusion AS (
    SELECT
        arm.arm,
        arm.arm_order,
        box.box,
        box.box_order,
        coalesce(known_reason.reason, excluded.reason) AS detail,
        row_number() OVER (
            PARTITION BY arm.arm ORDER BY known_reason.position NULLS LAST, known_reason.reason, excluded.reason
        ) AS detail_order,
        coalesce(excluded.n, 0) AS n,
        coalesce(known_reason.label, CASE excluded.reason WHEN 'not given' THEN 'Reason not given' WHEN 'withdrawn' THEN 'Withdrawn' ELSE excluded.reason END) AS label
    FROM known_reason
    FULL JOIN excluded ON excluded.arm = known_reason.arm AND excluded.reason = known_reason.reason
    JOIN arm ON arm.arm = coalesce(known_reason.arm, excluded.arm)
    JOIN box ON box.box = 'report_excluded'
),
-- by a human or by a tool, as PRISMA asks where tools were used; and by one person alone, which is no dual screening
by_whom AS (
    SELECT * FROM (VALUES
        ('human', 1, 'by people: two or more, or a conflict settled'),
        ('one', 2, 'by one person'),
        ('with_tool', 3, 'by one person and a tool, of one mind'),
        ('tool', 4, 'by a tool alone'),
        ('otherwise', 5, 'on a list whose voters are not known, or withdrawn')
    ) AS listed (whose, whose_order, label)
),
screened_out AS (
    SELECT
        funnel.arm,
        CASE
            WHEN screening.basis = 'votes_and_tool' THEN 'with_tool'
            WHEN screening.basis = 'tool' THEN 'tool'
            WHEN screening.basis IN ('outcome', 'withdrawal') THEN 'otherwise'
            WHEN screening.basis = 'votes' AND screening.votes = 1 THEN 'one'
            ELSE 'human'
        END AS whose,
        count(*) AS n
    FROM funnel
    LEFT JOIN screening USING (citation_id)  -- 1:1
    WHERE funnel.position = 'excluded'
    GROUP BY ALL
),
exclusion_by AS (
    SELECT
        arm.arm,
        arm.arm_order,
        box.box,
        box.box_order,
        by_whom.whose AS detail,
        by_whom.whose_order AS detail_order,
        coalesce(screened_out.n, 0) AS n,
        by_whom.label
    FROM arm
    CROSS JOIN by_whom
    JOIN box ON box.box = 'excluded'
    LEFT JOIN screened_out ON screened_out.arm = arm.arm AND screened_out.whose = by_whom.whose
    WHERE EXISTS (SELECT 1 FROM screened_out AS any_of WHERE any_of.whose IN ('one', 'with_tool', 'tool'))
),
-- studies and reports are not the same number: people say which reports are of one study
together AS (
    SELECT 'both' AS arm, 3 AS arm_order, box, box_order, '' AS detail, 0 AS detail_order, n, label
    FROM (
        SELECT 'studies' AS box, 17 AS box_order, count(*) AS n, 'Studies included in the review' AS label
        FROM study WHERE state IS DISTINCT FROM 'ongoing'
        UNION ALL
        SELECT 'reports', 18, count(*), 'Reports of included studies' FROM funnel WHERE position = 'included'
        UNION ALL
        SELECT 'untied', 19, count(*), 'Pairs of reports that may be of one study'
        FROM study_pair WHERE verdict IS NULL AND NOT linked
        UNION ALL
        SELECT 'mapped', 20, count(*), 'Included studies on the map'
        FROM study WHERE mapped AND state IS DISTINCT FROM 'ongoing'
        UNION ALL
        SELECT 'awaiting_coding', 21, count(*), 'Included studies awaiting coding'
        FROM study
        WHERE state IN (
            'uncoded', 'coded_once', 'awaiting_recoding', 'awaiting_appraisal', 'awaiting_appraisal_reconciliation',
            'awaiting_verification', 'awaiting_reconciliation'
        )
    )
),
number AS (
    SELECT * FROM total
    UNION ALL
    SELECT * FROM source
    UNION ALL
    SELECT * FROM exclusion
    UNION ALL
    SELECT * FROM exclusion_by
    UNION ALL
    SELECT * FROM together
),
final AS (
    SELECT
        $review AS review,
        arm,
        box,
        detail,
        n,
        label,
        row_number() OVER (ORDER BY arm_order, box_order, detail_order, detail) AS position
    FROM number
)
SELECT * FROM final ORDER BY position;
