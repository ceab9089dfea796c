-- One row per line of the table that the R package PRISMA2020 reads (Haddaway et al. 2022, doi 10.1002/cl2.1230), in its own names.
-- It knows no experts: they count among organisations. It has no waiting box, and none before the reports of the other methods: those
-- numbers are further rows, which it passes over, and the names of its boxes say what waits. It finds rows by a part of their name, so
-- no name here holds another; and it parts reasons by semicolons and commas, so labels have neither.
WITH flow AS (
    SELECT arm, box, detail, n, label, position FROM marts.prisma_since
    UNION ALL
    SELECT arm, box, detail, n, label, position FROM marts.prisma_flow WHERE NOT EXISTS (FROM marts.prisma_since)
),
number AS (
    SELECT arm, box, n FROM flow WHERE detail = ''
    UNION ALL
    SELECT arm, 'total_' || box, n FROM flow
    WHERE detail = '' AND box IN ('studies', 'reports') AND NOT EXISTS (FROM marts.prisma_since)
),
origin AS (
    SELECT box, database, sum(n)::BIGINT AS n
    FROM (SELECT box, database, 1 AS n FROM since.record UNION ALL SELECT box, database, 0 FROM since.search)
    GROUP BY box, database
),
-- what is listed within one cell
listed AS (
    SELECT box, n, translate(database, ',;', '//') AS label, row_number() OVER (ORDER BY n DESC, database) AS position
    FROM origin WHERE box IN ('database', 'register')
    UNION ALL
    SELECT arm, n, translate(label, ',;', '//'), position
    FROM flow WHERE box = 'report_excluded' AND detail <> '' AND n > 0
),
list AS (
    SELECT box AS list, string_agg(label || ', ' || n, '; ' ORDER BY position, label) AS text FROM listed GROUP BY box
),
total AS (
    SELECT arm, box, n FROM number
    UNION ALL
    SELECT 'origin', box, sum(n)::BIGINT FROM origin GROUP BY box
),
named AS (
    SELECT * FROM (VALUES  -- number, if any: arm and box of marts.prisma_flow, or a box of sources, or a list
        (1, NULL, 'node4', 'prevstud', 'Previous studies', NULL, NULL),
        (2, 'previous_studies', 'node5', 'box1', 'Studies included in previous version of review', 'both', 'previous_studies'),
        (3, 'previous_reports', NULL, 'box1', 'Reports of studies included in previous version of review', 'both', 'previous_reports'),
        (4, NULL, 'node6', 'newstud', 'Identification of new studies via databases and registers', NULL, NULL),
        (5, 'database_results', 'node7', 'box2', 'Databases', 'origin', 'database'),
        (6, 'database_specific_results', NULL, 'box2', 'Specific databases', 'list', 'database'),
        (7, 'register_results', NULL, 'box2', 'Registers', 'origin', 'register'),
        (8, 'register_specific_results', NULL, 'box2', 'Specific registers', 'list', 'register'),
        (9, NULL, 'node16', 'othstud', 'Identification of new studies via other methods', NULL, NULL),
        (10, 'website_results', 'node17', 'box11', 'Websites', 'origin', 'website'),
        (11, 'organisation_results', NULL, 'box11', 'Organisations', 'origin', 'organisation'),
        (12, 'citations_results', NULL, 'box11', 'Citation searching', 'origin', 'citation'),
        (13, 'duplicates', 'node8', 'box3', 'Duplicate records', 'databases', 'duplicates'),
        (14, 'excluded_automatic', NULL, 'box3', 'Records marked as ineligible by automation tools', 'databases', 'automation'),
        (15, 'excluded_other', NULL, 'box3', 'Records removed for other reasons', 'databases', 'removed_other'),
        (16, 'records_screened', 'node9', 'box4', 'Records screened', 'databases', 'screened'),
        (17, 'records_excluded', 'node10', 'box5', 'Records excluded', 'databases', 'excluded'),
        (18, 'dbr_sought_reports', 'node11', 'box6', 'Reports sought for retrieval', 'databases', 'sought'),
        (19, 'dbr_notretrieved_reports', 'node12', 'box7', 'Reports not retrieved', 'databases', 'not_retrieved'),
        (20, 'other_sought_reports', 'node18', 'box12', 'Reports sought for retrieval', 'other', 'sought'),
        (21, 'other_notretrieved_reports', 'node19', 'box13', 'Reports not retrieved', 'other', 'not_retrieved'),
        (22, 'dbr_assessed', 'node13', 'box8', 'Reports assessed for eligibility', 'databases', 'assessed'),
        (23, 'dbr_excluded', 'node14', 'box9', 'Reports excluded', 'list', 'databases'),
        (24, 'other_assessed', 'node20', 'box14', 'Reports assessed for eligibility', 'other', 'assessed'),
        (25, 'other_excluded', 'node21', 'box15', 'Reports excluded', 'list', 'other'),
        (26, 'new_studies', 'node15', 'box10', 'New studies included in review', 'both', 'studies'),
        (27, 'new_reports', NULL, 'box10', 'Reports of new included studies', 'both', 'reports'),
        (28, 'total_studies', 'node22', 'box16', 'Total studies included in review', 'both', 'total_studies'),
        (29, 'total_reports', NULL, 'box16', 'Reports of total included studies', 'both', 'total_reports'),
        (30, 'identification', 'node1', 'identification', 'Identification', NULL, NULL),
        (31, 'screening', 'node2', 'screening', 'Screening', NULL, NULL),
        (32, 'included', 'node3', 'included', 'Included', NULL, NULL),
        (33, 'oth_copies', NULL, 'box11', 'Duplicate records', 'other', 'duplicates'),
        (34, 'oth_by_tool', NULL, 'box11', 'Records marked as ineligible by automation tools', 'other', 'automation'),
        (35, 'oth_set_aside', NULL, 'box11', 'Records removed for other reasons', 'other', 'removed_other'),
        (36, 'oth_looked_at', NULL, 'box11', 'Records screened', 'other', 'screened'),
        (37, 'oth_turned_down', NULL, 'box11', 'Records excluded', 'other', 'excluded'),
        (38, 'dbr_waits_for_votes', NULL, 'box4', 'Records awaiting screening', 'databases', 'awaiting_screening'),
        (39, 'oth_waits_for_votes', NULL, 'box11', 'Records awaiting screening', 'other', 'awaiting_screening'),
        (40, 'dbr_waits_for_full_text', NULL, 'box6', 'Reports awaiting retrieval', 'databases', 'awaiting_retrieval'),
        (41, 'oth_waits_for_full_text', NULL, 'box12', 'Reports awaiting retrieval', 'other', 'awaiting_retrieval'),
        (42, 'dbr_waits_for_decision', NULL, 'box8', 'Reports awaiting a decision', 'databases', 'awaiting_decision'),
        (43, 'oth_waits_for_decision', NULL, 'box14', 'Reports awaiting a decision', 'other', 'awaiting_decision'),
        (44, 'dbr_waits_for_class', NULL, 'box8', 'Reports awaiting classification', 'databases', 'awaiting_classification'),
        (45, 'oth_waits_for_class', NULL, 'box14', 'Reports awaiting classification', 'other', 'awaiting_classification'),
        (46, 'dbr_under_way', NULL, 'box8', 'Reports of ongoing studies', 'databases', 'ongoing'),
        (47, 'oth_under_way', NULL, 'box14', 'Reports of ongoing studies', 'other', 'ongoing'),
        (48, 'dbr_taken_in', NULL, 'box10', 'Reports of studies in the review', 'databases', 'included'),
        (49, 'oth_taken_in', NULL, 'box10', 'Reports of studies in the review', 'other', 'included'),
        (50, 'on_the_map', NULL, 'box10', 'Studies on the map', 'both', 'mapped'),
        (51, 'waits_for_coding', NULL, 'box10', 'Studies awaiting coding', 'both', 'awaiting_coding')
    ) AS row_of_the_package (position, data, node, box, words, arm, number)
),
-- what a box of the package would hide: how many of its reports, or of those before it, have not come further yet
waiting AS (
    SELECT
        arm,
        CASE box WHEN 'awaiting_screening' THEN 'screened' WHEN 'awaiting_retrieval' THEN 'sought' ELSE 'assessed' END AS number,
        ' (' || sum(n)::BIGINT || CASE box
            WHEN 'awaiting_screening' THEN ' more to be screened)' WHEN 'awaiting_retrieval' THEN ' not yet retrieved)'
            WHEN 'ongoing' THEN ' of ongoing studies)' ELSE ' not yet decided)' END AS words
    FROM (SELECT arm, if(box = 'awaiting_classification', 'awaiting_decision', box) AS box, n FROM number)
    WHERE box IN ('awaiting_screening', 'awaiting_retrieval', 'awaiting_decision', 'ongoing') AND n > 0
    GROUP BY arm, box
),
waits AS (
    SELECT arm, number, string_agg(words, '' ORDER BY words) AS words FROM waiting GROUP BY arm, number
),
expert AS (
    SELECT n FROM total WHERE arm = 'origin' AND box = 'expert'
),
counted AS (
    SELECT
        named.*,
        if(named.data = 'organisation_results', (SELECT n FROM expert), NULL) AS experts,
        coalesce(total.n, 0) AS found, list.text AS listed, waits.words AS waiting,
        CASE
            WHEN named.arm IN ('databases', 'other') THEN named.arm
            WHEN named.node IN ('node14', 'node21') THEN named.number
        END AS said_of
    FROM named
    LEFT JOIN total ON total.arm = named.arm AND total.box = named.number  -- 1:1
    LEFT JOIN list ON named.arm = 'list' AND list.list = named.number  -- 1:1
    LEFT JOIN waits ON waits.arm = named.arm AND waits.number = named.number  -- 1:1
),
final AS (
    SELECT
        $review AS review, data, node, box,
        words || CASE said_of WHEN 'databases' THEN ' (databases and registers)' WHEN 'other' THEN ' (other methods)' ELSE '' END
            || if(experts IS NULL, '', '; ' || experts || ' suggested by experts are counted here') AS description,
        words || if(experts IS NULL, '', ' and experts') || coalesce(waiting, '') AS boxtext,
        if(node IS NULL, NULL, description) AS tooltips,
        if(node IS NULL OR arm IS NULL, NULL, 'report.html#numbers') AS url,
        CASE
            WHEN arm = 'list' THEN coalesce(listed, '0')
            WHEN arm IS NOT NULL THEN (found + coalesce(experts, 0))::VARCHAR
        END AS n,
        position
    FROM counted
)
SELECT * FROM final;
