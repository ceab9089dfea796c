-- What was said, without the judgements of dimensions that two people judge of every study: these are compared by themselves. A row stays for
-- each, so that there is a coding whatever it says.
WITH said AS (
    SELECT * FROM staging.said
),
final AS (
    SELECT
        * REPLACE (
            if(appraised, NULL, dimension) AS dimension, if(appraised, NULL, code) AS code, if(appraised, NULL, answer) AS answer,
            if(appraised, coded_again, again) AS again
        )
    FROM said
)
SELECT * FROM final
