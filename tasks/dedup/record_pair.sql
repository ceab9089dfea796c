-- One row per pair that is worth showing: merged, unsure, decided by a person, or different though the titles are alike. Merged is
-- what is in one citation, by whatever links; unsure is what is in the band.
WITH compared AS (
    SELECT a, b, outcome, rule, explanation, score, title_alike FROM decision
    UNION ALL
    SELECT a, b, 'duplicate', 'identical', 'the same in every field', 1.0, 1.0 FROM identical
),
said AS (
    SELECT
        coalesce(person.a, compared.a) AS a,
        coalesce(person.b, compared.b) AS b,
        person.verdict, compared.outcome, compared.rule, compared.explanation, compared.score, compared.title_alike
    FROM compared
    FULL JOIN person USING (a, b)  -- 1:1
),
placed AS (
    SELECT
        said.*,
        one.founder = other.founder AS together,
        band.place IS NOT NULL AS in_band
    FROM said
    JOIN membership AS one ON one.n = said.a  -- n:1
    JOIN membership AS other ON other.n = said.b  -- n:1
    LEFT JOIN band ON band.a = said.a AND band.b = said.b  -- 1:1
),
phrased AS (
    SELECT
        a, b,
        CASE WHEN together THEN 'duplicate' WHEN in_band THEN 'unsure' ELSE 'different' END AS outcome,
        CASE
            WHEN verdict = 'merge' THEN 'merged by a person'
            WHEN verdict = 'apart' THEN 'kept apart by a person'
            WHEN together AND outcome <> 'duplicate' THEN 'one paper with a third record'
            WHEN outcome = 'duplicate' AND NOT together THEN 'gave way to a stronger link'
            ELSE rule
        END AS rule,
        concat_ws('; ',
            CASE verdict WHEN 'merge' THEN 'a person merged them' WHEN 'apart' THEN 'a person kept them apart' END,
            CASE WHEN verdict = 'merge' AND NOT together THEN 'another decision keeps them apart' END,
            explanation) AS explanation,
        coalesce(score, CASE verdict WHEN 'merge' THEN 1.0 ELSE 0.0 END) AS score
    FROM placed
    WHERE verdict IS NOT NULL OR together OR outcome <> 'different' OR title_alike >= $pair_kept
),
final AS (
    SELECT
        one.review,
        least(one.record_id, other.record_id) AS record_a,
        greatest(one.record_id, other.record_id) AS record_b,
        phrased.outcome, phrased.rule, phrased.explanation, phrased.score
    FROM phrased
    JOIN trait AS one ON one.n = phrased.a  -- n:1
    JOIN trait AS other ON other.n = phrased.b  -- n:1
)
SELECT * FROM final;
