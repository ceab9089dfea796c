-- One row per theme, study on the map with that theme, and dimension in which it has codes: the cells of a framework matrix (Ritchie and
-- Spencer 1994). Of a study with several groups only those with the theme count, and what is coded of the study as a whole. Quotes are
-- those of everybody who gave the code that stands.
WITH theme AS (
    SELECT study_code.study_id, study_code."group", study_code.code AS theme, study_code.label AS theme_label
    FROM marts.study_code AS study_code
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'theme'
),
code AS (
    SELECT DISTINCT theme.theme, theme.theme_label, code.study_id, code.dimension, code.dimension_label, code.code, code.label
    FROM theme
    JOIN marts.study_code AS code
        ON code.study_id = theme.study_id AND (code."group" = theme."group" OR code."group" = 0 OR theme."group" = 0)
    JOIN staging.dimension AS dimension ON dimension.dimension = code.dimension
    WHERE dimension.role IS DISTINCT FROM 'theme' AND NOT code.implied
),
quote AS (
    SELECT DISTINCT
        citation_id AS study_id, present_dimension AS dimension, present_code AS code,
        '“' || quote || '”' || coalesce(' (p. ' || nullif(page, '') || ')', '') AS quote
    FROM staging.coding
    WHERE NOT superseded AND quote <> ''
),
said AS (
    SELECT code.theme, code.study_id, code.dimension, list(DISTINCT quote.quote ORDER BY quote.quote) AS quotes
    FROM code
    JOIN quote USING (study_id, dimension, code)
    GROUP BY ALL
),
cell AS (
    SELECT
        code.theme, code.theme_label, code.study_id, code.dimension, code.dimension_label,
        string_agg(code.label, '; ' ORDER BY book.position, code.code) AS value
    FROM code
    LEFT JOIN staging.code AS book ON book.dimension = code.dimension AND book.code = code.code  -- n:1
    GROUP BY ALL
),
final AS (
    SELECT
        $review AS review, cell.theme, cell.theme_label, cell.study_id, study.reference, study.title, cell.dimension,
        cell.dimension_label, cell.value, coalesce(said.quotes, []) AS quotes
    FROM cell
    JOIN marts.study AS study USING (study_id)  -- n:1
    LEFT JOIN said USING (theme, study_id, dimension)  -- 1:1
)
SELECT * FROM final;
