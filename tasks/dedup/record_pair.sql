-- One row per pair that is worth showing: merged, unsure, decided by a person, or different though the titles are alike.
WITH compared AS (
    SELECT a, b, outcome, rule, explanation, score
    FROM decision
    WHERE outcome <> 'different' OR title_alike >= $pair_kept
),
machine AS (
    SELECT * FROM compared
    UNION ALL
    SELECT a, b, 'duplicate', 'identical', 'the same in every field', 1.0 FROM identical
),
said AS (
    SELECT
        coalesce(person.a, machine.a) AS a,
        coalesce(person.b, machine.b) AS b,
        CASE person.verdict WHEN 'merge' THEN 'duplicate' WHEN 'apart' THEN 'different' ELSE machine.outcome END AS outcome,
        CASE person.verdict WHEN 'merge' THEN 'merged by a person' WHEN 'apart' THEN 'kept apart by a person' ELSE machine.rule END AS rule,
        concat_ws('; ',
            CASE person.verdict WHEN 'merge' THEN 'a person merged them' WHEN 'apart' THEN 'a person kept them apart' END,
            machine.explanation) AS explanation,
        coalesce(machine.score, CASE person.verdict WHEN 'merge' THEN 1.0 ELSE 0.0 END) AS score
    FROM machine
    FULL JOIN person USING (a, b)  -- 1:1
),
final AS (
    SELECT
        one.review,
        least(one.record_id, other.record_id) AS record_a,
        greatest(one.record_id, other.record_id) AS record_b,
        said.outcome, said.rule, said.explanation, said.score
    FROM said
    JOIN form AS one ON one.n = said.a  -- n:1
    JOIN form AS other ON other.n = said.b  -- n:1
)
SELECT * FROM final;
