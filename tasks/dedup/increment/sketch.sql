-- What shows whether a DOI names one paper, for each DOI of a record that came or left; and whether records are the same throughout.
CREATE OR REPLACE VIEW moved AS
SELECT n, review, content, doi, family, title[:12] AS opening, title[-12:] AS ending, first_page
FROM form
UNION ALL
SELECT trait.n, trait.review, content, doi, family, opening, ending, first_page
FROM kept.trait AS trait
SEMI JOIN leaving USING (n);

CREATE OR REPLACE TABLE touched_doi AS
SELECT DISTINCT review, doi
FROM moved
WHERE doi IS NOT NULL;

CREATE OR REPLACE TABLE bearing AS
SELECT n, review, content, doi, family, title[:12] AS opening, title[-12:] AS ending, first_page
FROM form
WHERE doi IS NOT NULL
UNION ALL
SELECT n, review, content, doi, family, opening, ending, first_page
FROM staying
SEMI JOIN touched_doi USING (review, doi);

CREATE OR REPLACE TABLE sketch AS
WITH touched AS (
    SELECT DISTINCT review, content FROM moved
)
SELECT n, review, content, doi, family, title[:12] AS opening, title[-12:] AS ending, first_page
FROM form
UNION ALL
SELECT n, review, content, doi, family, opening, ending, first_page
FROM staying
SEMI JOIN touched USING (review, content);
