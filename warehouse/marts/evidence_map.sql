-- One row per cell of each view: the product of the codes on its one to four axes, with the studies in it.
--
-- A study is in a cell if one of its groups has the cell's code on every axis. Codes of group 0 hold for the study as a whole
-- and so for each of its groups: a study of two interventions, each with its own outcome, fills two cells and not four.
-- A study is `ungrouped` in a cell if at least two axes are of dimensions that the codebook declares grouped, and none of their
-- codes comes from a numbered group: all that ties them together is that they are in the same study.
-- Codes may be within others: there is a cell for the wider ones as well, and a study with a narrower code is in both. One that has a
-- wider code and none within it may be in any of the cells of those within: it is `unspecified` there, and not in them.
-- A cell whose codes the protocol says not to go together is empty for that reason, if no study is in it all the same.
WITH axis AS (
    SELECT map_axis.view, map_axis.title, map_axis.axis, map_axis.dimension, dimension.label, dimension.grouped
    FROM staging.map_axis AS map_axis
    JOIN staging.dimension AS dimension USING (dimension)
),
code AS (
    SELECT
        dimension, code, label, len(within) AS depth, row_number() OVER (PARTITION BY dimension ORDER BY position, code) AS position
    FROM staging.code
),
narrower AS (
    SELECT dimension, unnest(within) AS wider, code FROM staging.code
),
study AS (
    SELECT study_id, kind, mapped FROM marts.study
),
study_code AS (
    SELECT study_id, "group", dimension, code FROM marts.study_code
),
declared AS (
    SELECT combination, dimension, code, why, count(*) OVER (PARTITION BY combination) AS dimensions
    FROM staging.not_applicable
),
-- each code with those that say something of it: itself, and those that it is within
said_of AS (
    SELECT dimension, code, unnest(list_append(within, code)) AS said FROM staging.code
),
coding_state AS (
    SELECT coalesce(bool_and(mapped), true) AS all_coded FROM study
),
-- one row a view: its axes side by side; those that it does not have are null
view AS (
    SELECT
        view,
        max(title) AS title,
        max(dimension) FILTER (WHERE axis = 1) AS dimension_1,
        max(dimension) FILTER (WHERE axis = 2) AS dimension_2,
        max(dimension) FILTER (WHERE axis = 3) AS dimension_3,
        max(dimension) FILTER (WHERE axis = 4) AS dimension_4,
        max(label) FILTER (WHERE axis = 1) AS label_1,
        max(label) FILTER (WHERE axis = 2) AS label_2,
        max(label) FILTER (WHERE axis = 3) AS label_3,
        max(label) FILTER (WHERE axis = 4) AS label_4,
        coalesce(bool_or(grouped) FILTER (WHERE axis = 1), false) AS grouped_1,
        coalesce(bool_or(grouped) FILTER (WHERE axis = 2), false) AS grouped_2,
        coalesce(bool_or(grouped) FILTER (WHERE axis = 3), false) AS grouped_3,
        coalesce(bool_or(grouped) FILTER (WHERE axis = 4), false) AS grouped_4,
        count(*) FILTER (WHERE grouped) AS grouped_axes
    FROM axis
    GROUP BY view
),
cell AS (
    SELECT
        view.view,
        view.title,
        row_number() OVER (
            PARTITION BY view.view ORDER BY one.position, two.position, three.position, four.position
        ) AS cell,
        view.dimension_1, view.label_1 AS dimension_1_label, one.code AS code_1, one.label AS code_1_label, one.depth AS depth_1,
        view.dimension_2, view.label_2 AS dimension_2_label, two.code AS code_2, two.label AS code_2_label, two.depth AS depth_2,
        view.dimension_3, view.label_3 AS dimension_3_label, three.code AS code_3, three.label AS code_3_label, three.depth AS depth_3,
        view.dimension_4, view.label_4 AS dimension_4_label, four.code AS code_4, four.label AS code_4_label, four.depth AS depth_4
    FROM view
    JOIN code AS one ON one.dimension = view.dimension_1
    LEFT JOIN code AS two ON two.dimension = view.dimension_2
    LEFT JOIN code AS three ON three.dimension = view.dimension_3
    LEFT JOIN code AS four ON four.dimension = view.dimension_4
),
cell_code AS (
    SELECT
        view, cell,
        unnest([dimension_1, dimension_2, dimension_3, dimension_4]) AS dimension,
        unnest([code_1, code_2, code_3, code_4]) AS code
    FROM cell
),
-- one row per cell and combination of which it has all codes, whatever further axes the view has
combined AS (
    SELECT cell_code.view, cell_code.cell, declared.combination, declared.why, declared.dimensions
    FROM cell_code
    JOIN said_of ON said_of.dimension = cell_code.dimension AND said_of.code = cell_code.code
    JOIN declared ON declared.dimension = said_of.dimension AND declared.code = said_of.said
    GROUP BY ALL
    HAVING count(*) = declared.dimensions
),
not_applicable AS (
    SELECT view, cell, min(combination) AS combination, arg_min(why, combination) AS why FROM combined GROUP BY view, cell
),
study_group AS (
    SELECT DISTINCT study_id, "group" FROM study_code
),
-- what holds within each group: its own codes, and those of the study as a whole
held AS (
    SELECT
        study_group.study_id,
        study_group."group",
        study_code.dimension,
        study_code.code,
        bool_or(study_code."group" > 0) AS own
    FROM study_group
    JOIN study_code ON study_code.study_id = study_group.study_id AND study_code."group" IN (0, study_group."group")
    GROUP BY study_group.study_id, study_group."group", study_code.dimension, study_code.code
),
-- codes that a group may have as well: within one that it has, where it has none within that
possible AS (
    SELECT held.study_id, held."group", held.dimension, narrower.code, held.own
    FROM held
    JOIN narrower ON narrower.dimension = held.dimension AND narrower.wider = held.code
    ANTI JOIN (
        SELECT known.study_id, known."group", known.dimension, narrower.wider
        FROM held AS known
        JOIN narrower ON narrower.dimension = known.dimension AND narrower.code = known.code
    ) AS known
        ON known.study_id = held.study_id AND known."group" = held."group" AND known.dimension = held.dimension
        AND known.wider = held.code
),
candidate AS (
    SELECT *, true AS known FROM held
    UNION ALL
    SELECT *, false FROM possible
),
-- every combination of codes that a group of a study has on the axes of a view; one that lacks a code on an axis fits no cell
combination AS (
    SELECT
        view.view,
        one.study_id,
        one.code AS code_1,
        two.code AS code_2,
        three.code AS code_3,
        four.code AS code_4,
        view.grouped_axes < 2
        OR (view.grouped_1 AND one.own)
        OR (view.grouped_2 AND two.own)
        OR (view.grouped_3 AND three.own)
        OR (view.grouped_4 AND four.own) AS tied,
        one.known AND coalesce(two.known, true) AND coalesce(three.known, true) AND coalesce(four.known, true) AS known
    FROM view
    JOIN candidate AS one ON one.dimension = view.dimension_1
    LEFT JOIN candidate AS two
        ON two.study_id = one.study_id AND two."group" = one."group" AND two.dimension = view.dimension_2
    LEFT JOIN candidate AS three
        ON three.study_id = one.study_id AND three."group" = one."group" AND three.dimension = view.dimension_3
    LEFT JOIN candidate AS four
        ON four.study_id = one.study_id AND four."group" = one."group" AND four.dimension = view.dimension_4
),
-- one row per study and cell, however many of its groups fill it
placed AS (
    SELECT view, code_1, code_2, code_3, code_4, study_id, bool_or(known) AS known, bool_or(tied AND known) AS tied
    FROM combination
    GROUP BY view, code_1, code_2, code_3, code_4, study_id
),
counted AS (
    SELECT
        placed.view,
        placed.code_1,
        placed.code_2,
        placed.code_3,
        placed.code_4,
        count(DISTINCT placed.study_id) FILTER (WHERE placed.known AND study.kind = 'primary') AS studies,
        count(DISTINCT placed.study_id) FILTER (WHERE placed.known AND study.kind = 'review') AS reviews,
        count(DISTINCT placed.study_id) FILTER (WHERE placed.known AND study.kind = 'ongoing') AS ongoing,
        count(DISTINCT placed.study_id) FILTER (WHERE placed.known AND NOT placed.tied) AS ungrouped,
        count(DISTINCT placed.study_id) FILTER (WHERE NOT placed.known) AS unspecified,
        count(DISTINCT placed.study_id) FILTER (WHERE placed.known) AS all_kinds
    FROM placed
    JOIN study ON study.study_id = placed.study_id
    GROUP BY placed.view, placed.code_1, placed.code_2, placed.code_3, placed.code_4
),
final AS (
    SELECT
        $review AS review,
        cell.view,
        cell.title AS view_title,
        cell.cell,
        cell.dimension_1, cell.dimension_1_label, cell.code_1, cell.code_1_label,
        cell.dimension_2, cell.dimension_2_label, cell.code_2, cell.code_2_label,
        cell.dimension_3, cell.dimension_3_label, cell.code_3, cell.code_3_label,
        cell.dimension_4, cell.dimension_4_label, cell.code_4, cell.code_4_label,
        cell.depth_1, cell.depth_2, cell.depth_3, cell.depth_4,
        coalesce(counted.studies, 0) AS studies,
        coalesce(counted.reviews, 0) AS reviews,
        coalesce(counted.ongoing, 0) AS ongoing,
        coalesce(counted.ungrouped, 0) AS ungrouped,
        coalesce(counted.unspecified, 0) AS unspecified,
        CASE
            WHEN counted.all_kinds > 0 THEN NULL
            WHEN not_applicable.why IS NOT NULL THEN 'not_applicable'
            WHEN NOT coding_state.all_coded THEN 'not_yet_coded'
            WHEN counted.unspecified > 0 THEN 'not_specified'
            ELSE 'none_found'
        END AS empty,
        not_applicable.why AS not_applicable,
        not_applicable.combination
    FROM cell
    CROSS JOIN coding_state
    LEFT JOIN not_applicable ON not_applicable.view = cell.view AND not_applicable.cell = cell.cell
    LEFT JOIN counted
        ON counted.view = cell.view
        AND counted.code_1 = cell.code_1
        AND counted.code_2 IS NOT DISTINCT FROM cell.code_2
        AND counted.code_3 IS NOT DISTINCT FROM cell.code_3
        AND counted.code_4 IS NOT DISTINCT FROM cell.code_4
)
SELECT * FROM final ORDER BY view, cell;
