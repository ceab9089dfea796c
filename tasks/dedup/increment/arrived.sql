-- What is kept of the records that came.
CREATE OR REPLACE TABLE trait AS
SELECT
    n, review, record_id, first_seen, print, citation_id, content, doi, pmid, container_doi, family, title[:12] AS opening,
    title[-12:] AS ending, first_page, living_serial OR living_review IS NOT NULL AS living
FROM arrived;
