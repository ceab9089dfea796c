-- Every citation has at least one record, as many as it says, and every member a citation.
WITH citations AS (
    SELECT review, citation_id, records FROM staging.citation
),
members AS (
    SELECT review, citation_id, count(*) AS n FROM staging.citation_record GROUP BY review, citation_id
),
final AS (  -- one row per citation
    SELECT review, citation_id, citations.records AS says, coalesce(members.n, 0) AS records
    FROM citations
    FULL JOIN members USING (review, citation_id)
    WHERE citations.records IS DISTINCT FROM members.n
)
SELECT * FROM final
