-- No included study is retracted, corrected or under an expression of concern without somebody looking at it.
WITH notice AS (
    SELECT review, citation_id, notice, title FROM marts.notice WHERE included AND kind <> 'updated'
),
final AS (
    SELECT * FROM notice
)
SELECT * FROM final
