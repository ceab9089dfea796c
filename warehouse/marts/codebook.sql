-- The codebook as people read it: each dimension, and its codes with the path of names that leads to them.
WITH dimension AS (
    SELECT dimension, label, definition, multiple, grouped, text, units, position FROM staging.dimension
),
code AS (
    SELECT dimension, code, label, definition, kind, within, position FROM staging.code
),
wider AS (
    SELECT one.dimension, one.code, string_agg(wider.label, ' > ' ORDER BY len(wider.within)) AS labels
    FROM (SELECT dimension, code, unnest(within) AS wider FROM code) AS one
    JOIN code AS wider ON wider.dimension = one.dimension AND wider.code = one.wider  -- n:1
    GROUP BY one.dimension, one.code
),
listed AS (
    SELECT
        dimension, label AS dimension_label, '' AS code, label, definition, []::VARCHAR[] AS within, label AS path, NULL AS kind,
        position AS dimension_position, 0 AS position
    FROM dimension
    UNION ALL
    SELECT
        code.dimension, dimension.label, code.code, code.label, code.definition, code.within,
        concat_ws(' > ', dimension.label, wider.labels, code.label), code.kind, dimension.position, code.position
    FROM code
    JOIN dimension USING (dimension)  -- n:1
    LEFT JOIN wider USING (dimension, code)  -- 1:1
),
final AS (
    SELECT
        $review AS review, listed.dimension, listed.dimension_label, listed.code, listed.label, listed.definition, listed.within,
        len(listed.within)::INTEGER AS depth, listed.path, listed.kind, dimension.multiple, dimension.grouped, dimension.text, dimension.units,
        row_number() OVER (ORDER BY listed.dimension_position, listed.dimension, listed.position, listed.code) AS position
    FROM listed
    JOIN dimension USING (dimension)  -- n:1
)
SELECT * FROM final
