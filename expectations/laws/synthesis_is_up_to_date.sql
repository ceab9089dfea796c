-- What was written on a theme fits its studies of today: all of them are cited, none has left, and none was coded anew since.
WITH text AS (
    SELECT * FROM marts.synthesis_text
),
final AS (
    SELECT review, theme, uncited, gone, recoded
    FROM text
    WHERE NOT up_to_date
)
SELECT * FROM final
