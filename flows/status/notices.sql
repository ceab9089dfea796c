-- Editorial notices on included papers, which a person has to look at before the study is used further.
WITH notice AS (
    SELECT citation_id, title, notice, included FROM marts.notice
),
final AS (
    SELECT citation_id, title, notice FROM notice WHERE included
)
SELECT * FROM final ORDER BY citation_id, notice
