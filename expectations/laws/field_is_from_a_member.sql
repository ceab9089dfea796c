-- The value of a citation's field comes from one of its own records.
WITH fields AS (
    SELECT review, citation_id, field, record_id FROM staging.citation_field
),
members AS (
    SELECT review, citation_id, record_id FROM staging.citation_record
),
final AS (
    SELECT fields.* FROM fields ANTI JOIN members USING (review, citation_id, record_id)
)
SELECT * FROM final
