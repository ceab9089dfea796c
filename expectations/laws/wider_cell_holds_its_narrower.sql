-- A cell of a wider code counts every study of the cells within it, and those that may be in them.
WITH axes AS (
    SELECT review, view, axis, dimension FROM staging.map_axis
),
wider AS (
    SELECT review, dimension, code, within[-1] AS wider FROM staging.code WHERE len(within) > 0
),
cells AS (
    SELECT
        review, view, cell, [code_1, code_2, code_3, code_4] AS codes, studies, reviews, ongoing, unspecified
    FROM marts.evidence_map
),
pairs AS (  -- each cell with the cell of the next wider code on one axis
    SELECT narrow.*, axes.axis, wide.cell AS wider_cell, wide.studies AS wider_studies, wide.reviews AS wider_reviews,
        wide.ongoing AS wider_ongoing, wide.unspecified AS wider_unspecified
    FROM cells AS narrow
    JOIN axes USING (review, view)
    JOIN wider ON wider.review = narrow.review AND wider.dimension = axes.dimension AND wider.code = narrow.codes[axes.axis]
    LEFT JOIN cells AS wide
        ON wide.review = narrow.review AND wide.view = narrow.view
        AND wide.codes = narrow.codes[:axes.axis - 1] || [wider.wider] || narrow.codes[axes.axis + 1:]
),
final AS (
    SELECT *
    FROM pairs
    WHERE wider_cell IS NULL OR studies > wider_studies OR reviews > wider_reviews OR ongoing > wider_ongoing
        OR studies + reviews + ongoing + unspecified > wider_studies + wider_reviews + wider_ongoing + wider_unspecified
)
SELECT * FROM final
