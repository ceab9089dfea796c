-- Agreement on codes is of studies that two people coded, the same number for every dimension.
WITH sample AS (
    SELECT review, count(*) AS double_studies
    FROM staging.study_extraction
    WHERE "double"
    GROUP BY review
),
counted AS (  -- one row per dimension
    SELECT
        agreement.review, agreement.dimension, agreement.studies, agreement.same, coalesce(double_studies, 0) AS double_studies,
        max(agreement.studies) OVER (PARTITION BY agreement.review) AS most
    FROM marts.coding_agreement AS agreement
    LEFT JOIN sample USING (review)  -- many to one
),
final AS (
    SELECT * FROM counted
    WHERE studies > double_studies OR same > studies OR studies <> most
)
SELECT * FROM final
