-- The cells of its map, called by their codes and not by their numbers, which move when a code is added.
WITH held AS (
    SELECT view, cell, list(study_id ORDER BY study_id) AS studies FROM marts.cell_study GROUP BY view, cell
),
final AS (
    SELECT
        $review AS review,
        $release_id AS release_id,
        cell.view,
        list_filter([dimension_1, dimension_2, dimension_3, dimension_4], lambda one: one IS NOT NULL) AS dimensions,
        list_filter([code_1, code_2, code_3, code_4], lambda one: one IS NOT NULL) AS codes,
        concat_ws('; ', code_1_label, code_2_label, code_3_label, code_4_label) AS description,
        gap.kind AS gap,
        cell.not_applicable,
        coalesce(held.studies, []) AS studies,
        $as_of AS as_of
    FROM marts.evidence_map AS cell
    LEFT JOIN marts.gap AS gap USING (view, cell)  -- 1:1
    LEFT JOIN held USING (view, cell)  -- 1:1
)
SELECT * FROM final
