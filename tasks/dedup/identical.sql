-- Records that are the same in every bibliographic field are one paper, however little they say; only the first of them is compared
-- with others. A record without title, DOI and abstract says nothing and equals nothing.
CREATE OR REPLACE TABLE identical AS
WITH repeated AS (
    -- that two contents have one hash of 64 bits and these fields in common as well is out of the question
    SELECT review, content, title, doi, abstract, min(n) AS first_n
    FROM form
    WHERE content IS NOT NULL
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT repeated.first_n AS a, form.n AS b
FROM form
JOIN repeated ON repeated.content = form.content AND repeated.review = form.review
    AND repeated.title IS NOT DISTINCT FROM form.title AND repeated.doi IS NOT DISTINCT FROM form.doi
    AND repeated.abstract IS NOT DISTINCT FROM form.abstract  -- n:1
WHERE form.n > repeated.first_n;
