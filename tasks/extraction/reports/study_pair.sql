-- Two reports, included or ongoing, that may be of one study, and what somebody said of them; said pairs of which one is left
-- out, too. They are looked for by what reports of one study have in common: a relation that de-duplication found, a pair that
-- it could not decide, the number of a register, or authors, with a like title within six years.
WITH report AS (
    SELECT study_report.study_id, citation.*
    FROM staging.study_report AS study_report
    JOIN staging.citation AS citation USING (citation_id)  -- 1:1
),
member AS (
    SELECT record_id, citation_id FROM staging.citation_record
),
said AS (
    SELECT * FROM staging.linked
),
related AS (
    SELECT citation_id AS a, related_id AS b, 'the one is ' || replace(kind, '_', ' ') || ' of the other' AS why
    FROM staging.citation_relation
    WHERE kind IN ('protocol', 'earlier_version', 'preprint', 'meeting_abstract', 'translation', 'other_edition')
),
unsure AS (
    SELECT one.citation_id, other.citation_id, 'they may be one paper: ' || pair.explanation
    FROM staging.record_pair AS pair
    JOIN member AS one ON one.record_id = pair.record_a  -- n:1
    JOIN member AS other ON other.record_id = pair.record_b  -- n:1
    WHERE pair.outcome = 'unsure'
),
register AS (
    SELECT DISTINCT
        citation_id,
        regexp_replace(unnest(regexp_extract_all(
            upper(concat_ws(' ', title, abstract, array_to_string(keywords, ' '))),
            '\b(?:NCT|ISRCTN|ACTRN|DRKS)[ :-]{0,2}[0-9]{8,14}\b'
        )), '[^A-Z0-9]', '', 'g') AS number
    FROM report
),
registered AS (
    SELECT one.citation_id, other.citation_id, 'both name ' || one.number
    FROM register AS one
    JOIN register AS other ON other.number = one.number AND other.citation_id > one.citation_id
),
author AS (
    SELECT DISTINCT
        citation_id,
        regexp_replace(lower(strip_accents(split_part(name, ',', 1))), '[^\p{L}]', '', 'g') || ' '
            || lower(left(trim(split_part(name, ',', 2)), 1)) AS who
    FROM (SELECT citation_id, unnest(authors) AS name FROM report)
    WHERE trim(name, ' ,') <> ''
),
word AS (
    SELECT citation_id, unnest(list_distinct(list_filter(
        regexp_split_to_array(lower(strip_accents(title)), '[^\p{L}\p{N}]+'), lambda one: length(one) > 3
    ))) AS word
    FROM report
),
-- words that are in many titles say what the review is about, and not what a study is about
telling AS (
    SELECT citation_id, list(word) AS words
    FROM word
    SEMI JOIN (
        SELECT word FROM word GROUP BY word HAVING count(*) <= greatest(3, (SELECT count(*) FROM report) // 20)
    ) AS rare USING (word)
    GROUP BY citation_id
),
together AS (
    SELECT one.citation_id AS a, other.citation_id AS b, count(*) AS shared
    FROM author AS one
    JOIN author AS other ON other.who = one.who AND other.citation_id > one.citation_id
    GROUP BY one.citation_id, other.citation_id
),
by_authors AS (
    SELECT a, b, shared || ' authors in common, and like titles' AS why
    FROM together
    JOIN report AS one ON one.citation_id = a  -- n:1
    JOIN report AS other ON other.citation_id = b  -- n:1
    JOIN telling AS its ON its.citation_id = a  -- n:1
    JOIN telling AS others ON others.citation_id = b  -- n:1
    WHERE (shared >= 2 OR shared = greatest(len(one.authors), len(other.authors)))
        AND coalesce(abs(one.year - other.year) <= 6, true)
        AND len(list_intersect(its.words, others.words)) >= 2
        AND 2 * len(list_intersect(its.words, others.words)) >= least(len(its.words), len(others.words))
),
found AS (
    SELECT * FROM related
    UNION ALL
    SELECT * FROM unsure
    UNION ALL
    SELECT * FROM registered
    UNION ALL
    SELECT * FROM by_authors
    UNION ALL
    SELECT one, other, NULL FROM said
),
pair AS (
    SELECT
        least(a, b) AS citation_a, greatest(a, b) AS citation_b,
        list(DISTINCT why ORDER BY why) FILTER (why IS NOT NULL) AS reasons
    FROM found
    WHERE a <> b
    GROUP BY ALL
),
final AS (
    SELECT
        coalesce(one.review, other.review) AS review, pair.citation_a, pair.citation_b,
        coalesce(array_to_string(pair.reasons, '; '), 'somebody named them') AS explanation,
        said.verdict,
        coalesce(one.study_id = other.study_id, false) AS linked
    FROM pair
    LEFT JOIN report AS one ON one.citation_id = pair.citation_a  -- n:1
    LEFT JOIN report AS other ON other.citation_id = pair.citation_b  -- n:1
    LEFT JOIN said ON said.one = pair.citation_a AND said.other = pair.citation_b  -- 1:1
    WHERE (one.study_id IS NOT NULL AND other.study_id IS NOT NULL)
        OR (said.verdict IS NOT NULL AND coalesce(one.study_id, other.study_id) IS NOT NULL)
)
SELECT * FROM final
