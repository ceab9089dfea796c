-- The included papers whose citations are followed: those of the release that is live, by DOI or PubMed id.
WITH study AS (
    SELECT study_id FROM marts.study
),
citation AS (
    SELECT citation_id, doi, pmid FROM staging.citation
),
final AS (
    SELECT citation.doi, citation.pmid
    FROM citation
    JOIN study ON study.study_id = citation.citation_id
    WHERE citation.doi IS NOT NULL OR citation.pmid IS NOT NULL
)
SELECT * FROM final ORDER BY doi, pmid
