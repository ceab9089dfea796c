-- One row per screening stage and way of deciding: on how many citations it was decided in that way, by where they stand today. What a
-- tool, or somebody for another reason, took out before screening is told at title and abstract, and is no part of what was screened.
WITH way AS (
    SELECT * FROM (VALUES ('two', 1), ('with_tool', 2), ('resolution', 3), ('one', 4), ('list', 5), ('tool', 6), ('withdrawn', 7),
        ('automation', 8), ('other', 9)
    ) AS listed (way, position)
),
stage AS (
    SELECT * FROM (VALUES ('title_abstract'), ('full_text')) AS listed (stage)
),
decided AS (
    SELECT
        stage,
        CASE basis WHEN 'votes' THEN if(votes > 1, 'two', 'one') WHEN 'votes_and_tool' THEN 'with_tool' WHEN 'withdrawal' THEN 'withdrawn' WHEN 'outcome' THEN 'list' ELSE basis END AS way
    FROM staging.screening
    WHERE state = 'decided'
    UNION ALL
    SELECT 'title_abstract', if(decision = 'automation', decision, 'other') FROM staging.removal
),
final AS (
    SELECT $review AS review, stage.stage, way.way, count(decided.way) AS n, way.position
    FROM stage
    JOIN way ON stage.stage = 'title_abstract' OR way.way NOT IN ('with_tool', 'tool', 'automation', 'other')
    LEFT JOIN decided ON decided.stage = stage.stage AND decided.way = way.way  -- 1:n
    GROUP BY ALL
)
SELECT * FROM final;
