-- Blocking keys: a few facts that two records of one paper are likely to have in common even if one of them is damaged.
CREATE OR REPLACE TABLE key AS
WITH compared AS (
    SELECT form.*
    FROM form
    ANTI JOIN identical ON identical.b = form.n
)
-- a key is absent where one of its facts is
SELECT n, unnest(list_distinct(list_transform(list_filter([
    'doi ' || CASE WHEN NOT container_doi THEN doi END,
    'pmid ' || pmid,
    'title ' || CASE WHEN length(title) >= $telling_length THEN title
        ELSE title || coalesce(year::VARCHAR, '') || coalesce(family, '') END,
    'opening, year ' || title[:20] || year,
    'ending, year ' || title[-20:] || year,
    'opening, author ' || title[:14] || family,
    'author, year, page ' || family || ' ' || year || ' ' || first_page,
    -- without the journal's initial, journals that began in one year would share every place
    'place ' || year || ' ' || volume || ' ' || first_page || ' ' || coalesce(journal_words[1][1], ''),
    'author, volume, page ' || family || ' ' || volume || ' ' || first_page,
    'author, year, volume ' || family || ' ' || year || ' ' || volume,
    'title ' || main_title,
    'review ' || living_review,
    'living ' || CASE WHEN living_serial THEN title END,
    'abstract ' || abstract[:90]
] || CASE WHEN titles IS NOT NULL THEN list_transform(titles,
        lambda x: CASE WHEN length(x) >= $telling_length THEN 'title ' || x END) ELSE [] END,
    lambda x: x IS NOT NULL), lambda x: key_of(review, x)))) AS key
FROM compared;
