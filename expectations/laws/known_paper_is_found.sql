-- A paper that is known to be relevant is found by at least one strategy of a database or register.
WITH known AS (
    SELECT review, raw, position, any_value(title) AS title, any_value(doi) AS doi, bool_or(found) AS found
    FROM staging.known_paper
    GROUP BY review, raw, position
),
final AS (
    SELECT review, raw, position, title, doi FROM known WHERE NOT found
)
SELECT * FROM final
