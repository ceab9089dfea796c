-- A record without a title cannot be screened or compared.
WITH records AS (
    SELECT review, record_id, source_id, title, raw, "offset" FROM staging.record
),
final AS (
    SELECT review, record_id, source_id, raw, "offset" FROM records WHERE coalesce(trim(title), '') = ''
)
SELECT * FROM final
