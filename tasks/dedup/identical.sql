-- Records that are the same in every bibliographic field are one paper, however little they say; only the first of them is compared
-- with others. A record without title, DOI and abstract says nothing and equals nothing.
CREATE OR REPLACE TABLE identical AS
WITH content AS (
    SELECT
        form.n,
        min(form.n) OVER (PARTITION BY record.review, record.type, record.title, record.authors, record.year, record.journal,
            record.volume, record.issue, record.pages, record.doi, record.pmid, record.abstract, record.publisher, record.url
        ) AS first_n
    FROM form
    JOIN staging.record AS record USING (review, record_id)  -- 1:1
    WHERE coalesce(record.title, record.doi, record.abstract) IS NOT NULL
)
SELECT first_n AS a, n AS b
FROM content
WHERE n > first_n;
