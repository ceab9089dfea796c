-- The draw, brought to the citations of today. Where drawn citations merged, the draw of the one that kept its id holds; what a
-- later batch added to the sample is in it.
WITH draw AS (
    SELECT * FROM log.draw
),
belongs AS (
    SELECT * FROM staging.belongs
),
final AS (
    SELECT draw.* REPLACE (belongs.study_id AS citation_id)
    FROM draw
    JOIN belongs ON belongs.shown_as = draw.citation_id AND belongs.record_ids = draw.record_ids
    QUALIFY row_number() OVER (
        PARTITION BY belongs.study_id ORDER BY belongs.study_id = draw.citation_id DESC, draw."double" DESC, draw.batch, draw.citation_id
    ) = 1
)
SELECT * FROM final
