-- One row per consultation and theme that it was about. Words that people said are published only if each of them has agreed: the
-- column for the public is empty otherwise, whatever else the row says.
WITH consultation AS (
    SELECT * FROM staging.consultation
),
theme AS (
    SELECT code.code AS theme, code.label, code.position
    FROM staging.code AS code
    JOIN staging.dimension AS dimension USING (dimension)
    WHERE dimension.role = 'theme'
),
about AS (
    SELECT *, unnest(if(len(themes) = 0, [''], themes)) AS theme FROM consultation
),
final AS (
    SELECT
        $review AS review, about.consultation_id, about.theme, coalesce(theme.label, 'The review as a whole') AS label,
        about.asked_on, about.how, len(about.people) AS people, about.question, about.changed,
        CASE WHEN list_has_all(about.consent_by, about.people) THEN about.public_words END AS public_words,
        CASE WHEN list_has_all(about.consent_by, about.people) THEN about.consented_on END AS consented_on,
        about.people AS person_ids, about.said,
        row_number() OVER (ORDER BY theme.position NULLS FIRST, about.theme, about.asked_on, about.consultation_id) AS position
    FROM about
    LEFT JOIN theme USING (theme)  -- n:1
)
SELECT * FROM final
