-- A DOI is evidence only if it names one paper. Seen with dissimilar titles and first authors it names a supplement, a book or a
-- meeting: sharing it then proves nothing.
CREATE OR REPLACE TABLE container AS
WITH by_doi AS (
    SELECT
        review, doi,
        count(DISTINCT family) AS families,
        count(DISTINCT opening) AS openings,
        count(DISTINCT ending) AS endings,
        count(DISTINCT first_page) AS pages
    FROM bearing
    WHERE doi IS NOT NULL
    GROUP BY review, doi
)
SELECT review, doi
FROM by_doi
WHERE (families >= 2 AND openings >= 2 AND endings >= 2 AND pages <> 1) OR openings >= $container_titles;

UPDATE form SET container_doi = true
WHERE EXISTS (SELECT 1 FROM container WHERE container.review = form.review AND container.doi = form.doi);
