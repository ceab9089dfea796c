-- One row per gap of the map. Absolute: no study of any kind. Synthesis: primary studies but no review, told only where the
-- codebook can tell reviews from primary studies. A cell that has nothing but ongoing studies is no gap: it is being filled.
-- Nor is an empty one that is not applicable: nothing is missing where nothing can be.
WITH cell AS (
    SELECT * FROM marts.evidence_map
),
review_code AS (
    SELECT count(*) > 0 AS told_apart
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'kind' AND code.kind = 'review'
),
coding_state AS (
    SELECT coalesce(bool_and(mapped), true) AS all_coded FROM marts.study
),
kind AS (
    SELECT
        cell.*,
        CASE
            WHEN cell.empty <> 'not_applicable' THEN 'absolute'
            WHEN review_code.told_apart AND cell.studies > 0 AND cell.reviews = 0 THEN 'synthesis'
        END AS kind
    FROM cell
    CROSS JOIN review_code
),
final AS (
    SELECT
        $review AS review,
        kind.view,
        kind.view_title,
        kind.cell,
        concat_ws('; ', kind.code_1_label, kind.code_2_label, kind.code_3_label, kind.code_4_label) AS description,
        kind.kind,
        kind.studies,
        coding_state.all_coded AND kind.unspecified = 0 AS certain
    FROM kind
    CROSS JOIN coding_state
    WHERE kind.kind IS NOT NULL
)
SELECT * FROM final ORDER BY view, cell;
