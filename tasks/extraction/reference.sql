-- What a worklist shows of some citations, and the records that this stands for.
WITH wanted AS (
    SELECT unnest($studies::VARCHAR[]) AS citation_id
),
record AS (
    SELECT citation_id, list(record_id ORDER BY record_id) AS record_ids
    FROM staging.citation_record
    GROUP BY citation_id
),
final AS (
    SELECT citation.citation_id, title, authors, year, journal, doi, abstract, record.record_ids
    FROM wanted
    JOIN staging.citation AS citation USING (citation_id)
    JOIN record USING (citation_id)
)
SELECT * FROM final
