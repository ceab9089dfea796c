-- Which pairs are compared: those that share a blocking key. A key is a few facts that two records of one paper are likely to have
-- in common even if one of them is damaged; a key of more than $block_cap records is too common to say anything.
CREATE OR REPLACE TABLE candidate AS
WITH compared AS (
    SELECT form.*
    FROM form
    ANTI JOIN identical ON identical.b = form.n
),
keyed AS (
    SELECT n, review, unnest(list_distinct([
        'doi ' || CASE WHEN NOT container_doi THEN doi END,
        'pmid ' || pmid,
        'title ' || CASE WHEN length(title) >= $telling_length THEN title
            ELSE title || coalesce(year::VARCHAR, '') || coalesce(family, '') END,
        'opening, year ' || title[:20] || year,
        'ending, year ' || title[-20:] || year,
        'opening, author ' || title[:14] || family,
        'author, year, page ' || family || ' ' || year || ' ' || first_page,
        'place ' || year || ' ' || volume || ' ' || first_page,
        'author, volume, page ' || family || ' ' || volume || ' ' || first_page,
        'author, year, volume ' || family || ' ' || year || ' ' || volume,
        'title ' || main_title,
        'review ' || living_review,
        'living ' || CASE WHEN living_serial THEN title END,
        'abstract ' || abstract[:90]
    ] || list_transform(titles, lambda x: CASE WHEN length(x) >= $telling_length THEN 'title ' || x END))) AS key
    FROM compared
),
hashed AS (
    SELECT n, hash(review, key) AS key
    FROM keyed
    WHERE key IS NOT NULL
),
usable AS (
    SELECT key
    FROM hashed
    GROUP BY key
    HAVING count(*) BETWEEN 2 AND $block_cap
),
member AS (
    SELECT hashed.n, hashed.key
    FROM hashed
    JOIN usable USING (key)  -- n:1
)
SELECT DISTINCT one.n AS a, other.n AS b
FROM member AS one
JOIN member AS other ON one.key = other.key AND one.n < other.n;
