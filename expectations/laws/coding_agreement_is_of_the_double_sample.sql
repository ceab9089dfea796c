-- Agreement on codes is of studies that two people coded, the same number for every dimension: of the double sample, or of any
-- study where two people judge it of every one.
WITH sample AS (
    SELECT review, count(*) FILTER ("double") AS double_studies, count(*) AS all_studies
    FROM staging.study_extraction
    GROUP BY review
),
dimension AS (
    SELECT review, dimension, coalesce(appraisers = 2, false) AS appraised FROM staging.dimension
),
counted AS (  -- one row per dimension
    SELECT
        agreement.review, agreement.dimension, agreement.studies, agreement.same,
        coalesce(if(dimension.appraised, all_studies, double_studies), 0) AS sampled,
        max(agreement.studies) OVER (PARTITION BY agreement.review, dimension.appraised) AS most
    FROM marts.coding_agreement AS agreement
    JOIN dimension USING (review, dimension)  -- one to one
    LEFT JOIN sample USING (review)  -- many to one
),
final AS (
    SELECT * FROM counted
    WHERE studies > sampled OR same > studies OR studies <> most
)
SELECT * FROM final
