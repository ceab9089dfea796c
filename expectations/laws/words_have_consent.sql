-- What people said stands in a column for the public only if each of them has agreed to that very text.
WITH agreed AS (
    SELECT review, consultation_id, public_words
    FROM staging.consultation
    WHERE list_has_all(consent_by, people) AND consented_on IS NOT NULL
),
final AS (
    SELECT consultation.review, consultation.consultation_id, consultation.theme
    FROM marts.consultation AS consultation
    LEFT JOIN agreed USING (review, consultation_id)  -- n:1
    WHERE consultation.public_words IS NOT NULL AND consultation.public_words IS DISTINCT FROM agreed.public_words
)
SELECT * FROM final
