-- What one release says otherwise than an earlier one; turned round, each row has its mirror. Nothing where there is no earlier one.
WITH study AS (
    SELECT
        study_id,
        coalesce(later.reference, earlier.reference) AS label,
        earlier.study_id IS NOT NULL AS was_in, later.study_id IS NOT NULL AS is_in,
        coalesce(earlier.mapped, false) AS was_mapped, coalesce(later.mapped, false) AS is_mapped,
        earlier.kind AS kind_before, later.kind AS kind_after,
        coalesce(earlier.notices, []) AS notices_before, coalesce(later.notices, []) AS notices_after
    FROM before.study AS earlier
    FULL JOIN after.study AS later USING (study_id)  -- 1:1
),
studies AS (
    SELECT 'included' AS what, study_id, label, NULL AS before, kind_after AS after FROM study WHERE is_in AND NOT was_in
    UNION ALL
    SELECT 'no_longer_included', study_id, label, kind_before, NULL FROM study WHERE was_in AND NOT is_in
    UNION ALL
    SELECT 'on_the_map', study_id, label, NULL, kind_after FROM study WHERE is_mapped AND NOT was_mapped
    UNION ALL
    SELECT 'off_the_map', study_id, label, kind_before, NULL FROM study WHERE was_mapped AND NOT is_mapped
    UNION ALL
    SELECT 'other_kind', study_id, label, kind_before, kind_after FROM study
    WHERE was_mapped AND is_mapped AND kind_before IS DISTINCT FROM kind_after
),
-- groups are compared by what they tie together: their numbers may change without any meaning
coding_before AS (
    SELECT study_id, list(codes ORDER BY codes) AS coding
    FROM (
        SELECT study_id, list(("group" = 0, dimension, code) ORDER BY dimension, code) AS codes
        FROM before.code GROUP BY study_id, "group"
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
    FROM before.code GROUP BY study_id, dimension, code
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
    SELECT 'notice' AS what, study_id, label, NULL AS before, unnest(list_filter(notices_after, lambda one: NOT list_contains(notices_before, one))) AS after
    FROM study WHERE is_in
    UNION ALL
    SELECT 'notice_withdrawn', study_id, label, unnest(list_filter(notices_before, lambda one: NOT list_contains(notices_after, one))), NULL
    FROM study WHERE was_in
),
-- only cells that both releases have: a cell that is new, or gone, is a change of the codebook or of the view
other_kind AS (
    SELECT coalesce(list(study_id), []) AS studies FROM study WHERE kind_before IS DISTINCT FROM kind_after
),
cell AS (
    SELECT
        view, dimensions, codes, later.description, earlier.gap AS gap_before, later.gap AS gap_after,
        list_sort(list_filter(
            list_distinct(earlier.studies || later.studies),
            lambda one: list_contains(other_kind.studies, one)
                OR list_contains(earlier.studies, one) <> list_contains(later.studies, one)
        )) AS studies
    FROM before.cell AS earlier
    JOIN after.cell AS later USING (view, dimensions, codes)  -- 1:1
    CROSS JOIN other_kind
    WHERE earlier.gap IS DISTINCT FROM later.gap
),
gap AS (
    SELECT 'gap_closed' AS what, * FROM cell WHERE gap_before IS NOT NULL
    UNION ALL
    SELECT 'gap_opened' AS what, * FROM cell WHERE gap_after IS NOT NULL
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
    SELECT what, study_id AS id, label, 0 AS place, study_id, before, after, NULL AS n_before, NULL AS n_after, [] AS studies
    FROM (FROM studies UNION ALL FROM recoded UNION ALL FROM noticed)
    UNION ALL
    SELECT
        what, view || ': ' || array_to_string(codes, '; '), description, 0, NULL,
        CASE WHEN what = 'gap_closed' THEN gap_before END, CASE WHEN what = 'gap_opened' THEN gap_after END, NULL, NULL,
        studies
    FROM gap
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
                ['included', 'no_longer_included', 'on_the_map', 'off_the_map', 'other_kind', 'recoded', 'notice',
                 'notice_withdrawn', 'gap_closed', 'gap_opened', 'view', 'theme', 'box'], what
            ), place, label, id, before NULLS FIRST, after NULLS FIRST
        ) AS position,
        what, id, label, study_id, before, after, n_before, n_after, studies
    FROM told
    WHERE EXISTS (FROM before.box)
)
SELECT * FROM final
