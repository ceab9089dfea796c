-- The included papers whose citations are followed: those of the release that is live, by DOI or PubMed id.
WITH report AS (
    SELECT citation_id FROM staging.funnel WHERE position IN ('included', 'ongoing')
),
citation AS (
    SELECT citation_id, doi, pmid FROM staging.citation
),
final AS (
    SELECT citation.doi, citation.pmid
    FROM citation
    JOIN report USING (citation_id)
    WHERE citation.doi IS NOT NULL OR citation.pmid IS NOT NULL
)
SELECT * FROM final ORDER BY doi, pmid
