-- Records that are the same in every bibliographic field are one paper, however little they say; only the first of them is compared
-- with others. A record without title, DOI and abstract says nothing and equals nothing.
CREATE OR REPLACE TABLE identical AS
WITH repeated AS (
    -- that two contents have one hash of 64 bits and these fields in common as well is out of the question
    SELECT review, content, doi, opening, ending, min(n) AS first_n
    FROM sketch
    WHERE content IS NOT NULL
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT repeated.first_n AS a, sketch.n AS b
FROM sketch
JOIN repeated ON repeated.content = sketch.content AND repeated.review = sketch.review
    AND repeated.doi IS NOT DISTINCT FROM sketch.doi AND repeated.opening IS NOT DISTINCT FROM sketch.opening
    AND repeated.ending IS NOT DISTINCT FROM sketch.ending  -- n:1
WHERE sketch.n > repeated.first_n;
