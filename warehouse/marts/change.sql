-- What one release says otherwise than an earlier one; turned round, each row has its mirror. Nothing where there is no earlier one.
WITH earlier_record AS (
    SELECT study_id, unnest(record_ids) AS record_id FROM before.study
),
later_record AS (
    SELECT study_id, unnest(record_ids) AS record_id FROM after.study
),
-- studies that have something in common, by the records of their reports: a study is called after the first of its reports, and that may
-- be another one by now
related AS (
    SELECT earlier_id, later_id, max(records) AS records
    FROM (
        SELECT one.study_id AS earlier_id, other.study_id AS later_id, count(*) AS records
        FROM earlier_record AS one
        JOIN later_record AS other USING (record_id)
        GROUP BY ALL
        UNION ALL
        SELECT study_id, study_id, 0 FROM before.study SEMI JOIN after.study USING (study_id)
    )
    GROUP BY earlier_id, later_id
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY earlier_id ORDER BY nearness) AS of_earlier,
        row_number() OVER (PARTITION BY later_id ORDER BY nearness) AS of_later
    FROM (
        SELECT *, (earlier_id <> later_id, -records, least(earlier_id, later_id), greatest(earlier_id, later_id)) AS nearness
        FROM related
    )
),
same AS (
    SELECT earlier_id, later_id FROM ranked WHERE of_earlier = 1 AND of_later = 1
),
renamed AS (
    SELECT map(coalesce(list(earlier_id), []), coalesce(list(later_id), [])) AS name FROM same WHERE earlier_id <> later_id
),
earlier_study AS (
    SELECT study.* REPLACE (coalesce(renamed.name[study_id], study_id) AS study_id) FROM before.study AS study CROSS JOIN renamed
),
earlier_code AS (
    SELECT code.* REPLACE (coalesce(renamed.name[study_id], study_id) AS study_id) FROM before.code AS code CROSS JOIN renamed
),
earlier_cell AS (
    SELECT
        cell.* REPLACE (list_transform(studies, lambda one: coalesce(renamed.name[one], one)) AS studies)
    FROM before.cell AS cell
    CROSS JOIN renamed
),
study AS (
    SELECT
        study_id,
        coalesce(later.reference, earlier.reference) AS label,
        earlier.study_id IS NOT NULL AS was_in, later.study_id IS NOT NULL AS is_in,
        coalesce(earlier.mapped, false) AS was_mapped, coalesce(later.mapped, false) AS is_mapped,
        earlier.kind AS kind_before, later.kind AS kind_after
    FROM earlier_study AS earlier
    FULL JOIN after.study AS later USING (study_id)  -- 1:1
),
-- two that are one by now, and one that is two
joined AS (
    SELECT ranked.earlier_id AS study_id, ranked.later_id AS other_id, later.reference AS other
    FROM ranked
    JOIN after.study AS later ON later.study_id = ranked.later_id  -- n:1
    WHERE of_earlier = 1 AND of_later > 1
),
divided AS (
    SELECT ranked.later_id AS study_id, ranked.earlier_id AS other_id, earlier.reference AS other
    FROM ranked
    JOIN before.study AS earlier ON earlier.study_id = ranked.earlier_id  -- n:1
    WHERE of_later = 1 AND of_earlier > 1
),
studies AS (
    SELECT 'included' AS what, study_id, label, NULL AS before, kind_after AS after, [] AS studies
    FROM study ANTI JOIN divided USING (study_id) WHERE is_in AND NOT was_in
    UNION ALL
    SELECT 'no_longer_included', study_id, label, kind_before, NULL, []
    FROM study ANTI JOIN joined USING (study_id) WHERE was_in AND NOT is_in
    UNION ALL
    SELECT 'joined', study_id, label, kind_before, other, [other_id] FROM study JOIN joined USING (study_id)
    UNION ALL
    SELECT 'divided', study_id, label, other, kind_after, [other_id] FROM study JOIN divided USING (study_id)
    UNION ALL
    SELECT 'on_the_map', study_id, label, NULL, kind_after, []
    FROM study ANTI JOIN divided USING (study_id) WHERE is_mapped AND NOT was_mapped
    UNION ALL
    SELECT 'off_the_map', study_id, label, kind_before, NULL, []
    FROM study ANTI JOIN joined USING (study_id) WHERE was_mapped AND NOT is_mapped
    UNION ALL
    SELECT 'other_kind', study_id, label, kind_before, kind_after, [] FROM study
    WHERE was_mapped AND is_mapped AND kind_before IS DISTINCT FROM kind_after
),
-- groups are compared by what they tie together: their numbers may change without any meaning
coding_before AS (
    SELECT study_id, list(codes ORDER BY codes) AS coding
    FROM (
        SELECT study_id, list(("group" = 0, dimension, code) ORDER BY dimension, code) AS codes
        FROM earlier_code GROUP BY study_id, "group"
    )
    GROUP BY study_id
),
coding_after AS (
    SELECT study_id, list(codes ORDER BY codes) AS coding
    FROM (
        SELECT study_id, list(("group" = 0, dimension, code) ORDER BY dimension, code) AS codes
        FROM after.code GROUP BY study_id, "group"
    )
    GROUP BY study_id
),
code_before AS (
    SELECT study_id, dimension, code, any_value(dimension_label || ': ' || label) AS label
    FROM earlier_code GROUP BY study_id, dimension, code
),
code_after AS (
    SELECT study_id, dimension, code, any_value(dimension_label || ': ' || label) AS label
    FROM after.code GROUP BY study_id, dimension, code
),
code_gone AS (
    SELECT study_id, string_agg(label, '; ' ORDER BY dimension, code) AS codes
    FROM code_before ANTI JOIN code_after USING (study_id, dimension, code) GROUP BY study_id
),
code_new AS (
    SELECT study_id, string_agg(label, '; ' ORDER BY dimension, code) AS codes
    FROM code_after ANTI JOIN code_before USING (study_id, dimension, code) GROUP BY study_id
),
recoded AS (
    SELECT
        'recoded' AS what, study.study_id, study.label,
        CASE WHEN tied_otherwise THEN 'the same codes, tied together otherwise' ELSE code_gone.codes END AS before,
        CASE WHEN tied_otherwise THEN 'the same codes, tied together otherwise' ELSE code_new.codes END AS after
    FROM study
    LEFT JOIN coding_before USING (study_id)  -- 1:1
    LEFT JOIN coding_after USING (study_id)  -- 1:1
    LEFT JOIN code_gone USING (study_id)  -- 1:1
    LEFT JOIN code_new USING (study_id)  -- 1:1
    CROSS JOIN LATERAL (SELECT code_gone.codes IS NULL AND code_new.codes IS NULL AS tied_otherwise)
    WHERE study.was_mapped AND study.is_mapped AND coding_before.coding IS DISTINCT FROM coding_after.coding
),
-- a study that came with a notice is told with it too; one that left the review takes its notices with it
noticed AS (
    SELECT
        'notice' AS what, later.study_id, NULL AS before,
        unnest(list_filter(later.notices, lambda one: NOT list_contains(coalesce(known.notices, []), one))) AS after
    FROM after.study AS later
    LEFT JOIN (
        SELECT related.later_id, flatten(list(earlier.notices)) AS notices
        FROM related
        JOIN before.study AS earlier ON earlier.study_id = related.earlier_id  -- n:1
        GROUP BY related.later_id
    ) AS known ON known.later_id = later.study_id  -- 1:1
    UNION ALL
    SELECT
        'notice_withdrawn', coalesce(renamed.name[earlier.study_id], earlier.study_id),
        unnest(list_filter(earlier.notices, lambda one: NOT list_contains(coalesce(kept.notices, []), one))), NULL
    FROM before.study AS earlier
    CROSS JOIN renamed
    LEFT JOIN (
        SELECT related.earlier_id, flatten(list(later.notices)) AS notices
        FROM related
        JOIN after.study AS later ON later.study_id = related.later_id  -- n:1
        GROUP BY related.earlier_id
    ) AS kept ON kept.earlier_id = earlier.study_id  -- 1:1
),
notices AS (
    SELECT noticed.what, study_id, study.label, noticed.before, noticed.after
    FROM noticed
    JOIN study USING (study_id)  -- n:1
),
-- only cells that both releases have: a cell that is new, or gone, is a change of the codebook or of the view
other_kind AS (
    SELECT coalesce(list(study_id), []) AS studies FROM study WHERE kind_before IS DISTINCT FROM kind_after
),
-- what the protocol says of a cell that has a study all the same makes nothing of it
cell AS (
    SELECT
        view, dimensions, codes, later.description, earlier.gap AS gap_before, later.gap AS gap_after,
        earlier.not_applicable IS NULL AND later.not_applicable IS NOT NULL AND len(later.studies) = 0 AS declared,
        later.not_applicable IS NULL AND earlier.not_applicable IS NOT NULL AND len(earlier.studies) = 0 AS withdrawn,
        list_sort(list_filter(
            list_distinct(earlier.studies || later.studies),
            lambda one: list_contains(other_kind.studies, one)
                OR list_contains(earlier.studies, one) <> list_contains(later.studies, one)
        )) AS studies
    FROM earlier_cell AS earlier
    JOIN after.cell AS later USING (view, dimensions, codes)  -- 1:1
    CROSS JOIN other_kind
),
-- a declaration of the protocol, and its end, close and open no gap: that is no change of the studies
gap AS (
    SELECT
        unnest(['gap_closed', 'gap_opened']) AS what, view, codes, description,
        unnest([gap_before, NULL]) AS before, unnest([NULL, gap_after]) AS after, studies
    FROM cell
    WHERE NOT declared AND NOT withdrawn AND gap_before IS DISTINCT FROM gap_after
    UNION ALL
    SELECT if(declared, 'not_applicable', 'applicable'), view, codes, description, gap_before, gap_after, []
    FROM cell
    WHERE declared OR withdrawn
),
cells_before AS (
    SELECT view, list((dimensions, codes) ORDER BY dimensions, codes) AS cells FROM before.cell GROUP BY view
),
cells_after AS (
    SELECT view, list((dimensions, codes) ORDER BY dimensions, codes) AS cells FROM after.cell GROUP BY view
),
view_changed AS (
    SELECT view, len(cells_before.cells) AS n_before, len(cells_after.cells) AS n_after
    FROM cells_before
    FULL JOIN cells_after USING (view)  -- 1:1
    WHERE cells_before.cells IS DISTINCT FROM cells_after.cells
),
theme AS (
    SELECT
        theme, coalesce(later.label, earlier.label) AS label, coalesce(later.position, earlier.position) AS position,
        'primary ' || earlier.studies || ', reviews ' || earlier.reviews || ', ongoing ' || earlier.ongoing AS before,
        'primary ' || later.studies || ', reviews ' || later.reviews || ', ongoing ' || later.ongoing AS after,
        earlier.all_kinds AS n_before, later.all_kinds AS n_after
    FROM before.theme AS earlier
    FULL JOIN after.theme AS later USING (theme)  -- 1:1
),
-- a source or a reason that the earlier release did not name stood at nothing
number AS (
    SELECT
        arm, box, detail, coalesce(later.label, earlier.label) AS label, coalesce(later.position, earlier.position) AS position,
        coalesce(earlier.n, 0) AS n_before, coalesce(later.n, 0) AS n_after
    FROM before.box AS earlier
    FULL JOIN after.box AS later USING (arm, box, detail)  -- 1:1
),
box AS (
    SELECT
        number.arm || '.' || number.box || CASE WHEN number.detail = '' THEN '' ELSE '.' || number.detail END AS id,
        CASE WHEN number.detail = '' THEN number.label ELSE whole.label || ': ' || number.label END
            || CASE number.arm WHEN 'databases' THEN ' (databases and registers)' WHEN 'other' THEN ' (other methods)' ELSE '' END
            AS label,
        number.position, number.n_before, number.n_after
    FROM number
    LEFT JOIN number AS whole ON whole.arm = number.arm AND whole.box = number.box AND whole.detail = ''  -- n:1
    WHERE number.n_before <> number.n_after
),
told AS (
    SELECT what, study_id AS id, label, 0 AS place, study_id, before, after, NULL AS n_before, NULL AS n_after,
        coalesce(studies, []) AS studies
    FROM (FROM studies UNION ALL BY NAME FROM recoded UNION ALL BY NAME FROM notices)
    UNION ALL
    SELECT
        what, view || ': ' || array_to_string(codes, '; '), description, 0, NULL,
        before, after, NULL, NULL, studies
    FROM gap
    WHERE before IS NOT NULL OR after IS NOT NULL OR what IN ('not_applicable', 'applicable')
    UNION ALL
    SELECT 'view', view, view, 0, NULL, NULL, NULL, n_before, n_after, [] FROM view_changed
    UNION ALL
    SELECT 'theme', theme, label, position, NULL, before, after, n_before, n_after, [] FROM theme WHERE before IS DISTINCT FROM after
    UNION ALL
    SELECT 'box', id, label, position, NULL, NULL, NULL, n_before, n_after, [] FROM box
),
final AS (
    SELECT
        $review AS review,
        row_number() OVER (
            ORDER BY list_position(
                ['included', 'no_longer_included', 'joined', 'divided', 'on_the_map', 'off_the_map', 'other_kind', 'recoded', 'notice',
                 'notice_withdrawn', 'gap_closed', 'gap_opened', 'not_applicable', 'applicable', 'view', 'theme', 'box'], what
            ), place, label, id, before NULLS FIRST, after NULLS FIRST
        ) AS position,
        what, id, label, study_id, before, after, n_before, n_after, studies
    FROM told
    WHERE EXISTS (FROM before.box)
)
SELECT * FROM final
